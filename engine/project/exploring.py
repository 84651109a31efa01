"""A flow from disk, explored: bound to stand-ins, with the invariants of the test file beside it, and its cases."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from engine.compile.located import Mapping, Scalar
from engine.model.diagnostics import Diagnostic
from engine.model.graph import Expression, FlowGraph
from engine.project import flows
from engine.project.beside import all_tests_of, given_first, tests_of
from engine.project.bound import compiled
from engine.project.readying import Readying
from engine.simulate import shaken
from engine.simulate.cases import invariants
from engine.simulate.cases.case import TestFile
from engine.simulate.cases.given import stand_in
from engine.simulate.explore import Beside, Bounds, Explored, Given, Progress, Shown, explore, others, show, together
from engine.simulate.shaken import AsTested


class Found(Struct, frozen=True, kw_only=True):
    """`shown` is all that does not hold: first of the cases of the flow's tests (`tested`), then of the search. `diagnostics` are
    mistakes of the invariants; with some, nothing was explored."""

    flow: str
    explored: Explored | None = None
    tested: AsTested = AsTested()
    shown: tuple[Shown, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def passed(self) -> bool:
        return self.explored is not None and not self.shown


def run(path: Path, *, faults: int, slow: int, bounds: Bounds, goes_on: Callable[[Progress], bool]) -> Found:
    """`ConfigurationError` where the flow does not compile, or a calendar is missing."""
    graph = compiled(path, {})
    tests = tests_of(path, graph.flow)
    graph, uses = _bound(path, graph, tests)
    held = () if tests is None else tuple(one.condition for one in invariants.read(tests, graph))
    wrong = () if tests is None else tuple(one for one in tests.diagnostics if one.name == "bad-invariant")
    if wrong:
        return Found(flow=graph.flow, diagnostics=wrong)
    inputs = {name: stand_in(name, one, is_use=False) for name, one in graph.inputs.items() if one.required}
    if tests is not None:
        uses |= given_first(tests.cases, "uses", graph.uses)
        inputs |= given_first(tests.cases, "inputs", graph.inputs)
    given = Given(uses=uses, inputs=inputs, faults=faults, slow=slow)
    tested, failing = _as_tested(path, graph.flow, given, goes_on)
    searched: list[Explored] = []
    for each in (given, *others(graph, given, held)):
        searched.append(explore(graph, each, invariants=held, bounds=bounds, goes_on=goes_on))
        if searched[-1].found:
            given = each
            break
    explored = replace(searched[-1], covered=together([one.covered for one in searched]))
    shown = (*failing, *show(graph, given, explored, _beside(tests, held)))
    return Found(flow=graph.flow, explored=explored, tested=tested, shown=shown)


def _as_tested(
    path: Path, flow: str, given: Given, goes_on: Callable[[Progress], bool]
) -> tuple[AsTested, tuple[Shown, ...]]:
    """All cases of the flow's tests, and what does not hold of them."""
    tests = all_tests_of(path, flow)
    cases = [one for each in tests for one in Readying(each, path).ready()]
    tested = shaken.play(
        cases, slow=given.slow > 0, doubled=given.faults > 0, goes_on=lambda: goes_on(Progress(0, 0, 0))
    )
    names = {case.name for each in tests for case in each.cases}
    wrong = [each.report.source.file for each in tests if any(one.severity == "error" for one in each.diagnostics)]
    shown = [shaken.broken(wrong)] if wrong else []
    return tested, (*shown, *shaken.show(tested, names, [each.report.source.file for each in tests]))


def _beside(tests: TestFile | None, held: tuple[Expression, ...]) -> Beside:
    if tests is None:
        return Beside()
    defaults = tests.root.get("defaults") if tests.root is not None else None
    said = frozenset(key.text for key, _ in defaults.entries) if isinstance(defaults, Mapping) else frozenset[str]()
    return Beside(held=held, names=frozenset(case.name for case in tests.cases), defaults=said)


def _bound(path: Path, graph: FlowGraph, tests: TestFile | None) -> tuple[FlowGraph, dict[str, Any]]:
    """A calendar is the one that a case binds first, so that both its hours and the others are looked at."""
    bound = {} if tests is None else _calendars(tests)
    there = flows.calendars(flows.folder_of(path))
    uses = {name: stand_in(name, one) for name, one in graph.uses.items() if not one.calendar}
    for name, one in graph.uses.items():
        if one.calendar:
            if not there:
                raise flows.no_calendar(name)
            uses[name] = next(one for one in (bound.get(name), name, there[0]) if one in there)
    return compiled(path, uses), uses


def _calendars(tests: TestFile) -> dict[str, str]:
    every = [
        (key.text, node.text) for case in tests.cases for key, node in case.entries("uses") if isinstance(node, Scalar)
    ]
    return dict(reversed(every))
