"""L3: what outlives the process: runs, their events, and the bundles they were started with."""
