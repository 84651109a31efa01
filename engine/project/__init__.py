"""L3: flows and environments from disk, as consistent snapshots."""
