"""What is remembered along a way: a way that contradicts itself is taken by no call.

entered    each handler once, until `next: resume` has gone back from it; a limit's landing step once for good
visited    `visits.next` is for steps that have been entered before
asked      conditions and values, until something is written that they read (asked.py)

A memory looks at a way by itself, edge by edge; `witness` follows those that a way has been found to break.
"""

from collections.abc import Iterator
from typing import Protocol

from engine.compile.paths.asked import asked
from engine.compile.paths.edges import Edge, event_of
from engine.model.graph import FlowGraph
from engine.model.ids import StepName

Past = int
"""What a memory holds of the way so far."""


class Memory(Protocol):
    @property
    def first(self) -> Past: ...
    def after(self, edge: Edge, past: Past) -> Past | None:
        """None when no call that has come like this takes the edge."""


def memories(graph: FlowGraph) -> Iterator[Memory]:
    for event in dict.fromkeys((*graph.handlers, *(["limit"] if graph.limits.next else []))):
        yield _Entered(graph, event)
    for step in graph.steps.values():
        if step.visits is not None and step.visits.next is not None:
            yield _Visited(step.name)
    yield from asked(graph)


_NOT_YET, _LATEST, _BEFORE = 0, 1, 2
"""Before another handler, whose step `next: resume` goes back to first."""


class _Entered:
    first = _NOT_YET

    def __init__(self, graph: FlowGraph, event: str) -> None:
        self._graph, self._event = graph, event

    def after(self, edge: Edge, past: Past) -> Past | None:
        if edge.kind == "resume":
            return _NOT_YET if past == _LATEST and self._event != "limit" else past
        event = event_of(self._graph, edge)
        if event == self._event:
            return _LATEST if past == _NOT_YET else None
        return _BEFORE if event not in ("", "limit") and past == _LATEST else past


class _Visited:
    """1 once the step has been entered, or may have been: what interrupts it comes before it is entered, or after."""

    first = 0

    def __init__(self, step: StepName) -> None:
        self._step = step

    def after(self, edge: Edge, past: Past) -> Past | None:
        if edge.source.step != self._step:
            return past
        return (past or None) if edge.kind == "visits" else 1
