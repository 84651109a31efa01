"""`offhook demo`: one scripted call, over real HTTP, and its transcript."""

import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import click

from engine.cli.logs import set_up

FLOW, NUMBER = "reception", "+15550100"
CALLER: tuple[dict[str, Any], ...] = (
    {"hears": "Thank you for calling"},
    {"hears": "For our opening hours"},
    {"presses": "1"},
    {"hears": "We are open"},
    {"hears": "For our opening hours"},
    {"presses": "7"},
    {"hears": "not one of the choices"},
    {"says": "It is about my bill."},
    {"bridge": "talks 8s after 2s"},
)
_SPEED = 6.0
_AT_MOST_S = 60


@click.command()
def command() -> None:
    """Start a sandbox and a runner, play one scripted call through the flow `reception`, print its transcript.

    Nothing is needed but this program, and nothing is left running. Time runs six times faster.
    """
    import anyio

    set_up("warning")
    anyio.run(_demo)


async def _demo() -> None:
    import anyio

    from engine.cli import shipped, stand_ins, terminal, transcripts
    from engine.compile import compile_bundle
    from engine.runner.stage import stage
    from engine.sandbox.phone import Phone

    graph = compile_bundle(shipped.flow(FLOW).bundle).graph
    assert graph is not None
    uses = stand_ins.of_uses(graph, {}, shipped.calendars())
    with tempfile.TemporaryDirectory(prefix="offhook-demo-") as folder:
        journal = Path(folder) / "demo.journal"
        async with stage(
            [shipped.flow(FLOW, uses)], routes={NUMBER: FLOW}, uses=uses, journal=journal, speed=_SPEED
        ) as running:
            click.echo(f"The sandbox listens on {running.sandbox.url}, the runner on {running.runner_url}.")
            click.echo(f"A caller rings {NUMBER}; the flow is `{FLOW}`.\n")
            with anyio.fail_after(_AT_MOST_S):
                phone = Phone(
                    base_url=running.sandbox.url,
                    write=click.echo,
                    lines=_nothing_typed(),
                    width=terminal.columns(78),
                )
                await phone.ring(NUMBER, script=CALLER)
                await running.runner.supervisor.wait_until_quiet()
            row = running.journal.runs(limit=1)[0]
            click.echo("\nWhat happened (→ came in, ← went out). A command names its operation, and so do the")
            click.echo("webhooks that report on it; the control_id is the run's id, a dot, and the operation.\n")
            told = transcripts.of_run(running.journal, row, running.runner.supervisor.sealing)
            transcripts.show(row, told, width=terminal.columns(120))
    click.echo(f"\nThe call ended: {row.end_reason}. Be the caller yourself: {_offhook()} phone {FLOW}")


def _offhook() -> str:
    """This program, as it can be called from here."""
    started = Path(sys.argv[0])
    if shutil.which("offhook"):
        return "offhook"
    return str(started) if started.stem == "offhook" else f"{sys.executable} -m engine.cli"


async def _nothing_typed() -> AsyncIterator[str]:
    import anyio

    await anyio.sleep_forever()
    yield ""
