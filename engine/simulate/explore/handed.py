"""What is read under another name than the one it comes under: a value that is computed from it, what a subflow returns, what a
`wait` takes over from the step that it waits for, and from a signal."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from engine.model.graph import (
    Expression,
    FlowGraph,
    Lookup,
    ReturnValue,
    SetValue,
    Step,
    SubflowValue,
    WaitValue,
)
from engine.simulate.explore.used import used

Place = tuple[str, str]
"""A flow ("" for the run's own), and a name in it."""


class Handed(Struct, frozen=True):
    """`to` takes its value from `given`, an expression or a template of `flow`."""

    to: Place
    flow: str
    given: Any


class Through(Struct, frozen=True, eq=False):
    """A condition on what is computed, as one on what it is computed from."""

    condition: Expression
    name: str
    given: Any

    @property
    def source(self) -> str:
        return f"{self.condition.source} {self.given.source}"

    @property
    def names(self) -> tuple[str, ...]:
        others = (one for one in self.condition.names if one != self.name)
        return tuple(dict.fromkeys((*self.given.names, *others)))

    def evaluate(self, lookup: Lookup) -> Any:
        given = self.given
        value = given.render(lookup) if hasattr(given, "render") else given.evaluate(lookup)
        return self.condition.evaluate(lambda name: value if name == self.name else lookup(name))


def flows(graph: FlowGraph) -> Mapping[str, FlowGraph]:
    return {"": graph, **graph.subflows}


def computed(graph: FlowGraph) -> Iterator[Handed]:
    """By `set`, and to a subflow, unless it is a copy; and back from a subflow."""
    for flow, one in flows(graph).items():
        for step in one.steps.values():
            copies = used(step).copies
            yield from (each for each in _by(flow, step) if not copies.get(_local(flow, each.to)))
            yield from _back(graph, flow, step)


def _local(flow: str, to: Place) -> str:
    """As `used.py` calls it."""
    return to[1] if to[0] == flow else "/".join(to)


def _by(flow: str, step: Step) -> Iterator[Handed]:
    value = step.value
    if isinstance(value, SetValue):
        yield from (Handed((flow, f"vars.{name}"), flow, one) for name, one in value.assignments.items())
    elif isinstance(value, SubflowValue):
        yield from (Handed((value.flow, f"inputs.{name}"), flow, one) for name, one in _read(value.given))


def _back(graph: FlowGraph, flow: str, step: Step) -> Iterator[Handed]:
    value = step.value
    if isinstance(value, SubflowValue) and value.flow in graph.subflows:
        for inner in graph.subflows[value.flow].steps.values():
            if isinstance(inner.value, ReturnValue):
                given = _read(inner.value.given)
                yield from (Handed((flow, f"steps.{step.name}.{name}"), value.flow, one) for name, one in given)


def _read(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, one) for name, one in given.items() if getattr(one, "names", None))


def results(graph: FlowGraph, flow: str, step: str) -> list[Place]:
    """Where the results of what a step has begun are read: as its own, and as those of steps that wait for it, also in a subflow
    that it is handed to."""
    found, todo = [(flow, f"steps.{step}")], [(flow, step)]
    for place in todo:
        for name, of, one in _on(graph, *place):
            if (name, one) not in todo and of == "handle":
                todo.append((name, one))
            elif of == "wait":
                found.append((name, f"steps.{one}"))
    return found


def _on(graph: FlowGraph, flow: str, handle: str) -> Iterator[tuple[str, str, str]]:
    for step in graph.flow_of(flow).steps.values():
        value = step.value
        if isinstance(value, WaitValue) and handle in value.handles:
            yield flow, "wait", step.name
        elif isinstance(value, SubflowValue) and value.flow in graph.subflows:
            yield from ((value.flow, "handle", name) for name, one in value.handles.items() if one == handle)


def signalled(graph: FlowGraph, signal: str) -> list[Place]:
    """Where what comes with a signal is read: in its handlers, and after the steps that wait for it."""
    every = flows(graph)
    waits = [
        (flow, f"steps.{step.name}")
        for flow, one in every.items()
        for step in one.steps.values()
        if isinstance(step.value, WaitValue) and step.value.signal == signal
    ]
    return [*((flow, "signal") for flow in every), *waits]
