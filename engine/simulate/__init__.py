"""L2: transcripts of runs."""
