"""subflow and return: a frame above the current one, and back."""

from typing import Any

from engine.interpret import ending, operations, position, room
from engine.interpret.steps.base import Behaviour
from engine.interpret.turn import Turn
from engine.model.graph import FlowGraph, ReturnValue, Step, SubflowValue
from engine.model.ids import StepName
from engine.model.state import Calling, Frame, Leaving


class SubflowStep(Behaviour):
    needs_call = False

    def enter(self, turn: Turn, step: Step) -> None:
        value = step.value
        assert isinstance(value, SubflowValue)
        handles = {name: operations.handle(turn, given) for name, given in value.handles.items()}
        if None in handles.values():
            position.finish(turn, "error", {"code": "no-operation"})
            return
        given = {name: turn.render(tree) for name, tree in value.given.items()}
        if not room.fits(turn, given):
            position.finish(turn, "error", {"code": room.TOO_LARGE})
            return
        given |= {name: op.control_id for name, op in handles.items() if op is not None}
        flow = turn.graph.subflows[value.flow]
        turn.doing = Calling()
        turn.push(frame_of(flow, given, number=turn.frames + 1))
        turn.entering = flow.start


def frame_of(flow: FlowGraph, given: dict[str, Any], number: int) -> Frame:
    """The beginning of an activation. A whole number serves where a double is declared."""
    defaults = {name: one.default for name, one in flow.inputs.items() if not one.required}
    inputs = {
        name: float(value) if flow.inputs[name].type == "double" else value
        for name, value in {**defaults, **given}.items()
    }
    return Frame(
        number=number,
        flow=flow.flow,
        step=StepName(""),
        visits={},
        vars={name: one.default for name, one in flow.vars.items() if not one.required},
        inputs=inputs,
    )


class ReturnStep(Behaviour):
    needs_call = False

    def enter(self, turn: Turn, step: Step) -> None:
        value = step.value
        assert isinstance(value, ReturnValue)
        fields = {name: turn.render(tree) for name, tree in value.given.items()}
        if not room.fits(turn, fields):
            position.finish(turn, "error", {"code": room.TOO_LARGE})
            return
        turn.trace("returned", value.outcome)
        if turn.callers:
            ending.leave(turn, Leaving(why="return", outcome=value.outcome, fields=fields))
        else:
            # A flow that others call may also be run by itself.
            turn.remember(turn.step_name, {"outcome": value.outcome, **fields})
            ending.hang_up(turn, "done")
