"""set: all right sides are computed before any variable changes."""

import msgspec

from engine.interpret import position
from engine.interpret.steps.base import Behaviour
from engine.interpret.turn import Turn
from engine.model.graph import SetValue, Step
from engine.model.limits import MAX_STATE_BYTES


class SetStep(Behaviour):
    needs_call = False

    def enter(self, turn: Turn, step: Step) -> None:
        value = step.value
        assert isinstance(value, SetValue)
        computed = {name: right.evaluate(turn.lookup) for name, right in value.assignments.items()}
        if len(msgspec.msgpack.encode({**turn.vars, **computed})) > MAX_STATE_BYTES:
            position.finish(turn, "error", {"code": "state-too-large"})
            return
        turn.vars = {**turn.vars, **computed}
        position.finish(turn, "done", remember=False)
