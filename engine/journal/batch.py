"""A batch of entries as few SQL statements.

SQLite's module lets go of the interpreter lock in every step, and a busy event loop takes it up
to a millisecond to come back. So a batch is not written row by row (two steps an entry), but with
statements of many rows: two steps for up to 64 entries.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from engine.journal.base import Entry
from engine.model.errors import EntryRefused

_SIZES = (64, 32, 16, 8, 4, 2, 1)
"""Few sizes, so that SQLite parses each statement once and the connection's cache keeps them."""

_RUN_COLUMNS = "run_id, flow, digest, status, started_ms, updated_ms, call_id, next_due_ms, end_reason, events, state"
# A batch that is written a second time, after later ones, must not turn a run back.
_UPDATE = (
    " ON CONFLICT (run_id) DO UPDATE SET status = excluded.status,"
    " updated_ms = excluded.updated_ms, call_id = excluded.call_id,"
    " next_due_ms = excluded.next_due_ms, end_reason = excluded.end_reason,"
    " events = excluded.events, state = excluded.state WHERE excluded.events >= runs.events"
)


def _rows(columns: int, count: int) -> str:
    return ", ".join([f"({', '.join('?' * columns)})"] * count)


_EVENTS = {size: f"INSERT OR IGNORE INTO events (run_id, n, at_ms, event) VALUES {_rows(4, size)}" for size in _SIZES}
_RUNS = {size: f"INSERT INTO runs ({_RUN_COLUMNS}) VALUES {_rows(11, size)}{_UPDATE}" for size in _SIZES}


def write(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    """Write the entries in one transaction; what fails leaves nothing behind.

    `EntryRefused` when an event is there already with other bytes.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        for part in _parts(entries):
            _insert_events(connection, part)
        for part in _parts(_last_of_each_run(entries)):
            connection.execute(_RUNS[len(part)], _run_values(part))
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _insert_events(connection: sqlite3.Connection, part: Sequence[Entry]) -> None:
    values: list[object] = []
    for entry in part:
        values += (entry.run_id, entry.n, entry.at_ms, entry.event)
    if connection.execute(_EVENTS[len(part)], values).rowcount == len(part):
        return
    # Some were there: right when this is a repeat of the same batch.
    for entry in part:
        (event,) = connection.execute(
            "SELECT event FROM events WHERE run_id = ? AND n = ?", (entry.run_id, entry.n)
        ).fetchone()
        if event != entry.event:
            raise EntryRefused(
                f"the journal has another event {entry.n} of run {entry.run_id}",
                help="Two runners wrote one journal, or its files were mixed with a copy's.",
            )


def _run_values(part: Sequence[Entry]) -> list[object]:
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
        )
    return values


def _last_of_each_run(entries: Iterable[Entry]) -> Sequence[Entry]:
    last: dict[str, Entry] = {}
    for entry in entries:
        known = last.get(entry.run_id)
        if known is None or entry.n >= known.n:
            last[entry.run_id] = entry
    return list(last.values())


def _parts(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    start, left = 0, len(entries)
    for size in _SIZES:
        while left >= size:
            yield entries[start : start + size]
            start, left = start + size, left - size
