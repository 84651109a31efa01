"""Test files from disk, run: each with the flow beside it."""

import gc
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, structs

from engine.model.diagnostics import Diagnostic, Span
from engine.project import flows
from engine.project.parts import WHOLE, Part
from engine.project.readying import Readying
from engine.simulate.cases import coverage, golden, points, reading
from engine.simulate.cases.case import TestFile, flow_of
from engine.simulate.cases.coverage import Way
from engine.simulate.cases.failing import Failure
from engine.simulate.cases.golden import Edit
from engine.simulate.cases.points import Point
from engine.simulate.cases.ready import Ready
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
    `passed_points` their steps and transitions; `flow_files` says where the flow and those that it calls stand. A file with
    errors among its `diagnostics` has run the cases that have none. `updated` is its text with the transcripts of now, "" where
    it keeps no others; `kept` of them were written."""

    file: str
    flow: str
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


def run(path: Path, only: str = "", transcripts: bool = False, update: bool = False, part: Part = WHOLE) -> Tested:
    """Reads the file and runs its cases: those whose name has `only` in it, in any case. An unreadable file is a diagnostic.
    `update`: transcripts that cases keep are written anew where they differ; then a file has to be run as a whole."""
    tested = _run(path, only, transcripts, part)
    if not update or not tested.updated:
        return tested
    path.write_bytes(tested.updated.encode())
    return structs.replace(_run(path, only, transcripts, WHOLE), kept=sum(one.kept for one in tested.results))


def joined(parts: Sequence[Tested]) -> Tested:
    """A file that was run in parts, as if it had been run at once. What they would update is left out."""
    first = parts[0]
    if len(parts) == 1:
        return first
    return structs.replace(
        first,
        results=tuple(result for one in parts for result in one.results),
        diagnostics=tuple(sorted({found for one in parts for found in one.diagnostics}, key=Diagnostic.sort_key)),
        taken=frozenset().union(*(one.taken for one in parts)),
        passed_points=frozenset().union(*(one.passed_points for one in parts)),
        updated="",
    )


def _run(path: Path, only: str, transcripts: bool, part: Part) -> Tested:
    name = flow_of(path.name)
    flow = path.with_name(f"{name}{flows.FLOW}")
    try:
        data = path.read_bytes()
    except OSError as error:
        return Tested(file=str(path), flow=name, diagnostics=(_unreadable(path, error),))
    tests = reading.read(str(path), name, data)
    return _Running(tests, flow, transcripts).run(only.casefold(), part)


def _unreadable(path: Path, error: OSError) -> Diagnostic:
    message = f"The file cannot be read: {error.strerror or error}."
    at = Span(1, 1, 1, 1)
    return Diagnostic(file=str(path), span=at, code="SYN009", name="not-a-test-file", severity="error", message=message)


class _Running:
    """The cases of one file."""

    def __init__(self, tests: TestFile, flow: Path, transcripts: bool) -> None:
        self.tests = tests
        self.flow = flow
        self.transcripts = transcripts
        self.taken: frozenset[Way] = frozenset()
        self.passed_points: frozenset[Point] = frozenset()
        self.edits: list[Edit] = []

    def run(self, only: str, part: Part) -> Tested:
        readying = Readying(self.tests, self.flow)
        results = [self._run(one) for one in readying.ready(only, part)]
        graphs = [readying.graph, *readying.graph.subflows.values()] if readying.graph is not None else []
        return Tested(
            file=self.tests.report.source.file,
            flow=self.tests.flow,
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

    def _run(self, one: Ready) -> Result:
        began, case = time.perf_counter(), one.case
        outcome = one.play()
        self.taken |= coverage.taken(one.graph, outcome.transitions)
        self.passed_points |= points.passed(one.graph, outcome)
        failures = one.failures(outcome)
        shown = tuple(outcome.transcript) if failures or self.transcripts else ()
        seconds = time.perf_counter() - began
        edits = golden.edits(case, shown) if failures and not outcome.stuck else ()
        self.edits += edits
        return Result(
            case=case.name, at=case.span(), failures=failures, seconds=seconds, transcript=shown, kept=bool(edits)
        )
