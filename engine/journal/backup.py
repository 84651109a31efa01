"""A copy of a journal that is whole, also while a runner writes to it.

It is made in one reading, by SQLite's backup: the writer is not held up, and nothing that is written
meanwhile is in the copy. Until it is whole and on the disk it has another name.
"""

import os
import sqlite3
from pathlib import Path

from engine.model.errors import JournalError


def copy(connection: sqlite3.Connection, journal: Path, target: Path) -> None:
    """Copy what the connection has open to `target`, which is replaced if it is there. `JournalError` when it cannot be
    written; then there is nothing new."""
    part = Path(f"{target}.part")
    try:
        _copy(connection, part)
        os.replace(part, target)
        _sync_folder(target.absolute().parent)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise JournalError(
            f"the journal {journal} could not be copied to {target}: {reason}",
            help=f"A copy needs as much space as the journal: about {_size(connection):,} bytes, in a folder that this"
            " user may write to.",
        ) from error


def _copy(connection: sqlite3.Connection, part: Path) -> None:
    """For this user alone, like the journal."""
    part.unlink(missing_ok=True)
    fd = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        made = sqlite3.connect(part)
        try:
            connection.backup(made)
            # Whoever opens the copy switches to the write-ahead log again; until then it is one file.
            made.execute("PRAGMA journal_mode = DELETE")
        finally:
            made.close()
        os.fsync(fd)
    finally:
        os.close(fd)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _size(connection: sqlite3.Connection) -> int:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(page_bytes)
