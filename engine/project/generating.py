"""Cases proposed for a flow from disk; what its tests give already is tried first."""

from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from engine.model.graph import FlowGraph
from engine.project import flows
from engine.project.beside import given_first, tests_of
from engine.project.bound import compiled
from engine.project.readying import Readying
from engine.simulate import generate
from engine.simulate.cases import given
from engine.simulate.cases.case import Case
from engine.simulate.cases.ready import Ready
from engine.simulate.explore import Given
from engine.simulate.generate import Authored, Proposal


class Proposed(Struct, frozen=True, kw_only=True):
    """`text` is the test file."""

    flow: str
    proposal: Proposal
    text: str


def run(path: Path, goes_on: Callable[[int], bool]) -> Proposed:
    """`ConfigurationError` where the flow does not compile, or a calendar is missing."""
    plain = compiled(path, {})
    tests = tests_of(path, plain.flow)
    cases = () if tests is None else tests.cases
    graphs = _graphs(path, plain, cases)
    graph = next(iter(graphs.values()))
    told = {
        "uses": given_first(cases, "uses", graph.uses),
        "inputs": given_first(cases, "inputs", graph.inputs),
    }
    uses = {name: given.stand_in(name, one) for name, one in graph.uses.items() if not one.calendar}
    inputs = {name: given.stand_in(name, one, is_use=False) for name, one in graph.inputs.items() if one.required}
    how = Given(uses=uses | told["uses"], inputs=inputs | told["inputs"])
    ready = () if tests is None else tuple(Readying(tests, path).ready())
    proposal = generate.propose(graphs, how, cases=tuple(_authored(one, how) for one in ready), goes_on=goes_on)
    return Proposed(flow=graph.flow, proposal=proposal, text=generate.text(graph, proposal, told))


def _authored(one: Ready, how: Given) -> Authored:
    """What it leaves to a stand-in is as in all proposed cases."""
    graph, scenario = one.graph, one.given.scenario
    named = {key.text for section in ("uses", "inputs") for key, _ in one.case.entries(section)}
    uses = {
        name: value if name in named or graph.uses[name].calendar else how.uses[name]
        for name, value in scenario.uses.items()
    }
    inputs = {**how.inputs, **{name: value for name, value in scenario.inputs.items() if name in named}}
    return Authored(name=one.case.name, graph=graph, scenario=replace(scenario, uses=uses, inputs=inputs))


def _graphs(path: Path, graph: FlowGraph, cases: Iterable[Case]) -> dict[str, FlowGraph]:
    """The flow by the calendars that it may be bound to: one of its use's name first, then those that its tests name."""
    opens = [name for name, one in graph.uses.items() if one.calendar]
    if not opens:
        return {"": graph}
    there = flows.calendars(flows.folder_of(path))
    if not there:
        raise flows.no_calendar(opens[0])
    named = [str(case.plain_uses[name]) for case in cases for name in opens if name in case.plain_uses]
    names = dict.fromkeys(name for name in (*opens, *named, *there) if name in there)
    return {name: compiled(path, dict.fromkeys(opens, name)) for name in names}
