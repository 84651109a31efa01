"""L3: what others may know of a runner: log lines, metrics, traces. Each library has its one file here."""
