"""A batch of entries as few SQL statements.

SQLite's module lets go of the interpreter lock in every step, and a busy event loop takes it up
to a millisecond to come back. So a batch is not written row by row (two steps an entry), but with
statements of many rows: two steps for up to 64 entries.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from engine.journal.base import Entry
from engine.journal.schema import EVENTS_OF
from engine.model.errors import EntryRefused

T = TypeVar("T")
_SIZES = (64, 32, 16, 8, 4, 2, 1)
"""Few sizes, so that SQLite parses each statement once and the connection's cache keeps them."""

_RUN_COLUMNS = (
    "run_id, flow, digest, status, started_ms, updated_ms, call_id, next_due_ms, end_reason, events, state, last_event"
)
# A batch that is written a second time, after later ones, must not turn a run back.
_UPDATE = (
    " ON CONFLICT (run_id) DO UPDATE SET status = excluded.status,"
    " updated_ms = excluded.updated_ms, call_id = excluded.call_id,"
    " next_due_ms = excluded.next_due_ms, end_reason = excluded.end_reason,"
    " events = excluded.events, state = excluded.state, last_event = excluded.last_event"
    " WHERE excluded.events >= runs.events"
)


def _rows(columns: int, count: int) -> str:
    return ", ".join([f"({', '.join('?' * columns)})"] * count)


_EVENTS = {
    size: "INSERT INTO events (number, run_id, n, at_ms, event, follows)"
    " SELECT column1, column2, column3, column4, column5, coalesce(column6, last_event)"
    f" FROM (VALUES {_rows(6, size)}) LEFT JOIN runs ON run_id = column2 WHERE column3 > coalesce(events, 0)"
    for size in _SIZES
}
"""Those that are not there yet."""
_RUNS = {size: f"INSERT INTO runs ({_RUN_COLUMNS}) VALUES {_rows(12, size)}{_UPDATE}" for size in _SIZES}


class _Repeated(Exception):
    """Some of the entries are in the journal already."""


def write(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    """Write the entries in one transaction; what fails leaves nothing behind.

    `EntryRefused` when an event is there already with other bytes.
    """
    try:
        _write(connection, entries)
    except _Repeated:
        _write(connection, _new(connection, entries))


def _write(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        last: dict[str, int] = {}
        for part in _parts(_numbered(connection, entries, last)):
            values = [value for row in part for value in row]
            if connection.execute(_EVENTS[len(part)], values).rowcount < len(part):
                raise _Repeated
        for those in _parts(_last_of_each_run(entries)):
            connection.execute(_RUNS[len(those)], _run_values(those, last))
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _numbered(
    connection: sqlite3.Connection, entries: Sequence[Entry], last: dict[str, int]
) -> list[tuple[object, ...]]:
    """The rows of the events, each behind the one before it, if that is among them. `last` becomes their last by run."""
    (number,) = connection.execute("SELECT coalesce(max(number), 0) FROM events").fetchone()
    rows: list[tuple[object, ...]] = []
    for entry in entries:
        number += 1
        run_id = entry.run_id
        rows.append((number, run_id, entry.n, entry.at_ms, entry.event, last.get(run_id)))
        last[run_id] = number
    return rows


def _new(connection: sqlite3.Connection, entries: Sequence[Entry]) -> list[Entry]:
    """Those that are not in the journal. The others are right when this is a repeat of the same batch."""
    new: dict[tuple[str, int], Entry] = {}
    there: dict[str, dict[int, bytes]] = {}
    for entry in entries:
        run_id, n = entry.run_id, entry.n
        if run_id not in there:
            there[run_id] = dict(connection.execute(f"{EVENTS_OF} SELECT n, event FROM one", (run_id,)))
        known = new[run_id, n].event if (run_id, n) in new else there[run_id].get(n)
        if known is None:
            new[run_id, n] = entry
        elif known != entry.event:
            raise EntryRefused(
                f"the journal has another event {n} of run {run_id}",
                help="Two runners wrote one journal, or its files were mixed with a copy's.",
            )
    return list(new.values())


def _run_values(part: Sequence[Entry], last: Mapping[str, int]) -> list[object]:
    values: list[object] = []
    for entry in part:
        values += (
            entry.run_id,
            entry.flow,
            entry.digest,
            entry.status,
            entry.started_ms,
            entry.at_ms,
            entry.call_id,
            entry.next_due_ms,
            entry.end_reason,
            entry.n,
            entry.state,
            last[entry.run_id],
        )
    return values


def _last_of_each_run(entries: Iterable[Entry]) -> Sequence[Entry]:
    last: dict[str, Entry] = {}
    for entry in entries:
        known = last.get(entry.run_id)
        if known is None or entry.n >= known.n:
            last[entry.run_id] = entry
    return list(last.values())


def _parts(entries: Sequence[T]) -> Iterator[Sequence[T]]:
    start, left = 0, len(entries)
    for size in _SIZES:
        while left >= size:
            yield entries[start : start + size]
            start, left = start + size, left - size
