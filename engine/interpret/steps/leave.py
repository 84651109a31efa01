"""redirect, transfer and end: one command, and the run is over when it is accepted."""

from engine.interpret import ending, position
from engine.interpret.steps.base import Behaviour
from engine.interpret.turn import Turn
from engine.model.graph import LeaveValue, Step
from engine.model.limits import ACCEPT_MS
from engine.model.state import Ordering
from engine.model.verbs import VERB


class LeaveStep(Behaviour):
    def enter(self, turn: Turn, step: Step) -> None:
        value = step.value
        assert isinstance(value, LeaveValue)
        seq = turn.send(VERB[step.verb].command, turn.render(value.params))
        turn.doing = Ordering(seq=seq)
        turn.timers["step"] = turn.now_ms + ACCEPT_MS

    def on_timer(self, turn: Turn, step: Step) -> None:
        position.finish(turn, "lost", {"code": "unanswered"})


class EndStep(Behaviour):
    needs_call = False

    def enter(self, turn: Turn, step: Step) -> None:
        value = step.value
        assert isinstance(value, LeaveValue)
        if turn.call_is_over:
            ending.end_run(turn, turn.call.end_reason or "hangup")
        elif value.reason == "done":
            ending.end_run(turn, "done")
        else:
            ending.hang_up(turn, value.reason, api_reason=value.params["reason"])
