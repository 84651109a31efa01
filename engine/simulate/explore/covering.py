"""Keeps what a search has looked at, while it searches."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

from engine.model.graph import Expression, FlowGraph
from engine.model.state import RunState
from engine.simulate.cases import possible
from engine.simulate.explore.found import Covered
from engine.simulate.explore.handed import flows
from engine.simulate.explore.moves import AnyMove, fault_of
from engine.simulate.explore.situation import Situation
from engine.simulate.explore.taken import Taken
from engine.simulate.explore.untried import untried


class Reached(Protocol):
    depth: int
    end: str


class Covering:
    """`merged` counts transitions to a situation that was known."""

    def __init__(self, graph: FlowGraph, invariants: tuple[Expression, ...] = ()) -> None:
        self._graph = graph
        self._invariants = invariants
        self._held: set[tuple[str, str, bool]] = set()
        self._faults: Counter[str] = Counter()
        self._steps: set[str] = set()
        self._outcomes: set[tuple[str, str]] = set()
        self.merged = 0

    def notes(self, move: AnyMove | None, taken: Taken) -> None:
        if move is not None and (fault := fault_of(move)):
            self._faults[fault] += 1
        for turned in taken.turns:
            self._holds(turned.done.state)
            self._steps.update(one.step for one in turned.done.trace if one.what == "entered")
            self._outcomes.update((one.step, one.subject) for one in turned.done.trace if one.what == "outcome")

    def _holds(self, run: RunState) -> None:
        for frame in (*run.callers, run.frame):
            held = ((name, value) for name, value in frame.vars.items() if isinstance(value, bool))
            self._held.update((frame.subflow, name, value) for name, value in held)

    def covered(self, nodes: Sequence[Reached], transitions: int, left: Sequence[Situation], why: str) -> Covered:
        """`left` are the situations that were not gone on from, because of `why`."""
        steps, ways = set(_all_steps(self._graph)), set(_all_ways(self._graph))
        taken = ways & {_way(self._graph, *one) for one in self._outcomes}
        return Covered(
            states=len(nodes),
            transitions=transitions,
            merged=self.merged,
            paths=self.merged + sum(bool(node.end) for node in nodes),
            depth=max((node.depth for node in nodes), default=0),
            ends=tuple(sorted({node.end for node in nodes if node.end})),
            steps=len(self._steps & steps),
            all_steps=len(steps),
            unseen=tuple(sorted(steps - self._steps)),
            ways=len(taken),
            untaken=tuple(f"{step}: {outcome}" for step, outcome in sorted(ways - taken)),
            untried=untried(self._graph, self._invariants, self._held),
            faults=dict(sorted(self._faults.items())),
            cut=len(left),
            why=why,
            cut_at=tuple(sorted({one.run.frame.step for one in left})),
        )


def _all_steps(graph: FlowGraph) -> Iterator[str]:
    yield from graph.steps
    for name, inner in graph.subflows.items():
        yield from (f"{name}/{step}" for step in inner.steps)


def _all_ways(graph: FlowGraph) -> Iterator[tuple[str, str]]:
    """Of each step the outcomes that its `next` names or covers."""
    for name, flow in flows(graph).items():
        for step in flow.steps.values():
            if step.name not in flow.finally_:
                yield from ((f"{name}/{step.name}" if name else step.name, one) for one in possible.ways(flow, step))


def _way(graph: FlowGraph, step: str, outcome: str) -> tuple[str, str]:
    flow, _, name = step.rpartition("/")
    return step, possible.way_of(graph.flow_of(flow).steps[name], outcome)
