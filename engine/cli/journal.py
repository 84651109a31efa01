"""`offhook journal`: look after a journal, also while its runner runs."""

import json
import os
from pathlib import Path
from typing import Any

import click
import msgspec

from engine.cli import journals, output
from engine.journal.check import Checked
from engine.model.errors import JournalDamaged, JournalError

FORMAT = 1


@click.group(name="journal")
def command() -> None:
    """Look after a journal: check it, copy it, make it smaller. A runner may run meanwhile."""


@command.command("check")
@journals.option
@output.form
def check_journal(journal: Path | None, form: str) -> None:
    """Say what is wrong with a journal, and what to do about it.

    Exit status: 0 nothing is wrong; 1 something is; 2 it cannot be opened.
    """
    from engine.journal.check import check
    from engine.journal.reader import open_reader
    from engine.journal.sealing import VARIABLE, Sealing

    path = journals.given(journal)
    open_reader(path).close()
    found = check(path, Sealing.of(os.environ.get(VARIABLE, "")))
    if form == "json":
        _print({"journal": str(path), **msgspec.to_builtins(found)})
    else:
        _show(path, found)
    raise SystemExit(1 if found.problems else 0)


@command.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@journals.option
@click.option("--force", is_flag=True, help="Replace TARGET if it is there.")
def backup_journal(target: Path, journal: Path | None, force: bool) -> None:
    """Copy a journal to TARGET, whole and as of one moment. It holds what callers said, and the key of webhooks.

    Exit status: 0 it is copied; 1 the journal is damaged, and a copy that was there stays; 2 it cannot be copied.
    """
    from engine.journal.backup import copy
    from engine.journal.reader import connect, explained, open_reader

    path = journals.given(journal)
    if target.exists() and not force:
        raise JournalError(f"{target} is there already", help="Name another file, or replace it with --force.")
    open_reader(path).close()
    with explained(path, "read"):
        connection = connect(path, "ro")
    try:
        copy(connection, path, target)
    except JournalDamaged as error:
        click.echo(f"offhook: {error}", err=True)
        raise SystemExit(1) from error
    finally:
        connection.close()
    click.echo(f"{target}: {target.stat().st_size:,} bytes")


@command.command("compact")
@journals.option
@click.option("--longest", type=click.FloatRange(min=0), default=60.0, show_default=True, help="Seconds, at the most.")
@output.form
def compact_journal(journal: Path | None, longest: float, form: str) -> None:
    """Give the space of what was deleted back to the disk, a megabyte at a time."""
    from engine.journal.compact import compact

    path = journals.given(journal)
    found = compact(path, longest_s=longest)
    if form == "json":
        _print({"journal": str(path), **msgspec.to_builtins(found)})
        return
    click.echo(f"{path}: {found.before_bytes:,} bytes before, {found.after_bytes:,} now")
    if found.left_bytes:
        click.echo(f"{found.left_bytes:,} bytes of it are still free: the time was up. Do it again, or give it more.")


def _show(path: Path, found: Checked) -> None:
    older = f" (format {found.version}; a runner makes it {found.newest})" if found.version < found.newest else ""
    click.echo(
        f"{path}{older}: {_counted(found)}; {found.bytes:,} bytes, {found.free_bytes:,} of them free, and"
        f" {found.wal_bytes:,} in the log"
    )
    for one in found.problems:
        click.echo(f"{f'run {one.run}: ' if one.run else ''}{one.what}\n  {one.help}")
    if found.runs == 0:
        click.echo(
            "No run is in it. If there should be some, its file was replaced: put back a copy (`offhook journal backup`)."
        )
    click.echo("Nothing is wrong." if not found.problems else f"Problems: {len(found.problems)}.")


def _counted(found: Checked) -> str:
    if found.runs is None:
        return "unknown how many runs and events"
    return f"{found.runs:,} runs, {found.live:,} of them live, {found.events:,} events"


def _print(found: dict[str, Any]) -> None:
    click.echo(json.dumps({"format": FORMAT, **found}, indent=2))
