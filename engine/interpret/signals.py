"""Signals from outside: to the step that waits for one, to its handler, or kept (the latest of each name)."""

from engine.interpret import position
from engine.interpret.turn import Turn
from engine.model.events import SignalReceived
from engine.model.state import HangingUp, Settling, Waiting


def received(turn: Turn, event: SignalReceived) -> None:
    """A signal that comes while its own handler runs is kept: sent twice, it must not end the call."""
    turn.trace("signal", event.name)
    turn.signals = {**turn.signals, event.name: event.payload}
    doing = turn.doing
    if isinstance(doing, Waiting) and doing.signal == event.name:
        take(turn, event.name)
    elif _is_free(turn) and _is_handled(turn, f"signal.{event.name}"):
        _take(turn, event.name)
        position.interrupt(turn)
        position.happened(turn, f"signal.{event.name}")


def take(turn: Turn, name: str) -> None:
    """The step that waits for the signal is over, if it is there."""
    if name in turn.signals:
        position.finish(turn, "done", _take(turn, name))


def _take(turn: Turn, name: str) -> dict[str, object]:
    turn.signal = turn.signals[name]
    turn.signals = {other: payload for other, payload in turn.signals.items() if other != name}
    return turn.signal


def _is_free(turn: Turn) -> bool:
    """May the current step be interrupted? Not when the call is over or about to be."""
    return (
        turn.status == "running"
        and not turn.call_is_over
        and turn.leaving is None
        and not isinstance(turn.doing, HangingUp | Settling)
    )


def _is_handled(turn: Turn, event: str) -> bool:
    """Does a frame handle it, and is none doing so already?"""
    flows = [turn.flow, *(turn.graph.flow_of(one.subflow) for one in turn.callers)]
    handled = [*turn.handled, *(event for one in turn.callers for event in one.handled)]
    return event not in handled and any(event in flow.handlers for flow in flows)
