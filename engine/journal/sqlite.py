"""The journal in a SQLite file: WAL, one writer thread, group commit, synced with every commit."""

import logging
import os
import sqlite3
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal, Self

from engine.journal import retention, schema, wal
from engine.journal.base import FORGET_AT_ONCE, Entry, Figures
from engine.journal.lock import Lock
from engine.journal.reader import SqliteReader, connect, explained
from engine.journal.writer import Writer
from engine.model.errors import JournalError
from engine.model.ids import Digest

log = logging.getLogger("offhook.journal")

Synchronous = Literal["full", "normal"]
"""full    an acknowledged event survives a loss of power
normal  it survives the end of the process, and a loss of power may cost the last seconds"""


def open_journal(path: str | Path, *, synchronous: Synchronous = "full") -> "SqliteJournal":
    """Open a journal for its one runner; made where there is none, with its folder.

    Blocks for some milliseconds. `JournalError` says what is wrong and what to do: in use by
    another process, not writable, no folder above, not a journal, of a newer version.
    """
    path = Path(path)
    _make_folder(path)
    lock = Lock(path)
    try:
        before = _bytes(path)
        _make_file(path)
        journal = SqliteJournal(path, lock, synchronous)
    except BaseException:
        lock.release()
        raise
    _tell_of_a_new_one(path, before)
    return journal


def _bytes(path: Path) -> int | None:
    """None where there is no such file."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _tell_of_a_new_one(path: Path, before: int | None) -> None:
    if before is None:
        log.info("a new journal was made: %s", path)
    elif before == 0:
        log.warning(
            "the file %s was empty, and a new journal was made in it. If it had runs, they are not looked after: stop the"
            " runner, put the last `offhook journal backup` in its place, and start again",
            path,
        )


class SqliteJournal(SqliteReader):
    """`engine.journal.base.Journal`. Also a context manager, which closes it."""

    def __init__(self, path: Path, lock: Lock, synchronous: Synchronous) -> None:
        with explained(path, "open"):
            connection = connect(path, "rwc")
            try:
                # First, because the mode is written into the file, even into one not ours.
                schema.prepare(connection, str(path))
                _configure(connection, synchronous)
                super().__init__(path)
            except BaseException:
                connection.close()
                raise
        self._lock = lock
        self._file = _identity(path)
        self._writer = Writer(connection, path)

    async def commit(self, batch: Sequence[Entry]) -> None:
        await self._writer.commit(batch)

    async def prove(self) -> None:
        sql = "INSERT OR REPLACE INTO meta VALUES ('proved_ms', ?)"
        await self._writer.call(lambda connection: connection.execute(sql, (time.time_ns() // 1_000_000,)).rowcount)

    async def note(self, name: str, text: str) -> None:
        sql = "INSERT OR REPLACE INTO meta VALUES (?, ?)"
        await self._writer.call(lambda connection: connection.execute(sql, (f"noted_{name}", text)).rowcount)

    def figures(self) -> Figures:
        sizes = {ending: _size(f"{self.path}{ending}") for ending in ("", "-wal")}
        writer = self._writer
        return Figures(events=writer.events, transactions=writer.transactions, write_s=writer.write_s, bytes=sizes)

    def in_place(self) -> bool:
        return _identity(self.path) == self._file

    async def put_bundle(self, digest: Digest, data: bytes) -> None:
        sql = "INSERT OR IGNORE INTO bundles (digest, bytes) VALUES (?, ?)"
        await self._writer.call(lambda connection: connection.execute(sql, (digest, data)).rowcount)

    async def drop_unused_bundles(self, keep: Collection[Digest] = ()) -> int:
        return int(await self._writer.call(lambda connection: retention.drop_unused_bundles(connection, keep)))

    async def forget_runs(self, before_ms: int, *, at_most: int = FORGET_AT_ONCE) -> int:
        return int(await self._writer.call(lambda connection: retention.forget_runs(connection, before_ms, at_most)))

    async def give_back(self, before_ms: int) -> int:
        left = int(await self._writer.call(retention.give_back))
        if not left:
            await self._writer.call(wal.cut, transaction=False)
            await self._writer.call(lambda _: retention.drop_backups(self.path, before_ms), transaction=False)
        return left

    def close(self) -> None:
        """Write what waits, fold the WAL into the file, let go of the lock. May be called twice."""
        # The last connection to close does the folding, and removes the WAL.
        super().close()
        self._writer.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _configure(connection: sqlite3.Connection, synchronous: Synchronous) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise JournalError(
            "the journal's disk does not allow SQLite's write-ahead log",
            help="Name a file on a local disk, not on a network share.",
        )
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    # What is deleted is personal: it is overwritten, not only unlinked.
    connection.execute("PRAGMA secure_delete = ON")
    wal.configure(connection)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file stands under this name."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _make_folder(path: Path) -> None:
    folder = path.absolute().parent
    if path.is_dir():
        raise JournalError(f"{path} is a folder, not a journal", help="Name a file in it.")
    try:
        is_new = not folder.is_dir()
        folder.mkdir(exist_ok=True)
        if is_new:
            _keep_out_of_git(folder)
    except FileNotFoundError:
        raise JournalError(
            f"the journal {path} cannot be made: there is no folder {folder.parent}",
            help="Make that folder; only the last one is made for you.",
        ) from None
    except OSError as error:
        raise JournalError(
            f"the journal {path} cannot be made: {error.strerror} ({folder})",
            help="Name a file in a folder that this user may write to.",
        ) from None


def _keep_out_of_git(folder: Path) -> None:
    """A hidden folder that was made beside somebody's flows: what callers said is not to be committed with them."""
    if folder.name.startswith("."):
        (folder / ".gitignore").write_text(
            "# Made by `offhook run`: journals have what callers said.\n*\n", encoding="utf-8"
        )


def _make_file(path: Path) -> None:
    """For this user alone: who reads the key can forge webhooks, and callers' data is in there."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise JournalError(
            f"the journal {path} cannot be opened: {error.strerror}",
            help="This user must be allowed to write the file and its folder.",
        ) from None
