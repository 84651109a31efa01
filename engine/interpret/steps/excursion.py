"""excursion and connect: SWML drives the call for a while, and it comes back to the next step."""

from typing import Any

from engine.interpret import operations, position, room
from engine.interpret.steps.base import Behaviour
from engine.interpret.turn import Turn
from engine.model.events import CallReturned
from engine.model.graph import ExcursionValue, Step
from engine.model.limits import ACCEPT_MS
from engine.model.state import Away, Operation
from engine.wire import bridges, typed


class ExcursionStep(Behaviour):
    def enter(self, turn: Turn, step: Step) -> None:
        value = step.value
        assert isinstance(value, ExcursionValue)
        params = turn.render(value.params)
        operations.stop_voices(turn)
        control = turn.control_id("excursion")
        seq = turn.send("update", params, control_id=control)
        turn.put(
            Operation(
                control_id=control,
                verb=step.verb,
                frame=turn.frame.number,
                flow=turn.frame.subflow,
                step=turn.step_name,
                visit=turn.visit,
                seq=seq,
                began_ms=turn.now_ms,
                ends_ms=value.deadline_ms,
                due_ms=turn.now_ms + ACCEPT_MS,
            )
        )
        turn.doing = Away(control_id=control, left_ms=turn.timers.pop("call") - turn.now_ms)

    def on_operation(self, turn: Turn, step: Step, op: Operation) -> None:
        """It is over without a return: refused, or lost."""
        doing = turn.doing
        if isinstance(doing, Away) and op.control_id == doing.control_id and op.phase == "over":
            position.finish(turn, op.outcome, op.fields)


def returned(turn: Turn, event: CallReturned) -> None:
    """The call asks for its way back. Each excursion has one return; what else comes changes nothing."""
    doing = turn.doing
    if not isinstance(doing, Away) or doing.control_id != event.control_id:
        turn.trace("duplicate" if turn.returned[0] == event.control_id else "late", event.control_id, event.outcome)
        return
    turn.returned = (event.control_id, event.outcome, event.digest)
    turn.trace("returned", event.outcome)
    turn.forget(turn.operations[doing.control_id])
    value = turn.step.value
    assert isinstance(value, ExcursionValue)
    outcome = bridges.outcome(event.vars) if value.connect else event.outcome
    _finish(turn, outcome, value, {**event.vars, **event.params})


def _finish(turn: Turn, outcome: str, value: ExcursionValue, brought: dict[str, Any]) -> None:
    fields, problem = typed.fields(brought, value.returns)
    if problem:
        position.finish(turn, "error", {"code": "invalid-return", "message": problem})
    elif not room.fits(turn, fields):
        position.finish(turn, "error", {"code": room.TOO_LARGE})
    else:
        position.finish(turn, outcome, fields)
