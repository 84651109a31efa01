"""How journals of older formats become the next one. Each step runs inside one transaction with the others."""

import sqlite3
from collections.abc import Callable, Mapping


def _to_2(connection: sqlite3.Connection) -> None:
    """What ends is found by its age, bundles by their use, and a run by the engine under which it began."""
    connection.execute("CREATE INDEX runs_ended ON runs (updated_ms) WHERE status = 'ended'")
    connection.execute("CREATE INDEX runs_digest ON runs (digest)")
    connection.execute("CREATE TABLE engines (semantics INTEGER PRIMARY KEY, since_ms INTEGER NOT NULL)")
    connection.execute("INSERT INTO engines VALUES (1, (SELECT value FROM meta WHERE key = 'created_ms'))")


def _to_3(connection: sqlite3.Connection) -> None:
    """A run's events are found from its last one backwards, without an index."""
    connection.execute("ALTER TABLE events RENAME TO indexed")
    connection.execute(
        "CREATE TABLE events (number INTEGER PRIMARY KEY, run_id TEXT NOT NULL, n INTEGER NOT NULL,"
        " at_ms INTEGER NOT NULL, event BLOB NOT NULL, follows INTEGER)"
    )
    follows = "lag(rowid) OVER (PARTITION BY run_id ORDER BY n)"
    connection.execute(f"INSERT INTO events SELECT rowid, run_id, n, at_ms, event, {follows} FROM indexed")
    connection.execute("ALTER TABLE runs ADD COLUMN last_event INTEGER")
    connection.execute(
        "UPDATE runs SET last_event = (SELECT rowid FROM indexed WHERE indexed.run_id = runs.run_id ORDER BY n DESC LIMIT 1)"
    )
    connection.execute("DROP TABLE indexed")


MIGRATIONS: Mapping[int, Callable[[sqlite3.Connection], None]] = {1: _to_2, 2: _to_3}
"""By the version that they start from; each makes the next one, inside the caller's transaction."""
