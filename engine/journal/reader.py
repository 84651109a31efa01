"""Reading a journal's SQLite file, from the runner and from any other process beside it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.journal import schema
from engine.journal.base import EventRow, LiveRun, RunRow
from engine.model.errors import JournalError
from engine.model.ids import Digest, RunId

_COLUMNS = ", ".join(RunRow.__struct_fields__)
_BUSY_S = 5.0
_RESTORE = (
    "Restore it from a copy (`offhook journal backup` makes them) before a runner starts, which makes a new one in it."
)


def open_reader(path: str | Path) -> "SqliteReader":
    """Open a journal for reading only, whether a runner has it open, was killed, or is done.

    `JournalError` when it is not there, not a journal, or of a newer version.
    """
    path = Path(path)
    if not path.exists():
        raise JournalError(f"there is no journal at {path}", help="A runner makes it when it starts.")
    if path.stat().st_size == 0:
        raise JournalError(f"{path} is an empty file, not a journal: its runs, if it had any, are gone", help=_RESTORE)
    return SqliteReader(path)


class SqliteReader:
    """`engine.journal.base.Reader` over a connection of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with explained(path, "read"):
            self._read = connect(path, "ro")
            try:
                schema.check(self._read, str(path))
                self._key = bytes(self._meta("callback_key"))
            except BaseException:
                self._read.close()
                raise

    @property
    def path(self) -> Path:
        return self._path

    @property
    def callback_key(self) -> bytes:
        return self._key

    def noted(self, name: str) -> str:
        return self._meta(f"noted_{name}") or ""

    def load_live(self) -> Iterator[LiveRun]:
        for run_id, state, events in self._rows(
            "SELECT run_id, state, events FROM runs WHERE status <> 'ended' ORDER BY number"
        ):
            yield LiveRun(run_id=run_id, state=state, events=events)

    def events_of(self, run_id: RunId) -> Iterator[EventRow]:
        indexed = self.number("PRAGMA user_version") < 3
        found = "SELECT n, at_ms, event FROM events WHERE run_id = ?"
        if not indexed:
            found = f"{schema.EVENTS_OF} SELECT n, at_ms, event FROM one"
        for n, at_ms, event in self._rows(f"{found} ORDER BY n", run_id):
            yield EventRow(n=n, at_ms=at_ms, event=event)

    def runs(self, *, limit: int = 50, status: str | None = None, flow: str | None = None) -> list[RunRow]:
        where, values = ["1"], []
        if status == "live":
            where.append("status <> 'ended'")
        elif status is not None:
            where.append("status = ?")
            values.append(status)
        if flow is not None:
            where.append("flow = ?")
            values.append(flow)
        sql = f"SELECT {_COLUMNS} FROM runs WHERE {' AND '.join(where)}"
        return [_row(row) for row in self._rows(f"{sql} ORDER BY number DESC LIMIT ?", *values, limit)]

    def run(self, prefix: str) -> RunRow:
        # A range, not LIKE, which would take `_` and `%` for patterns and miss the index.
        found = [
            _row(row)
            for row in self._rows(
                f"SELECT {_COLUMNS} FROM runs WHERE run_id >= ? AND run_id < ? LIMIT 2",
                prefix,
                prefix + "\U0010ffff",
            )
        ]
        return the_only(prefix, found)

    def find(self, run_id: RunId) -> LiveRun | None:
        for state, events in self._rows("SELECT state, events FROM runs WHERE run_id = ?", run_id):
            return LiveRun(run_id=run_id, state=state, events=events)
        return None

    def state_of(self, run_id: RunId) -> bytes | None:
        found: bytes | None = self._one("SELECT state FROM runs WHERE run_id = ?", run_id)
        return found

    def get_bundle(self, digest: Digest) -> bytes | None:
        found: bytes | None = self._one("SELECT bytes FROM bundles WHERE digest = ?", digest)
        return found

    def semantics_at(self, at_ms: int) -> int:
        """The `ENGINE_SEMANTICS` that wrote the journal at that time."""
        if self.number("PRAGMA user_version") < 2:
            return 1
        return self.number("SELECT coalesce(max(semantics), 1) FROM engines WHERE since_ms <= ?", at_ms)

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """What a question gives that is asked by none but the journal's own keepers."""
        return self._rows(sql, *values)

    def number(self, sql: str, *values: object) -> int:
        return int(self._one(sql, *values))

    def close(self) -> None:
        self._read.close()

    def _meta(self, key: str) -> Any:
        return self._one("SELECT value FROM meta WHERE key = ?", key)

    def _one(self, sql: str, *values: object) -> Any:
        return next((row[0] for row in self._rows(sql, *values)), None)

    def _rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        with explained(self._path, "read"):
            # Not `yield from`, which closes the cursor of a generator that is dropped half-way,
            # and that raises once the connection is closed.
            for row in self._read.execute(sql, values):  # noqa: UP028
                yield row


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection in autocommit mode that any thread may use, one at a time."""
    # A URI, so that reading never creates a file; `?`, `#` and `%` in names must not end the path.
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=64,
    )


def the_only(prefix: str, found: list[RunRow]) -> RunRow:
    """The run meant by an id or its beginning; `JournalError` when there is none or more than one."""
    if not found or not prefix:
        raise JournalError(f"no run has an id that begins with {prefix!r}", help="`offhook runs list` shows them.")
    exact = next((row for row in found if row.run_id == prefix), None)
    if exact is None and len(found) > 1:
        raise JournalError(
            f"more than one run has an id that begins with {prefix!r}",
            help=f"Give more of it; two of them are {found[0].run_id} and {found[1].run_id}.",
        )
    return exact or found[0]


@contextmanager
def explained(path: Path, verb: str) -> Iterator[None]:
    """Turn SQLite's errors, and values of other types than we write, into `JournalError`s that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise failure(path, verb, error) from error
    except (TypeError, ValueError, OverflowError) as error:
        raise JournalError(f"the journal {path} is damaged: {error}", help="Restore it from a copy.") from error


def failure(path: Path, verb: str, error: sqlite3.Error) -> JournalError:
    text = str(error)
    help_ = next((help_ for said, help_ in _HELP if said in text), "")
    return JournalError(f"the journal {path} could not be {_PARTICIPLE[verb]}: {text}", help=help_)


_KEPT = "Nothing that was acknowledged is lost."
_NO_ROOM = f"Free space on its disk; a runner goes on by itself then. {_KEPT}"
_PARTICIPLE = {"read": "read", "open": "opened", "write": "written"}
_HELP = (
    ("not a database", "The file is no journal: name another one."),
    ("malformed", "The file is damaged: restore it from a copy, or name another one."),
    ("full", _NO_ROOM),
    ("disk I/O", f"Look whether its disk works and has room (`df`), and whether the system caps its size. {_KEPT}"),
    ("readonly", "This user must be allowed to write the file and its folder."),
    ("unable to open", "This user must be allowed to write the file and its folder."),
    ("locked", "Another program holds the file, perhaps an open sqlite3 shell: close it."),
)


def _row(values: tuple[Any, ...]) -> RunRow:
    return RunRow(**dict(zip(RunRow.__struct_fields__, values, strict=True)))
