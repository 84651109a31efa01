"""Transcripts for a terminal, read from a journal."""

from collections.abc import Iterable, Iterator

import click
from msgspec import Struct

from engine.cli.terminal import visible
from engine.journal.base import Reader, RunRow
from engine.journal.bundles import recompiled
from engine.journal.sealing import Sealing
from engine.model.errors import JournalError
from engine.simulate.transcript import Line, lines, replay

_ARROWS = {"in": "→", "out": "←", "step": " "}
_TIME = 13
"""Time, arrow, and the blanks around them."""
_GAP = 2
_DETAILS = 16
"""So much room, or more, is left for the details where the columns before them can be narrowed."""


class _Columns(Struct, frozen=True):
    """Widths. What is wider than its column moves the rest of its line to the right."""

    what: int
    where: int


def of_run(journal: Reader, row: RunRow, sealing: Sealing | None = None) -> Iterator[Line]:
    """Replays the run's events through the flow version that it was started with. `sealing` opens what is sealed."""
    sealing = sealing or Sealing()
    data, bundle = journal.state_of(row.run_id), journal.get_bundle(row.digest)
    if data is None or bundle is None:
        raise JournalError(
            f"The flow version of run {row.run_id} is not in the journal any more.",
            help="Versions are dropped once no kept run was started with them: restore the journal from a copy.",
        )
    state = sealing.open_state(data, row.run_id)
    events = (sealing.open_event(one.event, row.run_id, one.n) for one in journal.events_of(row.run_id))
    graph = recompiled(bundle)
    return lines(graph, replay(graph, events, uses=state.uses, presence_ms=state.presence_ms))


def show(row: RunRow, transcript: Iterable[Line], *, width: int = 120) -> None:
    """One line for each event (→), command (←) and deed of the flow: when, what, where (its operation, for
    a deed its step), and details, which alone are cut to the width. A control_id is the run's id, a dot,
    and the operation."""
    told = list(transcript)
    columns = _columns(told, row.run_id, width)
    click.echo(click.style(f"run {row.run_id}  flow {row.flow}  {_status(row)}", bold=True))
    click.echo(f"    time     {'what':<{columns.what}}  where")
    for line in told:
        click.echo(_text(line, row.run_id, columns, width))


def _status(row: RunRow) -> str:
    return f"ended: {row.end_reason}" if row.status == "ended" else row.status


def _columns(told: Iterable[Line], run_id: str, width: int) -> _Columns:
    """As wide as what stands in them, less where that leaves no room for the details."""
    whats = [len(_what(line)) for line in told]
    wheres = [len(_where(line, run_id)) for line in told]
    room = max(width - _TIME - 2 * _GAP - _DETAILS, 0)
    what = min(max(whats, default=0), max(room * 2 // 5, len("collect start_of_input")))
    return _Columns(what, min(max(wheres, default=0), max(room - what, 0)))


def _what(line: Line) -> str:
    return f"{line.what} {line.outcome}".strip()


def _where(line: Line, run_id: str) -> str:
    return line.control_id.removeprefix(f"{run_id}.") or line.step


def _text(line: Line, run_id: str, columns: _Columns, width: int) -> str:
    left = f"{_time(line.at_ms)}  {_ARROWS[line.way]} {visible(_what(line)):<{columns.what}}"
    where, detail = visible(_where(line, run_id)), visible(line.detail)
    beside = f"{left}{'':{_GAP}}{where:<{columns.where}}"
    # What concerns no operation may have that column as well.
    if where or _fits(beside, detail, width):
        left = beside
    text = f"{left}{'':{_GAP}}{_cut(detail, width - len(left) - _GAP)}".rstrip()
    if line.way == "step":
        return click.style(text, dim=True)
    return click.style(text, fg="green") if line.way == "out" else text


def _fits(left: str, detail: str, width: int) -> bool:
    return len(left) + _GAP + len(detail) <= width


def _cut(detail: str, room: int) -> str:
    return detail if len(detail) <= room else detail[: max(room - 1, 0)] + "…"


def _time(at_ms: int) -> str:
    minutes, ms = divmod(at_ms, 60_000)
    return f"{minutes:>3}:{ms / 1000:06.3f}"
