"""Transcripts for a terminal, read from a journal."""

from collections.abc import Iterable, Iterator

import click

from engine.journal.base import Reader, RunRow
from engine.model import codec
from engine.model.errors import JournalError
from engine.runner.library import recompiled
from engine.simulate.transcript import Line, lines, replay

_ARROWS = {"in": "→", "out": "←", "step": " "}


def of_run(journal: Reader, row: RunRow) -> Iterator[Line]:
    """Replays the run's events through the flow version that it was started with."""
    data, bundle = journal.state_of(row.run_id), journal.get_bundle(row.digest)
    if data is None or bundle is None:
        raise JournalError(f"The flow version of run {row.run_id} is not in the journal any more.")
    state = codec.decode_state(data)
    events = (codec.decode_event(one.event) for one in journal.events_of(row.run_id))
    return lines(replay(recompiled(bundle), events, uses=state.uses, presence_ms=state.presence_ms))


def show(row: RunRow, transcript: Iterable[Line], *, width: int = 120) -> None:
    """One line for each event (→), command (←) and deed of the flow. A control_id is the run's id, a dot, and
    what stands in the last column but one."""
    click.echo(click.style(f"run {row.run_id}  flow {row.flow}  {_status(row)}", bold=True))
    click.echo("    time     what                                  step             operation")
    for line in transcript:
        click.echo(_text(line, row.run_id, width))


def _status(row: RunRow) -> str:
    return f"ended: {row.end_reason}" if row.status == "ended" else row.status


def _text(line: Line, run_id: str, width: int) -> str:
    op = line.control_id.removeprefix(f"{run_id}.")
    what = f"{line.what} {line.outcome}".strip()
    left = f"{_time(line.at_ms)}  {_ARROWS[line.way]} {what:<36} {line.step:<16} {op:<22}"
    text = f"{left} {line.detail}".rstrip()
    if len(text) > width:
        text = text[: width - 1] + "…"
    if line.way == "step":
        return click.style(text, dim=True)
    return click.style(text, fg="green") if line.way == "out" else text


def _time(at_ms: int) -> str:
    minutes, ms = divmod(at_ms, 60_000)
    return f"{minutes:>3}:{ms / 1000:06.3f}"
