"""play, collect, record: start an operation; wait until it is over, or only until it is accepted."""

from engine.interpret import ending, lookups, operations, position
from engine.interpret.steps.base import Behaviour
from engine.interpret.turn import Turn
from engine.model.graph import ApiValue, Step, Until
from engine.model.limits import ACCEPT_MS
from engine.model.state import Operating, Operation, Ordering


class OperationStep(Behaviour):
    def enter(self, turn: Turn, step: Step) -> None:
        value = step.value
        assert isinstance(value, ApiValue)
        if step.until is not None and self._already(turn, step.until):
            position.finish(turn, "interrupted")
            return
        if step.background:
            self._replace_older(turn, step)
        params = value.params if value.constant else turn.render(value.params)
        op = operations.start(turn, step.verb, params, background=step.background, deadline_ms=step.deadline_ms)
        if step.background:
            turn.doing = Ordering(seq=op.seq, control_id=op.control_id)
            turn.timers["step"] = turn.now_ms + ACCEPT_MS
        else:
            turn.doing = Operating(control_id=op.control_id)

    def on_operation(self, turn: Turn, step: Step, op: Operation) -> None:
        doing = turn.doing
        if not isinstance(doing, Operating):
            return
        if op.control_id == doing.control_id:
            if op.phase == "over" and op.outcome in operations.life_of(op).leaves:
                ending.end_run(turn, "redirected")
            elif op.phase == "over":
                # Its results are remembered already, since it is over (`operations.over`).
                position.finish(turn, op.outcome, op.fields, remember=False)
        elif step.until is not None and op == operations.handle(turn, step.until.handle) and _speaks(op, step.until):
            # What its playback still reports has nothing to add: forgotten, it cannot change the outcome.
            playback = turn.operations[doing.control_id]
            operations.stop(turn, playback)
            turn.forget(playback)
            position.finish(turn, "interrupted")

    def on_timer(self, turn: Turn, step: Step) -> None:
        """In the background: neither answer nor event came."""
        if isinstance(turn.doing, Ordering) and turn.doing.control_id is not None:
            lookups.look_up(turn, (turn.doing.control_id,))

    def _already(self, turn: Turn, until: Until) -> bool:
        """Input that came before the prompt interrupts it before it is begun."""
        op = operations.handle(turn, until.handle)
        return op is not None and _speaks(op, until)

    def _replace_older(self, turn: Turn, step: Step) -> None:
        """Entering a background step again stops its older operation first."""
        for op in list(turn.operations.values()):
            if op.step == step.name and op.background and op.frame == turn.frame.number:
                operations.stop(turn, op)
                turn.forget(op)


def _speaks(op: Operation, until: Until) -> bool:
    """Of an operation with several results only those that nobody has taken speak."""
    if until.outcomes:
        ended = op.phase == "over" and op.outcome in until.outcomes
        return ended or any(one.outcome in until.outcomes for one in op.unread)
    return op.input
