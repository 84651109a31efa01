"""The two entries. Live calls, tests, exploration and replay all run these.

start(graph, event, uses=...)   -> Advance     a call arrived, or an outbound one is wanted
advance(graph, state, event)    -> Advance     anything that happens afterwards
"""

from collections.abc import Mapping
from typing import Any, assert_never

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
    _take(turn, event)
    entering.enter_all(turn)
    return turn.close()


def _take(turn: Turn, event: AnyEvent) -> None:
    match event:
        case OperationReported():
            _reported(turn, event)
        case CommandAnswered():
            answers.answered(turn, event)
        case CallStateReported():
            call_state_reported(turn, event)
        case CancelRequested():
            calls.cancel_requested(turn)
        case DialSent():
            turn.dial_waits = False
        case CallLookedUp():
            findings.looked_up(turn, event)
        case Fetched():
            fetch.reply(turn, event)
        case CallReturned():
            excursion.returned(turn, event)
        case SignalReceived():
            signals.received(turn, event)
        case TimePassed():
            timers.time_passed(turn)
        case Resumed():
            resume.resumed(turn, event)
        case UnknownReported():
            turn.trace("ignored", event.event_type, event.reason)
        case CallArrived() | RunRequested():
            turn.trace("duplicate", type(event).__name__)
        case _:
            assert_never(event)


def _reported(turn: Turn, event: OperationReported) -> None:
    op = operations.report(turn, event)
    if op is not None:
        notice.heard(turn, op)
