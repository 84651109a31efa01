"""A copy of a journal that is whole, also while a runner writes to it.

It is made in one reading, by SQLite's backup: the writer is not held up, and nothing that is written
meanwhile is in the copy. Until it is whole and on the disk it has another name.
"""

import os
import sqlite3
from pathlib import Path

from engine.model.errors import JournalDamaged, JournalError

_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def copy(connection: sqlite3.Connection, journal: Path, target: Path) -> None:
    """Copy what the connection has open to `target`, which is replaced if it is there. `JournalError` when it cannot be
    written, or is damaged; then there is nothing new."""
    part = Path(f"{target}.part")
    try:
        _copy(connection, part)
        os.replace(part, target)
        _sync_folder(target.absolute().parent)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) in _BROKEN:
            raise _damaged(journal, target, error) from error
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise JournalError(
            f"the journal {journal} could not be copied to {target}: {reason}",
            help=f"A copy needs as much space as the journal: about {_size(connection):,} bytes, in a folder that this"
            " user may write to.",
        ) from error


def _damaged(journal: Path, target: Path, error: sqlite3.Error) -> JournalDamaged:
    return JournalDamaged(
        f"the journal {journal} is damaged, and was not copied to {target}: {error}",
        help="A copy that was there is as it was: keep it, stop the runner, and restore the journal from it."
        " `offhook journal check` says what is wrong.",
    )


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
            _check(made)
        finally:
            made.close()
        os.fsync(fd)
    finally:
        os.close(fd)


def _check(made: sqlite3.Connection) -> None:
    """SQLite copies pages as they are, broken ones too."""
    (line,) = made.execute("PRAGMA integrity_check(1)").fetchone()
    if line != "ok":
        error = sqlite3.DatabaseError(" ".join(str(line).split()))
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


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
