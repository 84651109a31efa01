"""How journals of older formats become the next one. Each step runs inside one transaction with the others."""

import sqlite3
from collections.abc import Callable, Mapping


def _to_2(connection: sqlite3.Connection) -> None:
    """What ends is found by its age, bundles by their use, and a run by the engine under which it began."""
    connection.execute("CREATE INDEX runs_ended ON runs (updated_ms) WHERE status = 'ended'")
    connection.execute("CREATE INDEX runs_digest ON runs (digest)")
    connection.execute("CREATE TABLE engines (semantics INTEGER PRIMARY KEY, since_ms INTEGER NOT NULL)")
    connection.execute("INSERT INTO engines VALUES (1, (SELECT value FROM meta WHERE key = 'created_ms'))")


MIGRATIONS: Mapping[int, Callable[[sqlite3.Connection], None]] = {1: _to_2}
"""By the version that they start from; each makes the next one, inside the caller's transaction."""
