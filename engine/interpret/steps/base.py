"""What a verb's file provides. A behaviour keeps no state: that is in `turn.doing`."""

from engine.interpret.turn import Turn
from engine.model.graph import Step
from engine.model.state import Operation


class Behaviour:
    """`needs_call`: the step sends commands to the call, so it cannot be entered when that is over."""

    needs_call = True

    def enter(self, turn: Turn, step: Step) -> None:
        """Begins the step: sends, sets `turn.doing`, or finishes at once. May raise `ExpressionFailed`."""
        raise NotImplementedError

    def on_operation(self, turn: Turn, step: Step, op: Operation) -> None:
        """Any operation of the run changed while this step is the current one."""

    def on_timer(self, turn: Turn, step: Step) -> None:
        """The timer `step`, which this step has set, is due."""
