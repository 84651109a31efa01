"""Recorded runs, from where they are kept: journals, environments, exported files."""

import os
from collections.abc import Iterator
from pathlib import Path

from engine.cli.named_paths import ENVIRONMENT_SUFFIX
from engine.journal.base import Reader, RunRow
from engine.journal.reader import SqliteReader, open_reader
from engine.journal.sealing import VARIABLE, Sealing
from engine.model.bundle import Bundle
from engine.model.errors import ConfigurationError, JournalError, OffhookError, cannot_read
from engine.project.environment import journal_of
from engine.simulate.recorded.recording import Recording, decode

FILE = ".json"


def of_run(journal: Reader, row: RunRow, where: str = "") -> Recording:
    """The run as the journal has it now. `JournalError` where its flow version is gone, or a key is missing."""
    sealing = Sealing.of(os.environ.get(VARIABLE, ""))
    data, bundle = journal.state_of(row.run_id), journal.get_bundle(row.digest)
    if data is None or bundle is None:
        raise JournalError(
            f"Run {row.run_id} cannot be gone through again: version {row.digest[:12]} of `{row.flow}`, which it was"
            f" started with, is not in {where or 'the journal'} any more.",
            help="Versions are dropped once no kept run was started with them. Export runs before, or restore the journal from a copy.",
        )
    state = sealing.open_state(data, row.run_id)
    return Recording(
        run_id=row.run_id,
        flow=row.flow,
        digest=row.digest,
        status=state.status,
        end_reason=state.end_reason,
        uses=state.uses,
        presence_ms=state.presence_ms,
        events=tuple(sealing.open_event(one.event, row.run_id, one.n) for one in journal.events_of(row.run_id)),
        bundle=Bundle.decode(bundle),
    )


def of_all(
    paths: tuple[Path, ...], *, flow: str, runs: tuple[str, ...], limit: int
) -> Iterator[Recording | OffhookError]:
    """Those of the flow, each once, however many of the places have it. Of journals the latest `limit`, or only `runs`.
    What cannot be read comes as the error that says why, so that one run does not keep the others from being looked at."""
    had: set[str] = set()
    for one in _of_paths(paths, flow, runs, limit):
        if isinstance(one, OffhookError):
            yield one
        elif one.run_id not in had:
            had.add(one.run_id)
            yield one


def _of_paths(
    paths: tuple[Path, ...], flow: str, runs: tuple[str, ...], limit: int
) -> Iterator[Recording | OffhookError]:
    for path in paths:
        if not path.exists():
            advice = f"Name exported runs ({FILE}), folders of them, journals or environments."
            raise ConfigurationError(f"There is no {path}.", help=advice)
        if path.name.endswith(ENVIRONMENT_SUFFIX):
            yield from _of_journal(open_reader(journal_of(path)), flow, runs, limit)
        elif path.is_dir():
            for one in sorted(path.rglob(f"*{FILE}")):
                yield from _of_file(one, flow, runs)
        elif path.name.endswith(FILE):
            yield from _of_file(path, flow, runs)
        else:
            yield from _of_journal(open_reader(path), flow, runs, limit)


def _of_journal(
    journal: SqliteReader, flow: str, runs: tuple[str, ...], limit: int
) -> Iterator[Recording | OffhookError]:
    rows = [journal.run(one) for one in runs] if runs else journal.runs(limit=limit, flow=flow)
    for row in rows:
        if row.flow == flow:
            try:
                yield of_run(journal, row, str(journal.path))
            except OffhookError as error:
                yield error


def _of_file(path: Path, flow: str, runs: tuple[str, ...]) -> Iterator[Recording | OffhookError]:
    try:
        found = decode(path.read_bytes(), str(path))
    except OSError as error:
        yield cannot_read(path, error)
    except OffhookError as error:
        yield error
    else:
        if found.flow == flow and (not runs or found.run_id.startswith(runs)):
            yield found
