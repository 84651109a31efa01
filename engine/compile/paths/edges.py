"""Every way on in a flow: from which step, with which outcome, to which step.

outcome   as the step's `next` says, or for a failure that it does not name the flow's handler
case      the entry of a `branch`; `case` is its number, -1 that of `else`
hangup    from every step that waits for something, to the handler
limit     from every step, to `limits.next`: before it is entered, or while it waits
visits    to `visits.next`, instead of being entered

A step may be entered while the call lives and when it is over, which are two places: after the
call's end, a step that sends something ends the run.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from msgspec import Struct

from engine.model.graph import ApiValue, BranchValue, FlowGraph, SetValue, Step, WaitValue
from engine.model.ids import StepName
from engine.model.verbs import FAILURES

Kind = Literal["outcome", "case", "hangup", "limit", "visits"]

_AT_ONCE = ("branch", "set", "end")
"""Nothing happens while they are entered: no hang-up comes between."""
SILENT = ("branch", "set", "wait", "end")
"""Verbs whose steps may be entered when the call is over."""


class Place(NamedTuple):
    step: StepName
    over: bool = False


class Edge(Struct, frozen=True, eq=False):
    """Two edges are the same when they are one object: that makes them quick to look up."""

    source: Place
    target: Place
    kind: Kind
    outcome: str
    case: int = -1


def edges(graph: FlowGraph, place: Place) -> Iterator[Edge]:
    """The ways on from a place."""
    step = graph.steps[place.step]
    yield from _not_entered(graph, step, place)
    if place.over and step.verb not in SILENT:
        return
    if isinstance(step.value, BranchValue):
        yield from _cases(step.value, place)
    for outcome in step.outcomes:
        target = step.next.target(outcome)
        if target is not None:
            for over in _over_after(step, outcome, place.over):
                yield Edge(place, Place(target, over), "outcome", outcome)
    for outcome, target in _failures(graph, step).items():
        yield Edge(place, Place(target, place.over), "outcome", outcome)
    if not place.over and "hangup" in graph.handlers and step.verb not in _AT_ONCE:
        yield Edge(place, Place(graph.handlers["hangup"], True), "hangup", "hangup")


def _not_entered(graph: FlowGraph, step: Step, place: Place) -> Iterator[Edge]:
    if step.visits is not None and step.visits.next is not None:
        yield Edge(place, Place(step.visits.next, place.over), "visits", "visits")
    if graph.limits.next is not None:
        yield Edge(place, Place(graph.limits.next, place.over), "limit", "limit")


def _cases(value: BranchValue, place: Place) -> Iterator[Edge]:
    for number, (condition, target) in enumerate(value.cases):
        yield Edge(place, Place(target, place.over), "case", condition.source, number)
    yield Edge(place, Place(value.otherwise, place.over), "case", "else")


def _failures(graph: FlowGraph, step: Step) -> dict[str, StepName]:
    found: dict[str, StepName] = {}
    for failure in failures(step):
        # An expression without a value is an error, where the step does not tell it from others.
        outcome = "error" if failure == "expression" and failure not in step.next.named else failure
        target = step.next.named.get(outcome) or graph.handlers.get(outcome)
        if target is not None:
            found[outcome] = target
    return found


def failures(step: Step) -> tuple[str, ...]:
    """How the step can fail."""
    match step.value:
        case BranchValue():
            return ("expression",)
        case SetValue():
            return ("error", "expression")
        case WaitValue(handles=handles, many=many):
            return () if not handles else ("error",) if many else FAILURES
    return () if step.verb == "end" else (*FAILURES, "expression")


def _over_after(step: Step, outcome: str, over: bool) -> tuple[bool, ...]:
    """Is the call over after the step? An `update` may end it; what its status or leg is may show only then."""
    if over or outcome != "accepted" or step.verb != "update" or not isinstance(step.value, ApiValue):
        return (over,)
    leg, status = step.value.params.get("id"), step.value.params.get("status")
    own = leg is None or (not isinstance(leg, str) and leg.names == ("call.id",))
    if not own or status is None or (isinstance(status, str) and status != "completed"):
        return (False,)
    return (True,) if isinstance(status, str) else (False, True)
