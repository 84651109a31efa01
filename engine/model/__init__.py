"""L0: the values that everything else is made of. No I/O, no clock, no randomness."""
