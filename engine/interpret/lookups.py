"""Asking the platform's voice log how the call stands: when a deadline passed, and to notice a hang-up.

No webhook need report that a caller has hung up. It is noticed by the first of these: a command is
answered 404 (`answers.answered`); an operation's deadline passes and the log says `ended`
(`overdue`); nothing is live and the timer `presence` is due (`Turn._watch_presence`). All of them
lead to `ending.call_ended`.
"""

from msgspec.structs import replace

from engine.interpret import ending, notice, operations
from engine.interpret.calls import found_answered
from engine.interpret.turn import Turn
from engine.model.events import CallLookedUp
from engine.model.ids import ControlId
from engine.model.limits import LOOKUP_MS, SLACK_MS
from engine.model.state import Asking, LookingUp, Operation


def overdue(turn: Turn, op: Operation) -> None:
    """An operation's deadline passed: its last report is lost, or the call is."""
    turn.put(replace(op, due_ms=0))
    if op.stopping:
        notice.on_over(turn, operations.over(turn, op, operations.life_of(op).stopped))
    elif isinstance(turn.doing, Asking) and turn.doing.play == op.control_id:
        # An ask can go on without it: the prompt must be over by now.
        notice.on_over(turn, operations.over(turn, op, "finished"))
    else:
        look_up(turn, (op.control_id,))


def look_up(turn: Turn, asking: tuple[ControlId, ...] = ()) -> None:
    """One look-up at a time; what is asked for meanwhile joins it."""
    if turn.looking_up is not None:
        joined = dict.fromkeys((*turn.looking_up.asking, *asking))
        turn.looking_up = replace(turn.looking_up, asking=tuple(joined))
        return
    turn.looking_up = LookingUp(seq=turn.ask_call(), asking=asking)
    turn.timers["lookup"] = turn.now_ms + LOOKUP_MS


def looked_up(turn: Turn, event: CallLookedUp) -> None:
    if event.seq and (turn.looking_up is None or turn.looking_up.seq != event.seq):
        turn.trace("late", "look-up", event.found)
        return
    turn.pending.pop(event.seq, None)
    if event.found == "ended":
        ending.call_ended(turn, event.end_reason or "hangup")
        return
    if event.found == "answered":
        found_answered(turn)
    if event.seq:
        _lost(turn)


def unanswered(turn: Turn) -> None:
    """The look-up itself went unanswered."""
    if turn.looking_up is not None:
        turn.pending.pop(turn.looking_up.seq, None)
        _lost(turn)


def _lost(turn: Turn) -> None:
    """The call lives (or nobody knows): the operations asked for end as lost. They are stopped, so that
    none of them is left running behind the flow's back."""
    asking = turn.looking_up.asking if turn.looking_up else ()
    turn.looking_up = None
    turn.timers.pop("lookup", None)
    for control in asking:
        op = turn.operations.get(control)
        if op is None or op.phase == "over":
            continue
        operations.stop(turn, op)
        notice.on_over(turn, operations.over(turn, turn.operations[control], "lost", {"code": "lost"}))


def dial_overdue(turn: Turn) -> None:
    """No webhook said how the dialling ended: ask the voice log, and wait a little for either."""
    turn.timers["dial_end"] = turn.now_ms + LOOKUP_MS + SLACK_MS
    if turn.call.call_id:
        look_up(turn)


def dial_given_up(turn: Turn) -> None:
    """Nobody knows of an answer: the leg, should it still ring, is cancelled, and the run ends."""
    if turn.call.call_id:
        turn.send("calling.end", {"reason": "cancel"})
    ending.end_run(turn, "lost")
