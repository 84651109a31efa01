"""What is wrong with a journal, and what to do about it. Reads only, also beside a runner."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from engine.interpret.misfits import misfits
from engine.journal import rows
from engine.journal.bundles import recompiled
from engine.journal.reader import SqliteReader
from engine.journal.schema import VERSION
from engine.journal.sealing import Sealing, is_sealed
from engine.model.errors import JournalError
from engine.model.graph import FlowGraph
from engine.model.ids import Digest

_SHOWN = 20
"""Problems of one kind that are told; there may be more."""
_RESTORE = "Restore the journal from a copy: `offhook journal backup` makes them."
_MISFIT = (
    "A runner cannot go on with it, and its call may still be parked: end that in the platform's dashboard, or restore the"
    " journal from a copy. If nobody has changed the file, please report it."
)
_CHANGED = "Somebody has changed the file, or it was mixed with a copy's. " + _RESTORE
_MIXED = "Two runners wrote it, or its files were mixed with a copy's. " + _RESTORE


class Problem(Struct, frozen=True):
    """`run` is empty where the whole file is meant."""

    what: str
    help: str
    run: str = ""


class Checked(Struct, frozen=True, kw_only=True):
    """`version` is the file's format; an older one is migrated when a runner starts. Of a damaged file nobody knows
    what is in it: `runs`, `live` and `events` are None."""

    version: int
    newest: int = VERSION
    runs: int | None
    live: int | None
    events: int | None
    bytes: int
    free_bytes: int
    wal_bytes: int
    problems: tuple[Problem, ...]


def check(path: Path, sealing: Sealing) -> Checked:
    """Looks at every page, at the numbers of every run's events, and at every run's row and state.
    `JournalError` for what cannot be opened at all."""
    reader = SqliteReader(path)
    try:
        return _checked(reader, path, sealing)
    finally:
        reader.close()


def _checked(reader: SqliteReader, path: Path, sealing: Sealing) -> Checked:
    damage = tuple(_damage(reader))
    # With broken pages the rest would find the same again, in other words.
    problems = damage or (*(tuple(_numbers(reader)) or _followed(reader)), *_bundles(reader), *_runs(reader, sealing))
    page_bytes = reader.number("PRAGMA page_size")
    return Checked(
        version=reader.number("PRAGMA user_version"),
        runs=None if damage else reader.number("SELECT count(*) FROM runs"),
        live=None if damage else reader.number("SELECT count(*) FROM runs WHERE status <> 'ended'"),
        events=None if damage else reader.number("SELECT count(*) FROM events"),
        bytes=reader.number("PRAGMA page_count") * page_bytes,
        free_bytes=reader.number("PRAGMA freelist_count") * page_bytes,
        wal_bytes=_size(Path(f"{path}-wal")),
        problems=problems,
    )


def _damage(reader: SqliteReader) -> Iterator[Problem]:
    try:
        for (line,) in reader.rows(f"PRAGMA integrity_check({_SHOWN})"):
            if line != "ok":
                yield Problem(f"the file is damaged: {line}", _RESTORE)
    except JournalError as error:
        yield Problem(error.message, _RESTORE)


def _numbers(reader: SqliteReader) -> Iterator[Problem]:
    """A run's events are numbered from 1 to the number that its row has."""
    counted = "SELECT run_id, count(*) AS found, min(n) AS first, max(n) AS last FROM events GROUP BY run_id"
    wrong = "found IS NULL OR first <> 1 OR last <> events OR found <> events"
    for run_id, events, found, last in reader.rows(
        f"SELECT runs.run_id, events, found, last FROM runs LEFT JOIN ({counted}) USING (run_id) WHERE {wrong} LIMIT ?",
        _SHOWN,
    ):
        what = f"its row is at event {events}, and {found or 0} of its events are there, up to {last or 0}"
        yield Problem(what, _MIXED, run_id)
    for (run_id,) in reader.rows(
        "SELECT DISTINCT run_id FROM events WHERE run_id NOT IN (SELECT run_id FROM runs) LIMIT ?", _SHOWN
    ):
        yield Problem("there are events of it, and no run", _MIXED, run_id)


def _followed(reader: SqliteReader) -> Iterator[Problem]:
    """Each of a run's events is behind the one before it, and the last one is known."""
    if reader.number("PRAGMA user_version") < 3:
        return
    torn = (
        "SELECT event.run_id FROM events AS event LEFT JOIN events AS earlier ON earlier.number = event.follows"
        " WHERE event.n > 1 AND (earlier.run_id IS NOT event.run_id OR earlier.n <> event.n - 1)"
        " OR event.n = 1 AND event.follows IS NOT NULL"
    )
    unknown = (
        "SELECT runs.run_id FROM runs LEFT JOIN events ON events.number = last_event"
        " WHERE events.run_id IS NOT runs.run_id OR events.n <> runs.events"
    )
    for (run_id,) in reader.rows(f"{torn} UNION {unknown} LIMIT ?", _SHOWN):
        yield Problem("its events do not follow each other", _MIXED, run_id)


def _bundles(reader: SqliteReader) -> Iterator[Problem]:
    for run_id, digest in reader.rows(
        "SELECT min(run_id), digest FROM runs WHERE digest NOT IN (SELECT digest FROM bundles) GROUP BY digest LIMIT ?",
        _SHOWN,
    ):
        yield Problem(f"the version of its flow ({digest[:12]}) is not in the journal", _RESTORE, run_id)


def _runs(reader: SqliteReader, sealing: Sealing) -> Iterator[Problem]:
    """What a runner needs to go on: a state that can be opened, of this run, that its row speaks of as it is, and that fits
    the flow that it was started with. Of a run that has ended, a key that is gone is no problem."""
    graphs: dict[Digest, FlowGraph | None] = {}
    for run_id, events, data, *said in reader.rows(rows.QUESTION):
        if data is None:
            yield Problem("its state is not kept as bytes, so nobody can read it", _CHANGED, run_id)
            continue
        live = rows.is_live(said)
        try:
            state = sealing.open_state(data, run_id, events)
        except JournalError as error:
            if live or not is_sealed(data):
                yield Problem(error.message, error.help, run_id)
            continue
        if state.run_id != run_id:
            yield Problem(f"its state is that of the run {state.run_id}", _MIXED, run_id)
            continue
        yield from (Problem(what, _CHANGED, run_id) for what in rows.differences(said, state))
        if not live or state.status == "ended":
            continue
        if state.digest not in graphs:
            graphs[state.digest], told = _graph(reader, state.digest)
            yield from told
        graph = graphs[state.digest]
        if graph is not None:
            yield from (Problem(what, _MISFIT, run_id) for what in misfits(graph, state))


def _graph(reader: SqliteReader, digest: Digest) -> tuple[FlowGraph | None, list[Problem]]:
    """None where there is none, with what is to be said of that unless `_bundles` says it."""
    bundle = reader.get_bundle(digest)
    try:
        return (None if bundle is None else recompiled(bundle)), []
    except JournalError as error:
        return None, [Problem(error.message, error.help)]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
