"""Keeping the write-ahead log short.

SQLite folds it into the file every thousand pages, and begins it anew when nobody reads what is in it. Who
reads for long keeps it growing: that is told, and when he is done it is cut to its usual size again.
"""

import logging
import os
import sqlite3
from pathlib import Path

log = logging.getLogger("offhook.journal")
KEPT_BYTES = 16_000_000
"""A log that was longer is cut to this when it begins anew."""
TOLD_BYTES = 64_000_000
"""From here on it is told, and again at each doubling."""
_LOOK = 256
"""Transactions between two looks."""


class Wal:
    def __init__(self, journal: Path) -> None:
        self._path = f"{journal}-wal"
        self._written = 0
        self._tell_at = TOLD_BYTES

    def note(self) -> None:
        """A transaction has been written."""
        self._written += 1
        if self._written % _LOOK == 0:
            self._look()

    def _look(self) -> None:
        try:
            size = os.stat(self._path).st_size
        except OSError:
            return
        if size >= self._tell_at:
            log.warning(
                "%s has %d MB and grows: another program has been reading the journal for long; end it, or wait for it",
                self._path,
                size // 1_000_000,
            )
            self._tell_at = size * 2
        elif size <= KEPT_BYTES:
            self._tell_at = TOLD_BYTES


def configure(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA journal_size_limit = {KEPT_BYTES}")


def cut(connection: sqlite3.Connection) -> bool:
    """Folds the whole log into the file and makes it empty, unless somebody reads it or writes: then it stays as it
    is. Waits for nobody."""
    (before,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {before}")
    return not busy
