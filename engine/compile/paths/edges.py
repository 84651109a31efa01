"""Every way on in a flow: from which step, with which outcome, to which step.

outcome   as the step's `next` says, or for a failure that it does not name the flow's handler
case      the entry of a `branch`; `case` is its number, -1 that of `else`
hangup    from every step that waits for something, to the handler
signal    the same, to the handler of that signal
limit     from every step, to `limits.next`: before it is entered, or while it waits
visits    to `visits.next`, instead of being entered
resume    from `next: resume` to every step that a handler may have interrupted. What was so before that
          step is so again, so such an edge has to bring only what the handler may have added
end       to the first step of `finally`, from every step, and from there to the next one

A step may be entered while the call lives and when it is over, which are two places: after the
call's end, a step that sends something ends the run. A flow that is called has ways of its own.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from engine.model.graph import (
    RESUME,
    ApiValue,
    BranchValue,
    FetchValue,
    FlowGraph,
    ReturnValue,
    SetValue,
    Step,
    WaitValue,
)
from engine.model.ids import StepName
from engine.model.verbs import FAILURES, VERB

Kind = Literal["outcome", "case", "hangup", "signal", "limit", "visits", "resume", "end"]

_AT_ONCE = ("branch", "set", "return", "end")
"""Nothing happens while they are entered: no hang-up comes between."""
SILENT = ("branch", "set", "wait", "fetch", "subflow", "return", "end")
"""Verbs whose steps may be entered when the call is over."""


class Place(Struct, frozen=True, gc=False):
    step: StepName
    over: bool = False


class Edge(Struct, frozen=True, eq=False, gc=False):
    """Two edges are the same when they are one object: that makes them quick to look up."""

    source: Place
    target: Place
    kind: Kind
    outcome: str
    case: int = -1


def edges(graph: FlowGraph, place: Place) -> Iterator[Edge]:
    """The ways on from a place. `RESUME` is one of its own, from which it goes on to what was interrupted."""
    if place.step == RESUME:
        for step in graph.steps.values():
            if _may_be_interrupted(graph, step):
                yield Edge(place, Place(step.name, place.over), "resume", "resume")
        return
    step = graph.steps[place.step]
    if place.step in graph.finally_:
        following = graph.finally_[graph.finally_.index(place.step) + 1 :]
        yield from (Edge(place, Place(one, True), "end", "end") for one in following[:1])
        return
    yield from _not_entered(graph, step, place)
    yield from _last(graph, step, place)
    if place.over and step.verb not in SILENT:
        return
    yield from _ended(graph, step, place)
    yield from _happened(graph, step, place)


def is_own(step: Step, edge: Edge) -> bool:
    """Is an edge from a step its own way, rather than one that handlers, limits and the run's end open everywhere?"""
    if edge.kind == "outcome":
        return step.next.target(edge.outcome) == edge.target.step
    return edge.kind in ("case", "visits") or (edge.kind == "end" and step.name.startswith("finally."))


def is_left_by_hangup(graph: FlowGraph, step: StepName) -> bool:
    """May the call's end interrupt the step, and a handler hear of it?"""
    return "hangup" in graph.handlers and graph.steps[step].verb not in _AT_ONCE


def event_of(graph: FlowGraph, edge: Edge) -> str:
    """What a handler is entered for by the edge, or the landing step for a `limit`; empty for all others."""
    if edge.kind in ("hangup", "signal", "limit"):
        return edge.outcome
    step = graph.steps.get(edge.source.step)
    if edge.kind != "outcome" or step is None or edge.outcome in step.next.named:
        return ""
    return edge.outcome if graph.handlers.get(edge.outcome) == edge.target.step else ""


def onward(graph: FlowGraph, places: Iterable[Place]) -> Iterator[Edge]:
    """The ways on from all places that are reached from these, but for what is resumed."""
    left = list(places)
    seen = set(left)
    while left:
        for edge in edges(graph, left.pop()):
            if edge.kind == "resume":
                break
            yield edge
            if edge.target not in seen:
                seen.add(edge.target)
                left.append(edge.target)


def _not_entered(graph: FlowGraph, step: Step, place: Place) -> Iterator[Edge]:
    if step.visits is not None and step.visits.next is not None:
        yield Edge(place, Place(step.visits.next, place.over), "visits", "visits")
    if graph.limits.next is not None:
        yield Edge(place, Place(graph.limits.next, place.over), "limit", "limit")


def _last(graph: FlowGraph, step: Step, place: Place) -> Iterator[Edge]:
    """The run may end in each step, and with each of its failures, the second time even where there is a handler."""
    for first in graph.finally_[:1]:
        yield Edge(place, Place(first, True), "end", "end")
        unnamed = [one for one in failures(step) if one != "expression" and one not in step.next.named]
        life = VERB[step.verb].life
        for one in (*unnamed, *(life.leaves if life is not None else ())):
            yield Edge(place, Place(first, True), "outcome", one)


def _ended(graph: FlowGraph, step: Step, place: Place) -> Iterator[Edge]:
    if isinstance(step.value, BranchValue):
        yield from _cases(step.value, place)
    for outcome in outcomes(step) if step.verb != "subflow" or not place.over else ():
        target = step.next.target(outcome)
        if target is not None:
            for over in _over_after(step, outcome, place.over):
                yield Edge(place, Place(target, over), "outcome", outcome)
    for outcome, target in _failures(graph, step).items():
        yield Edge(place, Place(target, place.over), "outcome", outcome)


def _happened(graph: FlowGraph, step: Step, place: Place) -> Iterator[Edge]:
    """A flow that was called when the call was over comes back with the hang-up."""
    waits = step.verb not in _AT_ONCE
    if is_left_by_hangup(graph, step.name) and (not place.over or step.verb == "subflow"):
        yield Edge(place, Place(graph.handlers["hangup"], True), "hangup", "hangup")
    for event, target in graph.handlers.items() if waits and not place.over else ():
        if event.startswith("signal."):
            yield Edge(place, Place(target), "signal", event)


def _cases(value: BranchValue, place: Place) -> Iterator[Edge]:
    for number, (condition, target) in enumerate(value.cases):
        yield Edge(place, Place(target, place.over), "case", condition.source, number)
    yield Edge(place, Place(value.otherwise, place.over), "case", "else")


def outcomes(step: Step) -> tuple[str, ...]:
    """The ordinary ones; of a `fetch` also the statuses that it names, and those that it need not."""
    if not isinstance(step.value, FetchValue):
        return step.outcomes
    named = tuple(one for one in step.next.named if one.startswith("http_"))
    return tuple(dict.fromkeys((*step.outcomes, "http_3xx", *named)))


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
        case BranchValue() | FetchValue() | ReturnValue():
            return ("error", "expression") if "expression" not in step.next.named else ("expression",)
        case SetValue():
            return ("error", "expression")
        case WaitValue(handles=handles, many=many):
            return () if not handles else ("error",) if many else FAILURES
    return () if step.verb == "end" else (*FAILURES, "expression")


def _may_be_interrupted(graph: FlowGraph, step: Step) -> bool:
    waits = step.verb not in _AT_ONCE and any(one == "hangup" or "." in one for one in graph.handlers)
    return waits or any(one in graph.handlers and one not in step.next.named for one in failures(step))


def _over_after(step: Step, outcome: str, over: bool) -> tuple[bool, ...]:
    """Is the call over after the step? An `update` may end it; what its status or leg is may show only then."""
    if over or outcome != "accepted" or step.verb != "update" or not isinstance(step.value, ApiValue):
        return (over,)
    leg, status = step.value.params.get("id"), step.value.params.get("status")
    own = leg is None or (not isinstance(leg, str) and leg.names == ("call.id",))
    if not own or status is None or (isinstance(status, str) and status != "completed"):
        return (False,)
    return (True,) if isinstance(status, str) else (False, True)
