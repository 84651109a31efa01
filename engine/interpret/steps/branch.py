"""branch: the first condition that holds."""

from engine.interpret import position
from engine.interpret.steps.base import Behaviour
from engine.interpret.turn import Turn
from engine.model.graph import BranchValue, ExpressionFailed, Step


class BranchStep(Behaviour):
    needs_call = False

    def enter(self, turn: Turn, step: Step) -> None:
        value = step.value
        assert isinstance(value, BranchValue)
        for condition, target in value.cases:
            holds = condition.evaluate(turn.lookup)
            if holds is not True and holds is not False:
                raise ExpressionFailed(f"`{condition.source}` is neither true nor false")
            if holds:
                position.go(turn, target, condition.source)
                return
        position.go(turn, value.otherwise, "else")
