"""set: all right sides are computed before any variable changes."""

from engine.interpret import position, room
from engine.interpret.steps.base import Behaviour
from engine.interpret.turn import Turn
from engine.model.graph import SetValue, Step


class SetStep(Behaviour):
    needs_call = False

    def enter(self, turn: Turn, step: Step) -> None:
        value = step.value
        assert isinstance(value, SetValue)
        grown = turn.vars.copy()
        for name, right in value.assignments.items():
            grown[name] = right.evaluate(turn.lookup)
        if not room.fits(turn, None, vars=grown):
            position.finish(turn, "error", {"code": room.TOO_LARGE})
            return
        turn.vars = grown
        position.finish(turn, "done", remember=False)
