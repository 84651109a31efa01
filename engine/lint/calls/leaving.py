"""What a flow that is called leaves on, and what it switches off."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.lint.calls.called import once
from engine.lint.calls.facts import Kind
from engine.model.graph import ApiValue, ExcursionValue, FlowGraph, ReturnValue, Step, SubflowValue

if TYPE_CHECKING:
    from engine.lint.calls.state import Calls

ONCE = ("denoise", "ai_sidecar", "live_transcribe", "live_translate")
"""A call has one of each; there is no handle."""
HEARING = ("record", "tap", "stream", "transcribe", "ai_sidecar", "live_transcribe", "live_translate", "subflow")
"""They take in what the caller says."""
HEARD = "heard"
"""Whatever takes in what the caller says."""
_SINGLE = (*ONCE, "transcribe")
Left = Mapping[str, frozenset[str]]
"""By outcome: `HEARD`, and the verbs of which a call has one."""


@once
def left_on(flow: FlowGraph) -> Left:
    """What may go on when the flow returns."""
    from engine.lint.calls.state import Calls

    if not any(_may_leave(flow, step) for step in flow.steps.values()):
        return {}
    calls = Calls(flow)
    found: dict[str, frozenset[str]] = {}
    for step in flow.steps.values():
        if isinstance(step.value, ReturnValue):
            heard = any(calls.way("heard", name, step.name) for name in calls.names("heard"))
            on = {verb for verb, kind, name in _going_on(calls) if calls.way(kind, name, step.name)}
            known = found.get(step.value.outcome, frozenset())
            found[step.value.outcome] = known | on | ({HEARD} if heard else set())
    return found


@once
def left_for_swml(flow: FlowGraph) -> frozenset[str]:
    """The outcomes with which the flow returns when the call may have left for SWML in it."""
    from engine.lint.calls.state import Calls

    if not any(_leaves_for_swml(flow, step) for step in flow.steps.values()):
        return frozenset()
    calls = Calls(flow)
    ends = ((step.name, step.value.outcome) for step in flow.steps.values() if isinstance(step.value, ReturnValue))
    return frozenset(outcome for name, outcome in ends if calls.way("away", "", name))


def _leaves_for_swml(flow: FlowGraph, step: Step) -> bool:
    value = step.value
    return isinstance(value, ExcursionValue) or (
        isinstance(value, SubflowValue) and bool(left_for_swml(flow.subflows[value.flow]))
    )


def all_of(left: Left) -> frozenset[str]:
    return frozenset[str]().union(*left.values())


@once
def switched_off(flow: FlowGraph) -> frozenset[str]:
    """What of a call the flow switches off somewhere, or one that it calls."""
    found = {verb for step in flow.steps.values() if (verb := _stopped(step)) in ONCE}
    called = (one.value.flow for one in flow.steps.values() if isinstance(one.value, SubflowValue))
    return frozenset(found).union(*(switched_off(flow.subflows[one]) for one in called))


def _stopped(step: Step) -> str:
    stops = isinstance(step.value, ApiValue) and step.value.params.get("action") == "stop"
    return step.verb if stops else step.verb.removesuffix(".stop") if step.verb.endswith(".stop") else ""


def _may_leave(flow: FlowGraph, step: Step) -> bool:
    if isinstance(step.value, SubflowValue):
        return bool(all_of(left_on(flow.subflows[step.value.flow])))
    return step.verb in (*HEARING, *ONCE)


def _going_on(calls: "Calls") -> Iterator[tuple[str, Kind, str]]:
    yield from ((step.verb, "live", name) for name, step in calls.going_on.items() if step.verb in _SINGLE)
    yield from ((name.partition(" ")[0], "left", name) for name in calls.names("left"))
