"""Why lint does not find a kind, or not everywhere."""

EXPLAINED: dict[str, str] = {}
