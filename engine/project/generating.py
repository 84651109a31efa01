"""Cases proposed for a flow from disk; what its tests give already is tried first."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.compile.located import Scalar
from engine.expr import cel_type_of
from engine.model.errors import ConfigurationError
from engine.model.graph import Declared, FlowGraph
from engine.project import flows
from engine.project.bound import compiled
from engine.simulate import generate
from engine.simulate.cases import given, reading
from engine.simulate.cases.case import SUFFIX, Case, TestFile
from engine.simulate.explore import Given
from engine.simulate.generate import Proposal


class Proposed(Struct, frozen=True, kw_only=True):
    """`text` is the test file."""

    flow: str
    proposal: Proposal
    text: str


def run(path: Path, goes_on: Callable[[int], bool]) -> Proposed:
    """`ConfigurationError` where the flow does not compile, or a calendar is missing."""
    plain = compiled(path, {})
    tests = _tests(path, plain)
    cases = () if tests is None else tests.cases
    graphs = _graphs(path, plain, cases)
    graph = next(iter(graphs.values()))
    told = {
        "uses": _told(cases, "uses", graph.uses),
        "inputs": _told(cases, "inputs", graph.inputs),
    }
    uses = {name: given.stand_in(name, one) for name, one in graph.uses.items() if not one.calendar}
    inputs = {name: given.stand_in(name, one, is_use=False) for name, one in graph.inputs.items() if one.required}
    how = Given(uses=uses | told["uses"], inputs=inputs | told["inputs"])
    scenarios = tuple(given.read(case, graph, {}).scenario for case in cases)
    proposal = generate.propose(graphs, how, cases=scenarios, goes_on=goes_on)
    return Proposed(flow=graph.flow, proposal=proposal, text=generate.text(graph, proposal, told))


def _tests(path: Path, graph: FlowGraph) -> TestFile | None:
    """The test file beside the flow; what is wrong with it is for `offhook test` to say."""
    tests = path.with_name(f"{graph.flow}{SUFFIX}")
    return reading.read(str(tests), graph.flow, tests.read_bytes()) if tests.is_file() else None


def _graphs(path: Path, graph: FlowGraph, cases: Iterable[Case]) -> dict[str, FlowGraph]:
    """The flow by the calendars that it may be bound to: one of its use's name first, then those that its tests name."""
    opens = [name for name, one in graph.uses.items() if one.calendar]
    if not opens:
        return {"": graph}
    there = flows.calendars(flows.folder_of(path))
    if not there:
        raise ConfigurationError(f"There is no calendar for uses.{opens[0]}.", help="Add one in flows/calendars.")
    named = [str(case.plain_uses[name]) for case in cases for name in opens if name in case.plain_uses]
    names = dict.fromkeys(name for name in (*opens, *named, *there) if name in there)
    return {name: compiled(path, dict.fromkeys(opens, name)) for name in names}


def _told(cases: Iterable[Case], section: str, declared: Mapping[str, Declared]) -> dict[str, Any]:
    """What the first case that says so gives, of the right type: stand-ins are not always what a service takes."""
    found: dict[str, Any] = {}
    for case in cases:
        for key, node in case.entries(section):
            one = declared.get(key.text)
            if one is None or one.calendar or key.text in found or not isinstance(node, Scalar):
                continue
            value = node.text if one.type == "string" else node.value
            if cel_type_of(value) == one.type:
                found[key.text] = value
    return found
