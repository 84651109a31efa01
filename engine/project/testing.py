"""Test files from disk, run: each with the flow beside it."""

import gc
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote
from typing import Any

from msgspec import Struct, structs

from engine.compile import compile_bundle, path_of
from engine.compile.located import Scalar
from engine.model.diagnostics import Diagnostic, Span
from engine.model.graph import Expression, FlowGraph
from engine.model.state import RunState
from engine.project import flows
from engine.simulate import hidden, simulate
from engine.simulate.cases import against, coverage, given, golden, invariants, lawful, points, reading, saying
from engine.simulate.cases.case import Case, TestFile, flow_of
from engine.simulate.cases.coverage import Way
from engine.simulate.cases.golden import Edit
from engine.simulate.cases.invariants import Invariant
from engine.simulate.cases.judging import Failure, judge
from engine.simulate.cases.lawful import Usual
from engine.simulate.cases.points import Point
from engine.simulate.outcome import Outcome
from engine.simulate.scenario import Scenario
from engine.simulate.transcript import Line


class Result(Struct, frozen=True, kw_only=True):
    """One case. The transcript is that of a case that failed, or of any if all are wanted. `kept`: `--update` has one to
    write."""

    case: str
    at: Span
    failures: tuple[Failure, ...]
    seconds: float
    transcript: tuple[Line, ...] = ()
    kept: bool = False

    @property
    def passed(self) -> bool:
        return not self.failures


class Tested(Struct, frozen=True, kw_only=True):
    """One test file. `lines` is its text. `every` and `taken` are ways of the flow and its subflows, `points` and
    `passed_points` their steps and transitions; `flow_file` is where it stands, `flow_files` where those do that it calls. A file with errors among its `diagnostics` has run the cases that have none. `updated` is its text with
    the transcripts of now, "" where it keeps no others; `kept` of them were written."""

    file: str
    flow: str
    flow_file: str
    lines: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    every: tuple[Way, ...] = ()
    taken: frozenset[Way] = frozenset()
    flow_files: Mapping[str, str] = {}
    points: tuple[Point, ...] = ()
    passed_points: frozenset[Point] = frozenset()
    updated: str = ""
    kept: int = 0

    @property
    def passed(self) -> bool:
        return all(one.passed for one in self.results) and not self.has_errors

    @property
    def has_errors(self) -> bool:
        return any(one.severity == "error" for one in self.diagnostics)


def spare_the_collector() -> None:
    """For a process that does nothing else: calls leave next to nothing in circles, and looking for it takes time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def run(path: Path, only: str = "", transcripts: bool = False, update: bool = False) -> Tested:
    """Reads the file and runs its cases: those whose name has `only` in it, in any case. An unreadable file is a diagnostic.
    `update`: transcripts that cases keep are written anew where they differ."""
    tested = _run(path, only, transcripts)
    if not update or not tested.updated:
        return tested
    path.write_bytes(tested.updated.encode())
    return structs.replace(_run(path, only, transcripts), kept=sum(one.kept for one in tested.results))


def _run(path: Path, only: str, transcripts: bool) -> Tested:
    name = flow_of(path.name)
    flow = path.with_name(f"{name}{flows.FLOW}")
    try:
        data = path.read_bytes()
    except OSError as error:
        return Tested(file=str(path), flow=name, flow_file=str(flow), diagnostics=(_unreadable(path, error),))
    tests = reading.read(str(path), name, data)
    return _Running(tests, flow, transcripts).run(only.casefold())


def _unreadable(path: Path, error: OSError) -> Diagnostic:
    message = f"The file cannot be read: {error.strerror or error}."
    at = Span(1, 1, 1, 1)
    return Diagnostic(file=str(path), span=at, code="SYN009", name="not-a-test-file", severity="error", message=message)


class _Running:
    """The cases of one file. A flow is compiled once for each set of calendars that its uses are bound to."""

    def __init__(self, tests: TestFile, flow: Path, transcripts: bool) -> None:
        self.tests = tests
        self.flow = flow
        self.transcripts = transcripts
        self.graphs: dict[tuple[tuple[str, str], ...], FlowGraph] = {}
        self.taken: frozenset[Way] = frozenset()
        self.passed_points: frozenset[Point] = frozenset()
        self.held: tuple[Invariant, ...] = ()
        self.edits: list[Edit] = []
        self.there: list[str] = []
        self.any_graph: FlowGraph | None = None

    def run(self, only: str) -> Tested:
        self.there = flows.calendars(flows.folder_of(self.flow))
        graph = self.any_graph = self._compiled(self._named_first())
        cases = [case for case in self.tests.cases if only in case.name.casefold()] if graph is not None else []
        self.held = invariants.read(self.tests, graph) if graph is not None else ()
        results = [found for case in cases if (found := self._run(case)) is not None]
        graphs = [graph, *graph.subflows.values()] if graph is not None else []
        return Tested(
            file=self.tests.report.source.file,
            flow=self.tests.flow,
            flow_file=str(self.flow),
            flow_files={one.flow: self._file_of(one.flow) for one in graphs},
            lines=tuple(self.tests.lines),
            results=tuple(results),
            diagnostics=self.tests.diagnostics,
            every=tuple(way for one in graphs for way in coverage.ways(one)),
            taken=self.taken,
            points=tuple(point for one in graphs for point in points.points(one)),
            passed_points=self.passed_points,
            updated=golden.apply(self.tests.report.source.text, self.edits) if self.edits else "",
        )

    def _file_of(self, flow: str) -> str:
        if flow == self.tests.flow:
            return str(self.flow)
        return str(flows.folder_of(self.flow) / flows.LIBRARY / f"{flow}{flows.FLOW}")

    def _run(self, case: Case) -> Result | None:
        """None where the case itself is wrong, which is among the diagnostics then."""
        before = len(self.tests.report.diagnostics)
        calendars = self._calendars(case)
        graph = self._compiled(calendars)
        if graph is None:
            return None
        against.check(case, graph)
        said = given.read(case, graph, calendars)
        if len(self.tests.report.diagnostics) > before:
            return None
        began = time.perf_counter()
        outcome = simulate(invariants.remembering(graph) if self.held or graph.sealed else graph, said.scenario)
        self.taken |= coverage.taken(graph, outcome.transitions)
        self.passed_points |= points.passed(graph, outcome)
        failures = (*judge(case, said.script, outcome, _usual(case, graph, said.scenario)), *self._breaches(outcome))
        shown = tuple(outcome.transcript) if failures or self.transcripts else ()
        seconds = time.perf_counter() - began
        edits = golden.edits(case, shown) if failures and not outcome.stuck else ()
        self.edits += edits
        return Result(
            case=case.name, at=case.span(), failures=failures, seconds=seconds, transcript=shown, kept=bool(edits)
        )

    def _compiled(self, calendars: Mapping[str, str]) -> FlowGraph | None:
        key = tuple(sorted(calendars.items()))
        if key not in self.graphs:
            graph = self._read(calendars)
            if graph is None:
                return None
            self.graphs[key] = graph
        return self.graphs[key]

    def _read(self, calendars: Mapping[str, Any]) -> FlowGraph | None:
        if not self.flow.is_file():
            self._no_flow(f"There is no flow `{self.tests.flow}` beside these tests.", f"Its file is {self.flow.name}.")
            return None
        found = compile_bundle(flows.read(self.flow, calendars).bundle, file=str(self.flow))
        if found.graph is None:
            self._no_flow(
                f"The flow `{self.tests.flow}` has mistakes.", f"`offhook lint {quote(str(self.flow))}` shows them."
            )
        return found.graph

    def _no_flow(self, message: str, advice: str) -> None:
        about = self.tests.about
        start, end = (about.start, about.end) if about is not None else (0, 1)
        self.tests.report.error("TST008", "no-flow", start, end, message, help=advice, path="tests")

    def _breaches(self, outcome: Outcome) -> Iterator[Failure]:
        """The invariants of the file that do not hold of the call."""
        last = next((one[1].state for one in reversed(outcome.happened) if isinstance(one, tuple)), None)
        if last is None or not outcome.ended:
            return
        for index, why in invariants.broken((one.condition for one in self.held), last):
            known = sorted(hidden.in_text(one, outcome.secrets) for one in _values(self.held[index].condition, last))
            yield Failure(
                at=self.held[index].at,
                message=f"An invariant of the file: {why}.",
                help=f"At the end {', '.join(known)}." if known else "",
                mark=len(outcome.transcript) - 1,
                law="invariant",
            )

    def _calendars(self, case: Case) -> dict[str, str]:
        """What the uses of type calendar are bound to: by the case, or to one that is there."""
        graph = self.any_graph
        wanted = [name for name, one in graph.uses.items() if one.calendar] if graph is not None else []
        return {name: self._calendar(case, name, self.there) for name in wanted}

    def _named_first(self) -> dict[str, str]:
        """The calendars that the first case names: whichever they are, the flow has the same steps, and one compilation less is
        needed."""
        uses = self.tests.cases[0].plain_uses if self.tests.cases else {}
        return {name: one for name, one in uses.items() if isinstance(one, str) and one in self.there}

    def _calendar(self, case: Case, use: str, there: list[str]) -> str:
        node = case.find("uses", use)
        named = case.plain_uses.get(use, use if use in there else next(iter(there), ""))
        if named not in there:
            message = f"There is no calendar `{named}`." if named else f"There is no calendar for `{use}`."
            advice = f"There are: {', '.join(there)}." if there else f"Add {path_of('<name>')}."
            case.wrong("TST007", "bad-value", node or case.key, message, advice)
        return str(named)


def _values(condition: Expression, run: RunState) -> Iterator[str]:
    """What the names of an invariant stand for."""
    for name in condition.names:
        try:
            yield f"`{name}` is {saying.value(invariants.look_up(run, name))}"
        except KeyError:
            yield f"`{name}` is not set"


def _usual(case: Case, graph: FlowGraph, scenario: Scenario) -> Usual | None:
    """The call with nothing slow in it, where the case wants the two held against each other."""
    named = [node.text for node in case.items("expect", "laws") if isinstance(node, Scalar)]
    return lawful.usual(graph, scenario) if "same-end" in named else None
