"""Stops, timers, update: one command, over when it is answered."""

from msgspec.structs import replace

from engine.interpret import operations, position
from engine.interpret.steps.base import Behaviour
from engine.interpret.turn import Turn
from engine.model.graph import ApiValue, Step
from engine.model.limits import ACCEPT_MS
from engine.model.state import Ordering
from engine.model.verbs import VERB

_PAUSES = {"calling.record.pause": True, "calling.record.resume": False}


class OrderStep(Behaviour):
    def enter(self, turn: Turn, step: Step) -> None:
        value = step.value
        assert isinstance(value, ApiValue)
        params = value.params if value.constant else turn.render(value.params)
        if value.handle is None:
            refusal = _refusal(turn, step.verb, params)
            if refusal:
                turn.trace("skipped", VERB[step.verb].command, refusal)
                position.finish(turn, "rejected", {"code": refusal})
                return
            seq = turn.send(VERB[step.verb].command, params)
        else:
            found = self._order(turn, step, value, params)
            if found is None:
                turn.trace("skipped", VERB[step.verb].command, f"{value.handle} is over")
                position.finish(turn, "accepted")
                return
            seq = found
        turn.doing = Ordering(seq=seq)
        turn.timers["step"] = turn.now_ms + ACCEPT_MS

    def _order(self, turn: Turn, step: Step, value: ApiValue, params: dict[str, object]) -> int | None:
        """Sends the order to the handle's operation; None when that is over already, or being stopped."""
        assert value.handle is not None
        op = operations.handle(turn, value.handle)
        command = VERB[step.verb].command
        if op is None or op.phase == "over" or op.stopping:
            return None
        if command == "calling.collect.start_input_timers":
            return operations.arm(turn, op)
        if command == operations.life_of(op).stop:
            operations.stop(turn, op)
            return turn.seq
        if command in _PAUSES:
            turn.put(replace(op, paused=_PAUSES[command]))
        return turn.send(command, dict(params), control_id=op.control_id)

    def on_timer(self, turn: Turn, step: Step) -> None:
        position.finish(turn, "lost", {"code": "unanswered"})


def _refusal(turn: Turn, verb: str, params: dict[str, object]) -> str:
    """The platform's code for an `update` that it is bound to refuse, as far as the run knows its call.

    Steps run only while the run's own leg is answered; of another leg nothing is known.
    """
    own = params.get("id", turn.call.call_id) == turn.call.call_id
    if verb == "update" and own and params.get("status") == "canceled":
        return "cannot_cancel_in_progress"
    return ""
