"""How a call gets to each step: the shortest way there is, in the words of the caller where it is hers to choose."""

from collections.abc import Mapping

from engine.compile.paths import Edge, Place, edges
from engine.diff.content import done
from engine.model.graph import RESUME, FlowGraph, Step
from engine.model.verbs import VERB

_SHOWN = 80
"""Characters of a condition."""

Reached = Mapping[str, tuple[str, ...]]
"""Steps, each with those passed on the way to it: `menu (press 2)`."""


def reached(graph: FlowGraph) -> Reached:
    """Every step to which any way leads, shortest ways first; through handlers and limits too."""
    begin = Place(graph.start)
    came: dict[Place, Edge | None] = {begin: None}
    ahead = [begin]
    for place in ahead:
        for edge in edges(graph, place) if place.step != RESUME else ():
            if edge.target not in came:
                came[edge.target] = edge
                ahead.append(edge.target)
    found: dict[str, tuple[str, ...]] = {}
    for place in ahead:
        if place.step not in found and place.step != RESUME:
            found[place.step] = _way(graph, came, place)
    return found


def _way(graph: FlowGraph, came: Mapping[Place, Edge | None], place: Place) -> tuple[str, ...]:
    passed: list[str] = []
    while (edge := came[place]) is not None:
        passed.append(hop(graph.steps[edge.source.step], edge))
        place = edge.source
    return tuple(reversed(passed))


def hop(step: Step, edge: Edge) -> str:
    """A step, and how it was left, where there is more than one way."""
    if edge.kind == "outcome" and step.outcomes == (edge.outcome,):
        return step.name
    if edge.kind in ("hangup", "limit", "end", "signal"):
        return f"{step.name} ({_EVENTS.get(edge.kind, edge.outcome)})"
    how = " or ".join(done(step, edge)[:2])
    return f"{step.name} ({how if len(how) <= _SHOWN else f'{how[:_SHOWN]}…'})"


_EVENTS = {"hangup": "hang-up", "limit": "a limit", "end": "the end"}


def endings(graph: FlowGraph, found: Reached) -> list[Step]:
    """The steps that can be the last one of a call."""
    return [step for step in graph.steps.values() if VERB[step.verb].ending and step.name in found]
