"""Time comes in as an event: `TimePassed` fires every timer that is due, earliest first.

A timer is a name and a Unix time in the state (`RunState.timers`); the shell keeps the earliest and
says when it has come. The names, who sets them, and what happens when they are due:

step          the current step, for itself      its behaviour's `on_timer`; `calling.end` is sent again
filler        a fetch                           the filler is played
finally       `ending.leave`                    the rest of `finally` is left out
<control_id>  `Turn.put`, an operation's due_ms the operation is looked up (`findings.overdue`)
call          the start, a landing, a hang-up   the limit `call`: its landing step, or the end
presence      `Turn.close`, while all is quiet  the call is looked up
lookup        `lookups.look_up`                 the look-up counts as unanswered
settle        `ending.settle`                   the voice log is asked for the last reports
dial          the start of an outbound run      the dialled call is looked up
dial_end      `calls.dial_overdue`             the dialled call is given up
"""

from collections.abc import Callable

from engine.interpret import calls, ending, findings, interrupting, lookups
from engine.interpret.steps import BEHAVIOURS, fetch
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
    fire = _FIRES.get(name)
    if fire is not None:
        fire(turn)
        return
    op = turn.operations.get(ControlId(name))
    if op is not None:
        findings.overdue(turn, op)


def _step(turn: Turn) -> None:
    if isinstance(turn.doing, HangingUp):
        ending.hang_up_again(turn)
    else:
        BEHAVIOURS[turn.step.verb].on_timer(turn, turn.step)


def _call(turn: Turn) -> None:
    interrupting.come(turn, "limit")


_FIRES: dict[str, Callable[[Turn], None]] = {
    "step": _step,
    "filler": fetch.fill,
    "finally": ending.left,
    "call": _call,
    "presence": lookups.look_up,
    "lookup": findings.unanswered,
    "settle": findings.unsettled,
    "dial": calls.dial_overdue,
    "dial_end": calls.dial_given_up,
}
"""Every other timer bears an operation's control_id, which has a dot in it."""
