"""Where the run stands: outcomes and what comes next, handlers, limits.

Everything here decides only which step is next (`turn.entering`); `entering.py` enters it. For an
outcome that is, in this order:

what the step's `next` names for it    ordinary outcomes and failures alike
`otherwise`, or a plain `next: step`   ordinary outcomes only; the compiler sees to it that one fits
the flow's handler of that name        failures (error, rejected, lost), once until `next: resume`
the step that called this flow         failures without a handler in a subflow are that step's
nothing                                the call is hung up; the run ends with the failure as its reason

What happens to the run rather than to a step (a hang-up, a signal, a limit) goes to the innermost frame that has a
handler for it; the frames above that one are left.
"""

from typing import Any

from engine.interpret import ending, operations, silencing
from engine.interpret.turn import Turn
from engine.model.graph import ExpressionFailed
from engine.model.ids import StepName
from engine.model.limits import LANDING_GRACE_MS
from engine.model.state import Asking, Away, Fetching, Interrupted, Leaving, Silencing
from engine.model.verbs import FAILURES

_OF_SECRETS = (Asking, Silencing)


def finish(turn: Turn, outcome: str, fields: dict[str, Any] | None = None, *, remember: bool = True) -> None:
    """The current step is over. Unnamed failures go to the handler, without one the call is ended."""
    _leave(turn)
    turn.trace("outcome", outcome, str(fields.get("code", "")) if fields else "")
    if turn.leaving is not None:
        ending.go_on_leaving(turn)
        return
    if remember:
        turn.remember(turn.step_name, {"outcome": outcome, **(fields or {})})
    target = turn.step.next.target(outcome)
    if target is not None:
        turn.entering = target
    elif outcome in FAILURES:
        _to_handler(turn, outcome, fields or {})
    else:
        ending.hang_up(turn, "error", detail=f"step {turn.step_name} has no way on for {outcome}")


def fail(turn: Turn, error: ExpressionFailed) -> None:
    """An expression had no value: `next: {expression: ...}` where the step names it, else outcome error."""
    fields = {"code": "expression", "message": str(error)}
    named = turn.step.next.named.get("expression")
    if named is None or turn.leaving is not None:
        finish(turn, "error", fields)
        return
    _leave(turn)
    turn.trace("outcome", "expression", str(error))
    turn.remember(turn.step_name, {"outcome": "expression", **fields})
    turn.entering = named


def go(turn: Turn, target: StepName, detail: str = "") -> None:
    """Ends a step that has no outcomes (`branch`)."""
    _leave(turn)
    turn.trace("outcome", target, detail)
    turn.entering = target


def _leave(turn: Turn) -> None:
    doing, turn.doing = turn.doing, None
    if isinstance(doing, Away):
        turn.timers["call"] = turn.now_ms + doing.left_ms
    elif isinstance(doing, _OF_SECRETS):
        silencing.lift(turn, doing)
    turn.timers.pop("step", None)
    turn.timers.pop("filler", None)
    operations.drop_finished(turn)


def _to_handler(turn: Turn, failure: str, fields: dict[str, Any]) -> None:
    """Goes to the flow's handler of a failure; a second time, the call is ended. Without one it is the
    failure of the step that called the flow."""
    if failure in turn.handled:
        ending.hang_up(turn, failure)
    elif failure in turn.flow.handlers:
        _handle(turn, failure)
    elif turn.callers:
        ending.leave(turn, Leaving(why="return", outcome=failure, fields=fields))
    else:
        ending.hang_up(turn, failure)


def _handle(turn: Turn, event: str, visit: int = 0) -> None:
    target = turn.flow.handlers[event]
    step = turn.entering or turn.step_name
    turn.interrupted = (*turn.interrupted, Interrupted(event=event, step=step, visit=visit))
    turn.handled = (*turn.handled, event)
    turn.trace("handler", event, target)
    turn.entering = target


def resume(turn: Turn) -> None:
    """`next: resume`: the handler is over, and the step that it has interrupted is entered anew."""
    if not turn.interrupted:  # which the compiler sees to
        ending.hang_up(turn, "error", detail="there is nothing to resume")
        return
    was = turn.interrupted[-1]
    turn.interrupted = turn.interrupted[:-1]
    turn.handled = tuple(event for event in turn.handled if event != was.event)
    turn.entering = was.step
    turn.repeats = was.visit


def frame_left(turn: Turn) -> None:
    """A frame above this one has been left: why, says what comes next."""
    leaving, turn.left = turn.left, None
    visit, turn.repeats = turn.repeats, 0
    assert leaving is not None
    if leaving.why == "end":
        ending.leave(turn, leaving)
    elif turn.call_is_over and leaving.why == "return":
        ending.settle(turn, turn.call.end_reason or "hangup", handler=True)
    elif leaving.why == "return":
        finish(turn, leaving.outcome, leaving.fields)
    else:
        happened(turn, leaving.outcome, visit)


def happened(turn: Turn, event: str, visit: int = 0) -> None:
    """An event goes to the innermost handler, a limit to the innermost landing step; without one, the run ends.
    `visit` is of the request that it has interrupted, if any."""
    if event in turn.flow.handlers and event not in turn.handled:
        _handle(turn, event, visit)
    elif event == "limit" and turn.flow.limits.next is not None:
        _land(turn, turn.flow.limits.next)
    elif turn.callers:
        ending.leave(turn, Leaving(why="event", outcome=event))
    elif event == "hangup":
        ending.end_run(turn, turn.call.end_reason or "hangup")
    else:
        ending.hang_up(turn, event)


def interrupt(turn: Turn) -> int:
    """Abandons the current step without an outcome. Gives the visit whose request is to be repeated if the step is."""
    visit, turn.repeats = turn.repeats, 0
    if turn.doing is not None:
        operations.stop_foreground(turn)
        turn.trace("interrupted")
    if isinstance(turn.doing, Fetching):
        turn.pending.pop(turn.doing.seq, None)
        visit = turn.doing.visit
    _leave(turn)
    return visit


def land(turn: Turn, limit: str) -> None:
    """A limit is reached: go to the landing step, which has a time of its own, or end the call."""
    turn.trace("limit", limit)
    if turn.landing:
        ending.hang_up(turn, "limit")
    else:
        happened(turn, "limit")


def _land(turn: Turn, target: StepName) -> None:
    turn.landing = True
    turn.timers["call"] = turn.now_ms + LANDING_GRACE_MS
    turn.entering = target
