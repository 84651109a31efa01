"""Time comes in as an event: `TimePassed` fires every timer that is due, earliest first."""

from engine.interpret import ending, lookups, position
from engine.interpret.steps import BEHAVIOURS
from engine.interpret.turn import Turn
from engine.model.ids import ControlId
from engine.model.state import HangingUp


def time_passed(turn: Turn) -> None:
    due = sorted((due_ms, name) for name, due_ms in turn.timers.items() if due_ms <= turn.now_ms)
    for due_ms, name in due:
        # An earlier one may have cleared it or moved it.
        if turn.timers.get(name) == due_ms:
            turn.timers.pop(name)
            turn.trace("timer", name)
            _fire(turn, name)


def _fire(turn: Turn, name: str) -> None:
    if name == "step" and isinstance(turn.doing, HangingUp):
        ending.hang_up_again(turn)
    elif name == "step":
        BEHAVIOURS[turn.step.verb].on_timer(turn, turn.step)
    elif name == "call" and turn.call_is_over:
        ending.end_run(turn, turn.call.end_reason or "hangup")
    elif name == "call":
        position.interrupt(turn)
        position.land(turn, "call")
    elif name == "presence":
        lookups.look_up(turn)
    elif name == "lookup":
        lookups.unanswered(turn)
    elif name == "settle":
        ending.settled(turn)
    elif name == "dial":
        lookups.dial_overdue(turn)
    elif name == "dial_end":
        lookups.dial_given_up(turn)
    else:
        op = turn.operations.get(ControlId(name))
        if op is not None:
            lookups.overdue(turn, op)
