"""The two entries. Live calls, tests, exploration and replay all run these.

start(graph, event, uses=...)   -> Advance     a call arrived, or an outbound one is wanted
advance(graph, state, event)    -> Advance     anything that happens afterwards
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.interpret import answers, calls, entering, findings, notice, operations, resume, signals, timers
from engine.interpret.calls import call_state_reported, inbound, outbound
from engine.interpret.steps import excursion, fetch
from engine.interpret.turn import Turn
from engine.model.advance import Advance
from engine.model.events import (
    AnyEvent,
    CallArrived,
    CallLookedUp,
    CallReturned,
    CallStateReported,
    CancelRequested,
    CommandAnswered,
    DialSent,
    Fetched,
    OperationReported,
    Resumed,
    RunRequested,
    SignalReceived,
    StartEvent,
    TimePassed,
    UnknownReported,
)
from engine.model.graph import FlowGraph
from engine.model.limits import PRESENCE_MS
from engine.model.state import RunState


def start(
    graph: FlowGraph, event: StartEvent, *, uses: Mapping[str, Any] | None = None, presence_ms: int = PRESENCE_MS
) -> Advance:
    """The run's first state and commands. `uses` are the environment's bindings, which the run keeps;
    `presence_ms` is how often a quiet call is looked up."""
    if isinstance(event, CallArrived):
        turn = inbound(graph, event, dict(uses or {}), presence_ms)
    else:
        turn = outbound(graph, event, dict(uses or {}), presence_ms)
    entering.enter_all(turn)
    return turn.close()


def advance(graph: FlowGraph, state: RunState, event: AnyEvent) -> Advance:
    """What `event` does to the run. Never raises for anything that can come from outside.

    A run that has ended takes events as well, and they are late: webhooks may come hours afterwards."""
    turn = Turn(graph, state, event.at_ms)
    if state.status == "ended":
        turn.trace("late", type(event).__name__)
        if isinstance(event, CallStateReported):
            calls.late_leg(turn, event)
        return turn.close()
    _TAKES[type(event)](turn, event)
    entering.enter_all(turn)
    return turn.close()


def _reported(turn: Turn, event: OperationReported) -> None:
    op = operations.report(turn, event)
    if op is not None:
        notice.heard(turn, op)


def _dial_sent(turn: Turn, event: DialSent) -> None:
    turn.dial_waits = False


def _ignored(turn: Turn, event: UnknownReported) -> None:
    turn.trace("ignored", event.event_type, event.reason)


def _duplicate(turn: Turn, event: StartEvent) -> None:
    turn.trace("duplicate", type(event).__name__)


_TAKES: Mapping[type[AnyEvent], Callable[[Turn, Any], None]] = {
    OperationReported: _reported,
    CommandAnswered: answers.answered,
    CallStateReported: call_state_reported,
    CancelRequested: lambda turn, _: calls.cancel_requested(turn),
    DialSent: _dial_sent,
    CallLookedUp: findings.looked_up,
    Fetched: fetch.reply,
    CallReturned: excursion.returned,
    SignalReceived: signals.received,
    TimePassed: lambda turn, _: timers.time_passed(turn),
    Resumed: resume.resumed,
    UnknownReported: _ignored,
    CallArrived: _duplicate,
    RunRequested: _duplicate,
}
"""Every kind of event has its line; a `match` over all of them would be three of the microseconds of a round."""
