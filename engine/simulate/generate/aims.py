"""What proposed cases are to take: every way out of every step, and what leads to a step from anywhere, a handler or a limit.

Of the latter, as a way, `step` says what leads there (`on hangup`, `on limit`, `visits of menu`), and `outcome` where.
"""

from collections.abc import Iterable, Iterator

from engine.model.graph import FlowGraph
from engine.model.verbs import FAILURES
from engine.simulate.cases import coverage, points
from engine.simulate.cases.coverage import Way
from engine.simulate.cases.points import Point
from engine.simulate.outcome import Outcome


def aims(graph: FlowGraph) -> frozenset[Way]:
    """Of a flow and its subflows."""
    flows = (graph, *graph.subflows.values())
    out = (way for flow in flows for way in coverage.ways(flow))
    return frozenset((*out, *(_way(one) for flow in flows for one in points.events(flow))))


def taken(graph: FlowGraph, outcome: Outcome) -> frozenset[Way]:
    """What of that a call has taken."""
    return coverage.taken(graph, outcome.transitions) | frozenset(map(_way, points.handled(graph, outcome)))


def handler(graph: FlowGraph, flow: str, event: str) -> Way:
    """That of an event that the flow handles."""
    return _way(points.handler(graph if flow == graph.flow else graph.subflows[flow], event))


def in_order(outcome: Outcome) -> Iterator[Way]:
    """As the call has taken them; handlers and limits last."""
    for one in outcome.transitions:
        yield from coverage.taken(outcome.graph, [one])
    yield from map(_way, points.handled(outcome.graph, outcome))


def is_from_anywhere(way: Way) -> bool:
    """Is it no way out of a step?"""
    return " " in way.step


def is_of_limits(way: Way) -> bool:
    """Does only a budget that is used up lead there?"""
    return way.step == "on limit" or way.step.startswith("visits of ")


def is_of_failures(way: Way) -> bool:
    """Does as a rule only something that goes wrong lead there?"""
    event = way.step.removeprefix("on ").partition(",")[0] if is_from_anywhere(way) else way.outcome
    return event in FAILURES


def said(ways: Iterable[Way], flow: str) -> Iterator[str]:
    """In words, in the tests of `flow`."""
    for way in ways:
        where = way.step if way.flow == flow else f"{way.flow}/{way.step}"
        yield f"`{where}` to `{way.outcome}`" if is_from_anywhere(way) else f"`{way.outcome}` of `{where}`"


def _way(point: Point) -> Way:
    return Way(point.flow, point.line, point.step, point.to)
