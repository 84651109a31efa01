"""Signals from outside: to the step that waits for one, to its handler, or kept (the latest of each name)."""

from engine.interpret import interrupting, position
from engine.interpret.turn import Turn
from engine.model.events import SignalReceived
from engine.model.state import Waiting


def received(turn: Turn, event: SignalReceived) -> None:
    """A signal that comes while its own handler runs is kept: sent twice, it must not end the call."""
    turn.trace("signal", event.name)
    turn.signals = {**turn.signals, event.name: event.payload}
    doing = turn.doing
    if isinstance(doing, Waiting) and doing.signal == event.name:
        take(turn, event.name)
    elif not turn.call_is_over and interrupting.is_handled(turn, f"signal.{event.name}"):
        interrupting.come(turn, f"signal.{event.name}")


def take(turn: Turn, name: str) -> None:
    """The step that waits for the signal is over, if it is there."""
    if name in turn.signals:
        position.finish(turn, "done", turn.take_signal(name))
