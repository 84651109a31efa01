"""Cases proposed for a flow from disk; what its tests give already is tried first."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.model.graph import FlowGraph
from engine.project import exploring, flows
from engine.simulate import generate
from engine.simulate.cases import given
from engine.simulate.cases.case import TestFile
from engine.simulate.explore import Given
from engine.simulate.generate import Proposal
from engine.simulate.scenario import Scenario


class Proposed(Struct, frozen=True, kw_only=True):
    """`text` is the test file."""

    flow: str
    proposal: Proposal
    text: str


def run(path: Path, goes_on: Callable[[int], bool]) -> Proposed:
    """`ConfigurationError` where the flow does not compile, or a calendar is missing."""
    graph, uses = exploring.bound(path)
    tests = exploring.tests_of(path, graph)
    told = {"uses": dict[str, Any](), "inputs": dict[str, Any]()}
    if tests is not None:
        told = {
            "uses": exploring.given(tests, "uses", graph.uses),
            "inputs": exploring.given(tests, "inputs", graph.inputs),
        }
    inputs = {name: given.stand_in(name, one, is_use=False) for name, one in graph.inputs.items() if one.required}
    graphs = _graphs(path, graph, uses, tests)
    how = Given(uses=uses | told["uses"], inputs=inputs | told["inputs"])
    cases = () if tests is None else tuple(_scenarios(tests, graph))
    proposal = generate.propose(graphs, how, cases=cases, goes_on=goes_on)
    return Proposed(flow=graph.flow, proposal=proposal, text=generate.text(graph, proposal, told))


def _graphs(path: Path, graph: FlowGraph, uses: Mapping[str, Any], tests: TestFile | None) -> dict[str, FlowGraph]:
    """The flow by the calendars that it may be bound to, those first that its tests name."""
    opens = [name for name, one in graph.uses.items() if one.calendar]
    if not opens:
        return {"": graph}
    there = flows.calendars(flows.folder_of(path))
    named = [
        str(case.plain_uses[name])
        for case in (tests.cases if tests is not None else ())
        for name in opens
        if name in case.plain_uses
    ]
    names = dict.fromkeys(name for name in (*(uses[name] for name in opens), *named, *there) if name in there)
    return {name: exploring.compiled(path, {**uses, **dict.fromkeys(opens, name)}) for name in names}


def _scenarios(tests: TestFile, graph: FlowGraph) -> list[Scenario]:
    """The calls of the cases; what is wrong with one is for `offhook test` to say."""
    return [given.read(case, graph, {}).scenario for case in tests.cases]
