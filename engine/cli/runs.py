"""`offhook runs`: what a journal knows, also while its runner runs."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from engine.cli import journals, output, runner_url
from engine.journal.base import RunRow
from engine.journal.reader import SqliteReader, open_reader
from engine.model.codec import ENGINE_SEMANTICS
from engine.model.errors import cannot_write

FORMAT = 1


@click.group(name="runs")
def command() -> None:
    """Look at the runs in a journal, and export them; cancel a call that is being dialled."""


@command.command("list")
@journals.option
@output.form
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@click.option("--status", type=click.Choice(["live", "ended"]), help="Only these.")
@click.option("--flow", help="Only this flow's.")
def list_runs(journal: Path | None, form: str, limit: int, status: str | None, flow: str | None) -> None:
    """The latest runs, newest first."""
    rows = _open(journal).runs(limit=limit, status=status, flow=flow)
    if form == "json":
        click.echo(json.dumps({"format": FORMAT, "runs": [_row(row) for row in rows]}, indent=2))
        return
    if not rows:
        click.echo("No runs.")
    for row in rows:
        ended = f"{row.status}: {row.end_reason}" if row.end_reason else row.status
        seconds = (row.updated_ms - row.started_ms) / 1000
        click.echo(f"{row.run_id}  {_when(row.started_ms)}  {row.flow:<20} {ended:<20} {seconds:>8.1f} s")


@command.command("show")
@click.argument("run")
@journals.option
@output.form
def show_run(run: str, journal: Path | None, form: str) -> None:
    """The transcript of RUN (its id, or the beginning of it): what came in and went out, and what the flow did."""
    from engine.cli import terminal, transcripts
    from engine.journal.sealing import VARIABLE, Sealing

    reader = _open(journal)
    row = reader.run(run)
    _warn_of_another_engine(reader, row)
    transcript = transcripts.of_run(reader, row, Sealing.of(os.environ.get(VARIABLE, "")))
    if form == "json":
        found = [msgspec.to_builtins(line) for line in transcript]
        click.echo(json.dumps({"format": FORMAT, **_row(row), "transcript": found}, indent=2))
        return
    transcripts.show(row, transcript, width=terminal.columns(200))


@command.command("export")
@click.argument("run")
@journals.option
@click.option("--as-test", is_flag=True, help="A test file with one case that goes as the call went.")
@click.option(
    "--no-redact", is_flag=True, help="With all that people entered and said, and that services told of them."
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="A file. Default: standard output."
)
def export_run(run: str, journal: Path | None, as_test: bool, no_redact: bool, output: Path | None) -> None:
    """Write RUN (its id, or the beginning of it), of which only what the flow tells apart is kept.

    Without --as-test a portable file (JSON, format 1): the events, and the flow version that the call was made with.
    `offhook replay` reads it.

    Exit status: 0 it is written; 2 no such run, its flow version is gone, a key is missing, or no case goes so.
    """
    from engine.cli import recordings
    from engine.simulate.recorded import case, redacting
    from engine.simulate.recorded.recording import encode

    reader = _open(journal)
    found = recordings.of_run(reader, reader.run(run), str(reader.path))
    found = found if no_redact else redacting.redacted(found)
    text = case.test_file(found) if as_test else encode(found)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise cannot_write(output, error) from None
    click.echo(f"{found.run_id} is in {output}.", err=True)


@command.command("cancel")
@click.argument("run")
@runner_url.option
def cancel_run(run: str, runner: str) -> None:
    """Cancel RUN (its id, or the beginning of it) while it is being dialled. Needs OFFHOOK_API_TOKEN, the runner's own.

    Exit status: 0 it is cancelled, or had ended before; 1 it is answered, or not there; 2 no runner there.
    """
    with runner_url.api(runner) as api:
        told = api.cancel(run)
    if told.status not in (200, 202):
        click.echo(f"offhook: the runner refused ({told.status}): {told.error}", err=True)
        raise SystemExit(1)
    ended = told.answer.get("end_reason")
    click.echo(f"{told.answer['run']} {f'has ended: {ended}' if ended else 'is being cancelled'}")


def _warn_of_another_engine(reader: SqliteReader, row: RunRow) -> None:
    began = reader.semantics_at(row.started_ms)
    if began != ENGINE_SEMANTICS:
        click.echo(
            f"offhook: run {row.run_id} began under engine {began}, and engine {ENGINE_SEMANTICS} replays it here:"
            " what is shown may differ from what happened",
            err=True,
        )


def _open(journal: Path | None) -> SqliteReader:
    return open_reader(journals.given(journal))


def _row(row: RunRow) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(row)
    return found


def _when(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
