"""Where the run stands: outcomes and what comes next, handlers, limits.

Everything here decides only which step is next (`turn.entering`); `entering.py` enters it. For an
outcome that is, in this order:

what the step's `next` names for it    ordinary outcomes and failures alike
`otherwise`, or a plain `next: step`   ordinary outcomes only; the compiler sees to it that one fits
the flow's handler of that name        failures (error, rejected, lost), each once in a run
nothing                                the call is hung up; the run ends with the failure as its reason
"""

from typing import Any

from engine.interpret import ending, operations
from engine.interpret.turn import Turn
from engine.model.graph import ExpressionFailed
from engine.model.ids import StepName
from engine.model.limits import LANDING_GRACE_MS
from engine.model.verbs import FAILURES


def finish(turn: Turn, outcome: str, fields: dict[str, Any] | None = None, *, remember: bool = True) -> None:
    """The current step is over. Unnamed failures go to the handler, without one the call is ended."""
    _leave(turn)
    turn.trace("outcome", outcome, str((fields or {}).get("code", "")))
    if remember:
        turn.remember(turn.step_name, {"outcome": outcome, **(fields or {})})
    target = turn.step.next.target(outcome)
    if target is not None:
        turn.entering = target
    elif outcome in FAILURES:
        to_handler(turn, outcome)
    else:
        ending.hang_up(turn, "error", detail=f"step {turn.step_name} has no way on for {outcome}")


def fail(turn: Turn, error: ExpressionFailed) -> None:
    """An expression had no value: `next: {expression: ...}` where the step names it, else outcome error."""
    fields = {"code": "expression", "message": str(error)}
    named = turn.step.next.named.get("expression")
    if named is None:
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
    turn.doing = None
    turn.timers.pop("step", None)
    operations.drop_finished(turn)


def to_handler(turn: Turn, event: str) -> None:
    """Goes to the flow's handler of `event`; a second time, or without one, the call is ended."""
    target = turn.graph.handlers.get(event)
    if target is None or event in turn.handled:
        ending.hang_up(turn, event)
        return
    turn.handled = (*turn.handled, event)
    turn.trace("handler", event, target)
    turn.entering = target


def interrupt(turn: Turn) -> None:
    """Abandons the current step without an outcome."""
    if turn.doing is not None:
        operations.stop_foreground(turn)
        turn.trace("interrupted")
    _leave(turn)


def land(turn: Turn, limit: str) -> None:
    """A limit is reached: go to its landing step, which has a time of its own, or end the call."""
    turn.trace("limit", limit)
    target = turn.graph.limits.next
    if turn.landing or target is None:
        ending.hang_up(turn, "limit")
        return
    turn.landing = True
    turn.timers["call"] = turn.now_ms + LANDING_GRACE_MS
    turn.entering = target
