"""L2: runs seen from outside. Pure, built on the interpreter."""
