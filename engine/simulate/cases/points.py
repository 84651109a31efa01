"""Which steps a set of calls has entered, and which transitions it has gone: from step to step, and from a handler or a
limit to its step."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from engine.model.graph import BranchValue, FlowGraph, Step
from engine.simulate.cases import possible
from engine.simulate.outcome import Outcome


class Point(Struct, frozen=True, order=True):
    """A step of a flow, with its line; of a transition also the step `to` which it goes. Of a handler `step` is `on hangup`, of the
    flow's limits `on limit`, of the visits of a step `visits of menu`."""

    kind: Literal["steps", "transitions"]
    flow: str
    line: int
    step: str
    to: str = ""


def points(graph: FlowGraph) -> Iterator[Point]:
    """All of the flow's own, in the order of the file. What `finally` does is none."""
    for step in sorted(graph.steps.values(), key=lambda one: one.at):
        if step.name not in graph.finally_:
            yield _step(graph, step)
            yield from dict.fromkeys(
                Point("transitions", graph.flow, step.at.line, step.name, to)
                for way in possible.ways(graph, step)
                if (to := _target(step, way))
            )
    yield from events(graph)


def events(graph: FlowGraph) -> Iterator[Point]:
    """Transitions that are no outcome of a step: of handlers and limits."""
    yield from dict.fromkeys(handler(graph, event) for event in graph.handlers)
    if graph.limits.next is not None:
        yield _limit(graph, graph.limits.next)
    for step in graph.steps.values():
        if step.visits is not None and step.visits.next is not None:
            yield _visits(graph, step, step.visits.next)


def handler(graph: FlowGraph, event: str) -> Point:
    """Events that go to the same step are one transition, as `on: {failures: sorry}` says it."""
    target = graph.steps[graph.handlers[event]]
    alike = ", ".join(one for one, name in graph.handlers.items() if name == target.name)
    return Point("transitions", graph.flow, target.at.line, f"on {alike}", target.name)


def passed(graph: FlowGraph, outcome: Outcome) -> frozenset[Point]:
    """Those of a flow and its subflows that a call has passed."""
    graphs = {graph.flow: graph, **graph.subflows}
    return frozenset((*_entered(graphs, graph.flow, outcome), *_gone(graphs, outcome), *_handled(graphs, outcome)))


def _entered(graphs: dict[str, FlowGraph], own: str, outcome: Outcome) -> Iterator[Point]:
    for place in dict.fromkeys(outcome.path):
        flow, _, name = place.rpartition("/")
        inner = graphs[flow or own]
        yield _step(inner, inner.steps[name])


def _gone(graphs: dict[str, FlowGraph], outcome: Outcome) -> Iterator[Point]:
    for one in dict.fromkeys(outcome.transitions):
        step = graphs[one.flow].steps[one.step]
        if to := _target(step, one.outcome):
            yield Point("transitions", one.flow, step.at.line, step.name, to)


def handled(graph: FlowGraph, outcome: Outcome) -> Iterator[Point]:
    """Those of `events` that a call has passed, of a flow and its subflows."""
    yield from _handled({graph.flow: graph, **graph.subflows}, outcome)


def _handled(graphs: dict[str, FlowGraph], outcome: Outcome) -> Iterator[Point]:
    for flow, event in outcome.handled:
        graph = graphs[flow]
        if event in graph.handlers:
            yield handler(graph, event)
        elif event == "limit" and graph.limits.next is not None:
            yield _limit(graph, graph.limits.next)
        elif event.startswith("visits of "):
            step = graph.steps[event.removeprefix("visits of ")]
            if step.visits is not None and step.visits.next is not None:
                yield _visits(graph, step, step.visits.next)


def _step(graph: FlowGraph, step: Step) -> Point:
    return Point("steps", graph.flow, step.at.line, step.name)


def _limit(graph: FlowGraph, target: str) -> Point:
    return Point("transitions", graph.flow, graph.steps[target].at.line, "on limit", target)


def _visits(graph: FlowGraph, step: Step, target: str) -> Point:
    return Point("transitions", graph.flow, step.at.line, f"visits of {step.name}", target)


def _target(step: Step, outcome: str) -> str:
    if isinstance(step.value, BranchValue):
        return outcome if outcome in _targets(step.value) else step.next.target(outcome) or ""
    return step.next.target(outcome) or ""


def _targets(value: BranchValue) -> frozenset[str]:
    return frozenset((*(target for _, target in value.cases), value.otherwise))
