"""Who hears that an operation changed: the step that waits for it, or a run that settles."""

from typing import Any

from engine.interpret import ending, operations, position
from engine.interpret.steps import BEHAVIOURS
from engine.interpret.turn import Turn
from engine.model.ids import ControlId
from engine.model.state import Asking, Away, Doing, Operating, Operation, Ordering, Settling


def heard(turn: Turn, op: Operation) -> None:
    """After a report, whichever way it came."""
    if op.phase == "over":
        on_over(turn, op)
    else:
        on_change(turn, op)


def on_change(turn: Turn, op: Operation) -> None:
    """An operation lives now, or has shown input: whoever waits for that hears of it."""
    doing = turn.doing
    if isinstance(doing, Ordering) and doing.control_id == op.control_id:
        position.finish(turn, "accepted", remember=False)
    elif doing is not None:
        step = turn.step
        BEHAVIOURS[step.verb].on_operation(turn, step, op)


def on_over(turn: Turn, op: Operation) -> None:
    """An operation is over: a background step that was waiting for its acceptance fails with it,
    a settling run may go on, and the current step hears of it."""
    doing = turn.doing
    if isinstance(doing, Ordering) and doing.control_id == op.control_id:
        refused = op.outcome in ("rejected", "error", "lost") and not op.seen
        position.finish(turn, op.outcome if refused else "accepted", op.fields, remember=refused)
    elif turn.call_is_over:
        if isinstance(turn.doing, Settling) and not turn.live():
            ending.settled(turn)
    elif doing is not None:
        step = turn.step
        BEHAVIOURS[step.verb].on_operation(turn, step, op)
    if not op.background and op.control_id not in _awaited(turn.doing):
        turn.forget(op)


_OF_ONE = (Operating, Away)


def lost(turn: Turn, op: Operation, fields: dict[str, Any]) -> None:
    """Nobody knows how the operation went. It is stopped, so that it is not left running behind the flow's back."""
    operations.stop(turn, op)
    on_over(turn, operations.over(turn, turn.operations[op.control_id], "lost", fields))


def _awaited(doing: Doing | None) -> tuple[ControlId | None, ...]:
    """The foreground operations that the current step still looks at."""
    if isinstance(doing, Asking):
        return (doing.collect, doing.play)
    return (doing.control_id,) if isinstance(doing, _OF_ONE) else ()
