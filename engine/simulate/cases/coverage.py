"""Which ways out of which steps a set of calls has taken."""

from collections.abc import Collection, Iterable, Iterator, Set

from msgspec import Struct

from engine.model.graph import FlowGraph
from engine.simulate.cases import possible
from engine.simulate.outcome import Transition


class Way(Struct, frozen=True, order=True):
    """A step of a flow (with its line) and an outcome that its `next` names or covers."""

    flow: str
    line: int
    step: str
    outcome: str


class Coverage(Struct, frozen=True, kw_only=True):
    flow: str
    taken: int
    missing: tuple[Way, ...]

    @property
    def ways(self) -> int:
        return self.taken + len(self.missing)

    @property
    def percent(self) -> float:
        return 100.0 if not self.ways else 100 * self.taken / self.ways


def ways(graph: FlowGraph) -> Iterator[Way]:
    """All of the flow's own, in the order of the file. What `finally` does is no way."""
    for step in sorted(graph.steps.values(), key=lambda one: one.at):
        if step.name not in graph.finally_:
            for outcome in possible.ways(graph, step):
                yield Way(graph.flow, step.at.line, step.name, outcome)


def taken(graph: FlowGraph, transitions: Iterable[Transition]) -> frozenset[Way]:
    """The ways of a flow and its subflows that these transitions are."""
    graphs = {graph.flow: graph, **graph.subflows}
    found = set()
    for one in transitions:
        inner = graphs[one.flow]
        step = inner.steps[one.step]
        found.add(Way(one.flow, step.at.line, one.step, possible.way_of(step, one.outcome)))
    return frozenset(found)


def cover(flow: str, every: Collection[Way], found: Set[Way]) -> Coverage:
    """What of every way of the flow is among those that were found to be taken."""
    missing = tuple(way for way in every if way not in found)
    return Coverage(flow=flow, taken=len(every) - len(missing), missing=missing)
