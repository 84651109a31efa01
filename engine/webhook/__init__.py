"""L3: the runner's HTTP side."""
