"""`offhook phone`: be the caller of a flow."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from engine.cli.logs import set_up
from engine.compile import CALENDAR
from engine.model.errors import ConfigurationError
from engine.model.graph import Declared, FlowGraph

NUMBER = "+15550100"
_READ: dict[str, Callable[[str], Any]] = {"int": int, "double": float, "bool": "true".__eq__}
_DUMMIES: dict[str, Any] = {"string": "https://example.com", "int": 1, "double": 1.0, "bool": False}


@click.command()
@click.argument("flow", type=click.Path(path_type=Path))
@click.option("--use", "uses", multiple=True, metavar="NAME=VALUE", help="Bind one of the flow's `uses`.")
@click.option("--input", "inputs", multiple=True, metavar="NAME=VALUE", help="An input of an outbound flow.")
@click.option("--from", "from_", default="+15550177", show_default=True, help="The number that you call from.")
@click.option("--speed", type=click.FloatRange(0.1, 100), default=1.0, show_default=True, help="Faster prompts.")
@click.option("--transcript/--no-transcript", default=False, help="Print the run's transcript afterwards.")
def command(
    flow: Path, uses: tuple[str, ...], inputs: tuple[str, ...], from_: str, speed: float, transcript: bool
) -> None:
    """Call FLOW (a flow file) on a sandbox, and be the caller: read the prompts, type digits, `say ...`, `hangup`.

    A flow with an `outbound:` header calls you instead. Input may come from a pipe: one line for each
    time that the flow has spoken.
    """
    import anyio

    if not flow.is_file():
        raise ConfigurationError(f"There is no flow file {flow}.", help="Try flows/reception.flow.yaml.")
    set_up("warning")
    anyio.run(_phone, flow, _pairs(uses), _pairs(inputs), from_, speed, transcript)


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise click.UsageError(f"{one!r} is not NAME=VALUE")
        pairs[name] = value
    return pairs


async def _phone(
    path: Path, uses: dict[str, str], inputs: dict[str, str], from_: str, speed: float, transcript: bool
) -> None:
    from engine.cli import transcripts
    from engine.compile import compile_bundle
    from engine.exchange.options import ExchangeOptions
    from engine.project import flows
    from engine.runner.stage import stage
    from engine.sandbox.phone import Phone
    from engine.sandbox.typed import typed_lines

    flow = flows.read(path)
    graph = compile_bundle(flow.bundle, file=flow.file).graph
    if graph is None:
        raise ConfigurationError(f"{path} does not compile.", help=f"offhook lint {path} shows why.")
    bound = _bound(graph, uses, path.parent)
    flow = flows.read(path, bound)
    # A person who hangs up wants the run to notice soon, and not at the next deadline.
    options = ExchangeOptions(report_on_hangup=True)
    async with stage([flow], routes={NUMBER: graph.flow}, uses=bound, speed=speed, options=options) as running:
        async with typed_lines() as lines:
            phone = Phone(base_url=running.sandbox.url, write=click.echo, lines=lines, paced=not sys.stdin.isatty())
            if graph.outbound is None:
                click.echo(f"Calling {graph.flow}. Type keys, `say ...`, `hangup` or `help`.")
                await phone.ring(NUMBER, from_=from_)
            else:
                await _answer(running, phone, graph, inputs, from_)
        await running.runner.supervisor.wait_until_quiet()
        row = running.journal.runs(limit=1)[0]
        click.echo(f"The run ended: {row.end_reason}.")
        if transcript:
            transcripts.show(row, transcripts.of_run(running.journal, row))


async def _answer(running: Any, phone: Any, graph: FlowGraph, inputs: dict[str, str], to: str) -> None:
    """An outbound flow: it calls, and the phone picks up."""
    click.echo(f"{graph.flow} calls you. Type keys, `say ...`, `hangup` or `help`.")
    given = {name: _typed(value, graph.inputs[name].type) for name, value in inputs.items() if name in graph.inputs}
    missing = {name: one for name, one in graph.inputs.items() if one.required and name not in given}
    given |= {name: f"({name})" if one.type == "string" else _DUMMIES[one.type] for name, one in missing.items()}
    await phone.pick_up(
        to, lambda: running.runner.intake.request(flow=graph.flow, to=to, from_="", inputs=given, key="")
    )


def _bound(graph: FlowGraph, given: dict[str, str], folder: Path) -> dict[str, Any]:
    """What is not bound by --use gets a stand-in of its type."""
    unknown = sorted(set(given) - set(graph.uses))
    if unknown:
        raise ConfigurationError(f"{graph.flow} has no uses.{unknown[0]}.", help=f"It has: {', '.join(graph.uses)}.")
    return {
        name: _typed(given[name], one.type) if name in given else _stand_in(name, one, folder)
        for name, one in graph.uses.items()
    }


def _stand_in(name: str, use: Declared, folder: Path) -> Any:
    """Of the calendars, the one that is called like the use, else the first."""
    if not use.calendar:
        return _DUMMIES[use.type]
    found = sorted(path.name.removesuffix(CALENDAR) for path in folder.glob(f"calendars/*{CALENDAR}"))
    if not found:
        raise ConfigurationError(f"There is no calendar for uses.{name}.", help=f"Add calendars/{name}{CALENDAR}.")
    return name if name in found else found[0]


def _typed(value: str, kind: str) -> Any:
    try:
        return _READ.get(kind, str)(value)
    except ValueError:
        raise ConfigurationError(f"{value!r} is no {kind}.") from None
