"""The tables of a journal, their version, and how an older version becomes this one.

`events` are appended at the end of the table whichever run they belong to, so that a batch of many runs writes few
pages. Each knows the number of the one that it `follows` in its run, and a run's row that of its `last_event`: a run's
events are found by going back from there. Clustered by run, or with an index of runs, each event would write a page
of its own, and be twice as dear.

`engines` says since when which engine has written it: a run that began before may replay differently.
"""

import secrets
import sqlite3
import time
from pathlib import Path

from engine.journal import backup
from engine.journal.migrations import MIGRATIONS
from engine.model.codec import ENGINE_SEMANTICS
from engine.model.errors import JournalError

VERSION = 3
APPLICATION_ID = 0x0FF400C1
"""Marks the file as a journal of ours, so that nobody else's database is written to."""
_INCREMENTAL = 2
"""SQLite's number for `auto_vacuum = INCREMENTAL`."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE bundles (digest TEXT PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE engines (semantics INTEGER PRIMARY KEY, since_ms INTEGER NOT NULL);
CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL UNIQUE,
    flow TEXT NOT NULL,
    digest TEXT NOT NULL,
    status TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    call_id TEXT NOT NULL,
    next_due_ms INTEGER,
    end_reason TEXT NOT NULL,
    events INTEGER NOT NULL,
    state BLOB NOT NULL,
    last_event INTEGER
);
CREATE INDEX runs_live ON runs (number) WHERE status <> 'ended';
CREATE INDEX runs_ended ON runs (updated_ms) WHERE status = 'ended';
CREATE INDEX runs_digest ON runs (digest);
CREATE TABLE events (
    number INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    event BLOB NOT NULL,
    follows INTEGER
);
"""

EVENTS_OF = """
WITH RECURSIVE one(number, n, at_ms, event, follows) AS (
    SELECT number, n, at_ms, event, follows FROM events
    WHERE number = (SELECT last_event FROM runs WHERE run_id = ?)
    UNION ALL
    SELECT events.number, events.n, events.at_ms, events.event, events.follows
    FROM one JOIN events ON events.number = one.follows
)
"""
"""A run's events as the table `one`, the last first."""


def prepare(connection: sqlite3.Connection, path: str) -> None:
    """Make the tables of a new journal, or bring an older one up to date, which has been copied before; else
    `JournalError`."""
    _make_room(connection, path)
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _is_empty(connection):
            _create(connection)
        else:
            _migrate(connection, check(connection, path))
        _note_engine(connection, path)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def check(connection: sqlite3.Connection, path: str) -> int:
    """The version of a journal that this program can read, or `JournalError`."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID:
        raise JournalError(
            f"{path} is a database of another program, not a journal",
            help="Name another file; a journal is created where there is none.",
        )
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise JournalError(
            f"{path} was written by a newer version of Offhook (format {version}; this one knows {VERSION})",
            help="Install that version again, or name another journal.",
        )
    return int(version)


def _make_room(connection: sqlite3.Connection, path: str) -> None:
    """What is possible outside a transaction alone: a copy of an older journal, and that free pages can be given back
    one by one (from version 2 on)."""
    new = _is_empty(connection)
    version = VERSION if new else check(connection, path)
    if version < VERSION:
        backup.copy(connection, Path(path), backup_of(Path(path), version))
    (vacuum,) = connection.execute("PRAGMA auto_vacuum").fetchone()
    if new or vacuum != _INCREMENTAL:
        connection.execute(f"PRAGMA auto_vacuum = {_INCREMENTAL}")
    if not new and vacuum != _INCREMENTAL:
        connection.execute("VACUUM")


def backup_of(path: Path, version: int) -> Path:
    """Where a journal is copied before it becomes a newer version."""
    return Path(f"{path}.format-{version}.backup")


def _is_empty(connection: sqlite3.Connection) -> bool:
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return bool(objects == 0)


def _create(connection: sqlite3.Connection) -> None:
    for statement in TABLES.split(";"):
        connection.execute(statement)
    meta = [("callback_key", secrets.token_bytes(32)), ("created_ms", _now_ms())]
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta)
    _mark(connection)


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    if version == VERSION:
        return
    for step in range(version, VERSION):
        MIGRATIONS[step](connection)
    _mark(connection)


def _mark(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _note_engine(connection: sqlite3.Connection, path: str) -> None:
    """States of a newer engine may mean what this one does not know."""
    (newest,) = connection.execute("SELECT max(semantics) FROM engines").fetchone()
    if newest is not None and newest > ENGINE_SEMANTICS:
        raise JournalError(
            f"{path} has runs of a newer version of Offhook (engine {newest}; this one is {ENGINE_SEMANTICS})",
            help="Install that version again, or name another journal.",
        )
    connection.execute("INSERT OR IGNORE INTO engines VALUES (?, ?)", (ENGINE_SEMANTICS, _now_ms()))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
