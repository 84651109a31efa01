"""`offhook phone`: be the caller of a flow."""

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from engine.cli import named_paths
from engine.cli.logs import set_up
from engine.model.errors import ConfigurationError

if TYPE_CHECKING:
    from engine.model.graph import FlowGraph
    from engine.project.flows import FlowFile
    from engine.runner.stage import Stage
    from engine.sandbox.phone import Phone

NUMBER = "+15550100"
_PRESENCE_MS = 1_000
"""Whoever hangs up while SWML has the call wants the prompt of the shell back."""


@click.command()
@click.argument("flow", type=named_paths.FLOW)
@click.option("--use", "uses", multiple=True, metavar="NAME=VALUE", help="Bind one of the flow's `uses`.")
@click.option("--input", "inputs", multiple=True, metavar="NAME=VALUE", help="An input of an outbound flow.")
@click.option("--from", "from_", default="+15550177", show_default=True, help="Your number.")
@click.option("--speed", type=click.FloatRange(0.1, 100), default=1.0, show_default=True, help="Faster prompts.")
@click.option("--allow-host", "hosts", multiple=True, metavar="HOST", help="The flow's fetches may reach it.")
@click.option("--reply", "replies", multiple=True, metavar="STEP=REPLY", help="What a step's fetch gets: see below.")
@click.option("--transcript/--no-transcript", default=False, help="Print the run's transcript afterwards.")
def command(
    flow: Path,
    uses: tuple[str, ...],
    inputs: tuple[str, ...],
    from_: str,
    speed: float,
    hosts: tuple[str, ...],
    replies: tuple[str, ...],
    transcript: bool,
) -> None:
    """Call FLOW on a sandbox, and be the caller: read the prompts, type digits, `say ...`, `hangup`.

    FLOW is a flow file, the name of a flow in flows/, or one of those that come with Offhook, such as `reception`. A flow with an
    `outbound:` header calls you instead. Input may come from a pipe: one line for each time that the
    flow has spoken.

    `--reply` stands for the company's service: `lookup=404`, `lookup='{"balance": 12}'`, `lookup='3s {"balance": 12}'`
    for a slow one, `lookup=never`. Given several times for a step, each request gets the next. It answers at every
    use of type url that `--use` does not bind.
    """
    import anyio

    # Not its warnings: a caller who hangs up is the usual end, and refused commands are how a run hears of it.
    set_up("error")
    asked = _Asked(
        flow=flow,
        uses=_pairs(uses),
        inputs=_pairs(inputs),
        from_=from_,
        speed=speed,
        hosts=hosts,
        replies=replies,
        transcript=transcript,
    )
    anyio.run(_phone, asked)


def _flow(path: Path, uses: Mapping[str, Any] | None = None) -> "FlowFile":
    """The file; where there is none, the flow of that name that is shipped. With the calendars that `uses` bind."""
    from engine.cli import shipped
    from engine.project import flows

    if path.is_file():
        return flows.read(path, uses)
    if path.exists() and not path.is_dir():
        raise ConfigurationError(f"{path} is not a regular file.", help="Name a flow file.")
    name = shipped.named(path)
    if name:
        return shipped.flow(name, uses)
    own = sorted(flows.name(one) for one in Path("flows").glob(f"*{flows.FLOW}"))
    here = f"In flows/ here: {', '.join(own)}. " if own else ""
    raise ConfigurationError(
        f"There is no flow file {path}.",
        help=f"{here}With Offhook come: {', '.join(shipped.known())}.",
    )


def _calendars(path: Path) -> list[str]:
    """The names of the calendars beside the flow, sorted."""
    from engine.cli import shipped
    from engine.project import flows

    return flows.calendars(path.parent) if path.is_file() else shipped.calendars()


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise click.UsageError(f"{one!r} is not NAME=VALUE")
        pairs[name] = value
    return pairs


class _Asked(Struct, frozen=True, kw_only=True):
    """What the command line says, as `command` has it."""

    flow: Path
    uses: dict[str, str]
    inputs: dict[str, str]
    from_: str
    speed: float
    hosts: tuple[str, ...]
    replies: tuple[str, ...]
    transcript: bool


async def _phone(asked: _Asked) -> None:
    graph = _compiled(asked.flow)
    _check_replies(graph, asked.replies)
    async with _served(asked, graph) as running:
        await _call(asked, graph, running)
        await running.runner.supervisor.wait_until_quiet()
        _tell(asked, running)


def _compiled(path: Path) -> "FlowGraph":
    from engine.compile import compile_bundle

    flow = _flow(path)
    graph = compile_bundle(flow.bundle, file=flow.file).graph
    if graph is None:
        raise ConfigurationError(f"{flow.file} does not compile.", help=f"`offhook lint {quote(flow.file)}` shows why.")
    return graph


@asynccontextmanager
async def _served(asked: _Asked, graph: "FlowGraph") -> AsyncIterator["Stage"]:
    """The flow on a sandbox of its own, and the company's service if there are replies."""
    from engine.cli import stand_ins
    from engine.exchange.options import ExchangeOptions
    from engine.project.environment import Fetching
    from engine.runner.stage import stage

    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(_company(asked.replies)) if asked.replies else ""
        uses = stand_ins.of_uses(graph, asked.uses, _calendars(asked.flow), url=service)
        yield await stack.enter_async_context(
            stage(
                [_flow(asked.flow, uses)],
                routes={NUMBER: graph.flow},
                uses=uses,
                speed=asked.speed,
                # A person who hangs up wants the run to notice soon, and not at the next deadline.
                options=ExchangeOptions(report_on_hangup=True),
                # On this machine, for whoever sits before it: private addresses are as good as public ones.
                fetch=Fetching(private=(*asked.hosts, *([service] if service else []))),
                presence_ms=_PRESENCE_MS,
            )
        )


async def _call(asked: _Asked, graph: "FlowGraph", running: "Stage") -> None:
    from engine.cli import terminal
    from engine.sandbox.phone import Phone
    from engine.sandbox.typed import typed_lines

    async with typed_lines() as lines:
        phone = Phone(
            base_url=running.sandbox.url,
            write=click.echo,
            lines=lines,
            paced=not sys.stdin.isatty(),
            width=terminal.columns(78),
        )
        if graph.outbound is None:
            click.echo(f"Calling {graph.flow}. Type keys, `say ...`, `hangup` or `help`.")
            await phone.ring(NUMBER, from_=asked.from_)
        else:
            await _pick_up(running, phone, graph, asked.inputs, asked.from_)


def _tell(asked: _Asked, running: "Stage") -> None:
    from engine.cli import terminal, transcripts

    row = running.journal.runs(limit=1)[0]
    unclear = row.end_reason in ("error", "rejected", "lost") and not asked.transcript
    click.echo(f"The run ended: {row.end_reason}.{' `--transcript` shows why.' if unclear else ''}")
    if asked.transcript:
        told = transcripts.of_run(running.journal, row, running.runner.supervisor.sealing)
        transcripts.show(row, told, width=terminal.columns(120))


def _check_replies(graph: "FlowGraph", replies: tuple[str, ...]) -> None:
    """A reply for a step that asks for none would be waited for in vain."""
    from engine.sandbox.company import read_reply

    asking = [
        name for one in (graph, *graph.subflows.values()) for name, step in one.steps.items() if step.verb == "fetch"
    ]
    for step in (read_reply(one).step for one in replies):
        if step not in asking:
            known = f"These do: {', '.join(asking)}." if asking else "No step does."
            raise ConfigurationError(f"{graph.flow} has no step {step!r} that fetches.", help=known)


@asynccontextmanager
async def _company(replies: tuple[str, ...]) -> AsyncIterator[str]:
    """The URL of a service on this machine that answers as was said."""
    import anyio

    from engine.sandbox.company import Company, read_reply
    from engine.serving.server import HttpServer, bind

    company = Company([read_reply(one) for one in replies])
    with bind("127.0.0.1", 0) as bound:
        async with anyio.create_task_group() as tasks:
            server = HttpServer(company.app, bound)
            await tasks.start(server.serve)
            yield server.url
            tasks.cancel_scope.cancel()


async def _pick_up(running: "Stage", phone: "Phone", graph: "FlowGraph", inputs: dict[str, str], number: str) -> None:
    """An outbound flow: it calls, and the phone picks up."""
    from engine.cli import stand_ins
    from engine.webhook.intake import Refused

    click.echo(f"{graph.flow} calls you. Type keys, `say ...`, `hangup` or `help`.")
    given = {**stand_ins.of_inputs(graph, inputs), **inputs}

    async def dial() -> None:
        await running.runner.intake.request(flow=graph.flow, to=number, from_="", inputs=given, key="", any_hour=True)

    try:
        await phone.pick_up(number, dial)
    except Refused as error:
        raise ConfigurationError(error.message) from None
