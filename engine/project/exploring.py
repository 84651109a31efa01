"""A flow from disk, explored: bound to stand-ins, with the invariants of the test file beside it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.compile import compile_bundle
from engine.model.diagnostics import Diagnostic
from engine.model.errors import ConfigurationError
from engine.model.graph import FlowGraph
from engine.project import flows
from engine.simulate.cases import invariants, reading
from engine.simulate.cases.case import SUFFIX
from engine.simulate.cases.given import stand_in
from engine.simulate.explore import Bounds, Explored, Given, Invariant, Progress, Shown, explore, show


class Found(Struct, frozen=True, kw_only=True):
    """`diagnostics` are mistakes of the invariants; with some, nothing was explored."""

    flow: str
    explored: Explored | None = None
    shown: tuple[Shown, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def run(path: Path, *, faults: int, slow: int, bounds: Bounds, goes_on: Callable[[Progress], bool]) -> Found:
    """`ConfigurationError` where the flow does not compile, or a calendar is missing."""
    graph, uses = _bound(path)
    held, wrong = _invariants(path, graph)
    if wrong:
        return Found(flow=graph.flow, diagnostics=wrong)
    inputs = {name: stand_in(name, one, is_use=False) for name, one in graph.inputs.items() if one.required}
    given = Given(uses=uses, inputs=inputs, faults=faults, slow=slow)
    explored = explore(graph, given, invariants=held, bounds=bounds, goes_on=goes_on)
    return Found(flow=graph.flow, explored=explored, shown=tuple(show(graph, given, one) for one in explored.found))


def _bound(path: Path) -> tuple[FlowGraph, dict[str, Any]]:
    graph = _compiled(path, {})
    there = flows.calendars(flows.folder_of(path))
    uses = {name: stand_in(name, one) for name, one in graph.uses.items() if not one.calendar}
    for name, one in graph.uses.items():
        if one.calendar:
            if not there:
                raise ConfigurationError(f"There is no calendar for uses.{name}.", help="Add one in flows/calendars.")
            uses[name] = name if name in there else there[0]
    return _compiled(path, uses), uses


def _compiled(path: Path, uses: Mapping[str, Any]) -> FlowGraph:
    graph = compile_bundle(flows.read(path, uses).bundle, file=str(path)).graph
    if graph is None:
        raise ConfigurationError(f"{path} does not compile.", help=f"offhook lint {path} shows why.")
    return graph


def _invariants(path: Path, graph: FlowGraph) -> tuple[tuple[Invariant, ...], tuple[Diagnostic, ...]]:
    tests = path.with_name(f"{graph.flow}{SUFFIX}")
    if not tests.is_file():
        return (), ()
    read = reading.read(str(tests), graph.flow, tests.read_bytes())
    found = invariants.read(read, graph)
    return found, tuple(one for one in read.diagnostics if one.name == "bad-invariant")
