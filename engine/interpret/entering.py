"""Entering steps, one after the other, until one has to wait. Each entry is counted and checked first."""

from engine.interpret import ending, interrupting, operations, position
from engine.interpret.steps import BEHAVIOURS
from engine.interpret.turn import Turn
from engine.model.graph import RESUME, ExpressionFailed
from engine.model.ids import StepName
from engine.model.visits import visit, with_visit

_LANDING_STEPS = 100
"""How many more steps a landing may take: its loops end too."""


def enter_all(turn: Turn) -> None:
    """Enters steps until one waits, or the run ends."""
    while turn.status == "running":
        if turn.left is not None:
            position.frame_left(turn)
        elif turn.put_off and interrupting.take_up(turn):
            pass
        elif turn.entering is None:
            return
        elif turn.entering == RESUME:
            turn.entering = None
            position.resume(turn)
        else:
            name, turn.entering = turn.entering, None
            visits = visit(turn.flow, turn.visits, name)
            if _admitted(turn, name, visits):
                _enter(turn, name, visits + 1)
            turn.repeats = 0


def _enter(turn: Turn, name: StepName, count: int) -> None:
    turn.step_name = name
    turn.steps += 1
    turn.visit = count
    turn.visits = with_visit(turn.flow, turn.visits, name, count)
    operations.drop_unasked(turn)
    step = turn.step
    turn.trace("entered", step.verb)
    behaviour = BEHAVIOURS[step.verb]
    if turn.call_is_over and behaviour.needs_call:
        ending.end_run(turn, turn.call.end_reason or "hangup")
        return
    try:
        behaviour.enter(turn, step)
    except ExpressionFailed as error:
        position.fail(turn, error)


def _admitted(turn: Turn, name: StepName, visits: int) -> bool:
    """Checks the budgets of steps and of visits, and lands when one is used up."""
    if turn.leaving is not None:
        return True
    limits, own = turn.flow.limits, turn.flow.steps[name].visits
    most = turn.graph.limits.steps + (_LANDING_STEPS if turn.landing else 0)
    if turn.steps >= most:
        position.land(turn, "steps")
        return False
    if own is not None and visits >= own.max:
        if own.next is None:
            position.land(turn, "visits")
        else:
            turn.trace("limit", "visits", name)
            turn.entering = own.next
            # A chain of steps whose budgets are all used up must end as well.
            turn.steps += 1
        return False
    if own is None and visits >= limits.visits and not turn.landing:
        position.land(turn, "visits")
        return False
    return True
