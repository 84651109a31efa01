"""Deadlines that passed, and what the voice log says then."""

from msgspec.structs import replace

from engine.interpret import calls, ending, lookups, notice, operations
from engine.interpret.turn import Turn
from engine.model.events import CallLookedUp, OperationReported
from engine.model.state import Asking, Operation


def overdue(turn: Turn, op: Operation) -> None:
    """An operation's deadline passed: its last report is lost, or the call is."""
    turn.put(replace(op, due_ms=0))
    if op.stopping:
        notice.on_over(turn, operations.over(turn, op, operations.life_of(op).stopped))
    elif isinstance(turn.doing, Asking) and turn.doing.play == op.control_id:
        # An ask can go on without it: the prompt must be over by now, and if it is not, it is stopped.
        operations.stop(turn, op)
        notice.on_over(turn, operations.over(turn, turn.operations[op.control_id], "finished"))
    else:
        lookups.look_up(turn, (op.control_id,))


def looked_up(turn: Turn, event: CallLookedUp) -> None:
    if event.seq and (turn.looking_up is None or turn.looking_up.seq != event.seq):
        turn.trace("late", "look-up", event.found)
        return
    turn.pending.pop(event.seq, None)
    for report in event.reports:
        _report(turn, report)
    if event.found == "ended" and not turn.call_is_over:
        ending.call_ended(turn, event.end_reason or "hangup")
        return
    if event.found == "answered":
        calls.found_answered(turn)
    if event.seq:
        _lost(turn)


def _report(turn: Turn, report: OperationReported) -> None:
    """What a lost webhook would have said; admitted like one."""
    op = operations.report(turn, report)
    if op is not None:
        notice.heard(turn, op)


def unsettled(turn: Turn) -> None:
    """After the call's end a recording has not reported in time: the voice log may know of it."""
    asking = tuple(op.control_id for op in turn.live())
    if asking:
        lookups.look_up(turn, asking)
    else:
        ending.settled(turn)


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
        if trailed := operations.trailed(op):
            notice.on_over(turn, operations.over(turn, op, trailed))
            continue
        notice.lost(turn, op, {"code": "lost"})
