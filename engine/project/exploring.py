"""A flow from disk, explored: bound to stand-ins, with the invariants of the test file beside it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from shlex import quote
from typing import Any

from msgspec import Struct

from engine.compile import compile_bundle
from engine.compile.located import Scalar
from engine.expr import cel_type_of
from engine.model.diagnostics import Diagnostic
from engine.model.errors import ConfigurationError
from engine.model.graph import Declared, FlowGraph
from engine.project import flows
from engine.simulate.cases import invariants, reading
from engine.simulate.cases.case import SUFFIX, TestFile
from engine.simulate.cases.given import stand_in
from engine.simulate.explore import Bounds, Explored, Given, Progress, Shown, explore, show


class Found(Struct, frozen=True, kw_only=True):
    """`diagnostics` are mistakes of the invariants; with some, nothing was explored."""

    flow: str
    explored: Explored | None = None
    shown: tuple[Shown, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def run(path: Path, *, faults: int, slow: int, bounds: Bounds, goes_on: Callable[[Progress], bool]) -> Found:
    """`ConfigurationError` where the flow does not compile, or a calendar is missing."""
    graph, uses = _bound(path)
    tests = _tests(path, graph)
    held = () if tests is None else invariants.read(tests, graph)
    wrong = () if tests is None else tuple(one for one in tests.diagnostics if one.name == "bad-invariant")
    if wrong:
        return Found(flow=graph.flow, diagnostics=wrong)
    inputs = {name: stand_in(name, one, is_use=False) for name, one in graph.inputs.items() if one.required}
    if tests is not None:
        uses |= _given(tests, "uses", graph.uses)
        inputs |= _given(tests, "inputs", graph.inputs)
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
        raise ConfigurationError(f"{path} does not compile.", help=f"offhook lint {quote(str(path))} shows why.")
    return graph


def _tests(path: Path, graph: FlowGraph) -> TestFile | None:
    """The test file beside the flow, if there is one."""
    tests = path.with_name(f"{graph.flow}{SUFFIX}")
    return reading.read(str(tests), graph.flow, tests.read_bytes()) if tests.is_file() else None


def _given(tests: TestFile, section: str, declared: Mapping[str, Declared]) -> dict[str, Any]:
    """What the first case that says so gives, of the right type: stand-ins are not always what a service takes."""
    found: dict[str, Any] = {}
    for case in tests.cases:
        for key, node in case.entries(section):
            one = declared.get(key.text)
            if one is None or one.calendar or key.text in found or not isinstance(node, Scalar):
                continue
            value = node.text if one.type == "string" else node.value
            if cel_type_of(value) == one.type:
                found[key.text] = value
    return found
