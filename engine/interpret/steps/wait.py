"""wait: for a time, for a handle, for any or all of several, or for a signal."""

from engine.interpret import operations, position, signals
from engine.interpret.steps.base import Behaviour
from engine.interpret.turn import Turn
from engine.model.graph import Step, WaitValue
from engine.model.state import Operation, Waiting


class WaitStep(Behaviour):
    needs_call = False

    def enter(self, turn: Turn, step: Step) -> None:
        value = step.value
        assert isinstance(value, WaitValue)
        found = [operations.handle(turn, name) for name in value.handles]
        handles = tuple(op.control_id for op in found if op is not None)
        if len(handles) < len(value.handles):
            position.finish(turn, "error", {"code": "no-operation"})
            return
        timeout_ms = value.duration_ms or value.timeout_ms
        if timeout_ms:
            turn.timers["step"] = turn.now_ms + timeout_ms
        turn.doing = Waiting(handles=handles, all=value.all, signal=value.signal)
        if value.signal:
            signals.take(turn, value.signal)
        else:
            self._look(turn, value)

    def on_operation(self, turn: Turn, step: Step, op: Operation) -> None:
        assert isinstance(step.value, WaitValue)
        self._look(turn, step.value)

    def on_timer(self, turn: Turn, step: Step) -> None:
        assert isinstance(step.value, WaitValue)
        position.finish(turn, "done" if step.value.duration_ms else "timeout")

    def _look(self, turn: Turn, value: WaitValue) -> None:
        doing = turn.doing
        if not isinstance(doing, Waiting) or not doing.handles:
            return
        if not value.many and self._take(turn, turn.operations[doing.handles[0]]):
            return
        found = [turn.operations[one] for one in doing.handles]
        over = [op for op in found if op.phase == "over" or op.unread]
        if not value.many and over:
            position.finish(turn, over[0].outcome, over[0].fields)
        elif value.many and len(over) >= (len(doing.handles) if doing.all else 1):
            position.finish(turn, "done")

    def _take(self, turn: Turn, op: Operation) -> bool:
        """The next result of an operation that has several."""
        result = operations.take_result(turn, op)
        if result is None:
            return False
        position.finish(turn, result.outcome, result.fields)
        return True
