"""L3, below its siblings: HTTP servers inside our own task groups."""
