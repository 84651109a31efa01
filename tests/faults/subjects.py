"""The calls that are tried: every case of the tests of every flow in flows/, without the faults that it has itself.

Cases with limits of their own are not among them: they come to these elsewhere when everything takes longer."""

import re
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from engine.compile import compile_bundle
from engine.exchange.faults import Fault
from engine.model.graph import FlowGraph
from engine.project import flows
from engine.simulate import simulate
from engine.simulate.cases import given, reading
from engine.simulate.cases.case import SUFFIX, Case, TestFile
from engine.simulate.outcome import Outcome
from engine.simulate.scenario import Scenario

_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FOLDER = Path(__file__).resolve().parents[2] / "flows"


class Ending(Struct, frozen=True):
    """What is compared: why the run ended, at which step, and what it knew then."""

    reason: str
    step: str
    vars: str


class Subject(Struct, frozen=True, kw_only=True):
    flow: str
    case: str
    graph: FlowGraph
    scenario: Scenario
    faultless: Ending

    def play(self, seed: str, faults: tuple[Fault, ...], *, logged: bool) -> Outcome:
        """`logged`: what was reported stands in the platform's voice log too."""
        options = msgspec.structs.replace(self.scenario.options, keep_log=logged)
        return simulate(self.graph, msgspec.structs.replace(self.scenario, seed=seed, faults=faults, options=options))


def ending(outcome: Outcome) -> Ending:
    """Ids that were made up on the way are all the same."""
    known = _ID.sub("(an id)", repr(sorted(outcome.vars.items())))
    return Ending(outcome.ended, outcome.path[-1] if outcome.path else "", known)


@cache
def subjects() -> tuple[Subject, ...]:
    return tuple(one for path in sorted(FOLDER.glob(f"*{SUFFIX}")) for one in _of(path))


def _of(path: Path) -> list[Subject]:
    name = path.name.removesuffix(SUFFIX)
    tests = reading.read(str(path), name, path.read_bytes())
    return [_subject(path, tests, case) for case in tests.cases if not case.entries("limits")]


def _subject(path: Path, tests: TestFile, case: Case) -> Subject:
    graph, calendars = _graph(path, case)
    scenario = msgspec.structs.replace(given.read(case, graph, calendars).scenario, faults=())
    assert not tests.diagnostics, tests.diagnostics
    faultless = ending(simulate(graph, scenario))
    assert faultless.reason, case.name
    return Subject(flow=tests.flow, case=case.name, graph=graph, scenario=scenario, faultless=faultless)


def _graph(path: Path, case: Case) -> tuple[FlowGraph, dict[str, str]]:
    flow = path.with_name(path.name.replace(SUFFIX, flows.FLOW))
    plain = _compiled(flow, ())
    there = flows.calendars(FOLDER)
    wanted = [name for name, one in plain.uses.items() if one.calendar]
    calendars = {name: str(case.plain_uses.get(name, name if name in there else there[0])) for name in wanted}
    return _compiled(flow, tuple(calendars.items())), calendars


@cache
def _compiled(flow: Path, calendars: tuple[tuple[str, str], ...]) -> FlowGraph:
    found = compile_bundle(flows.read(flow, dict(calendars)).bundle, file=str(flow))
    assert found.graph is not None, found.diagnostics
    return found.graph
