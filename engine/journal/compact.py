"""Giving the space of what was deleted back to the disk, also beside a runner: in steps that it does not notice."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from engine.journal import retention, schema, wal
from engine.journal.reader import connect, explained
from engine.model.errors import JournalError

_PAUSE_S = 0.02
"""Between two steps, so that a runner has its turn."""


class Compacted(Struct, frozen=True, kw_only=True):
    """`left_bytes` are free pages that are still in the file, as the time was up."""

    before_bytes: int
    after_bytes: int
    left_bytes: int


def compact(path: Path, *, longest_s: float, sleep: Callable[[float], None] = time.sleep) -> Compacted:
    """Gives free pages back for so long at the most. `JournalError` when the file is not there, is no journal, or has a
    format that must be migrated first."""
    if not path.exists():
        raise JournalError(f"there is no journal at {path}", help="A runner makes it when it starts.")
    with explained(path, "write"):
        connection = connect(path, "rw")
        try:
            return _compact(connection, path, time.monotonic() + longest_s, sleep)
        finally:
            connection.close()


def _compact(connection: sqlite3.Connection, path: Path, until_s: float, sleep: Callable[[float], None]) -> Compacted:
    version = schema.check(connection, str(path))
    if version < schema.VERSION:
        raise JournalError(
            f"{path} has format {version}, of an older version of Offhook, and cannot be made smaller as it is",
            help="Start a runner on it: that brings it up to date, after a copy.",
        )
    connection.execute("PRAGMA secure_delete = ON")
    before = _bytes(connection, "page_count")
    while _step(connection) and time.monotonic() < until_s:
        sleep(_PAUSE_S)
    wal.cut(connection)
    return Compacted(
        before_bytes=before,
        after_bytes=_bytes(connection, "page_count"),
        left_bytes=_bytes(connection, "freelist_count"),
    )


def _step(connection: sqlite3.Connection) -> int:
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        return retention.give_back(connection)


def _bytes(connection: sqlite3.Connection, pragma: str) -> int:
    (pages,) = connection.execute(f"PRAGMA {pragma}").fetchone()
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(page_bytes)
