"""Which events change nothing in a run, whenever they come: nothing is lost by letting them come at once.

a report of an operation that is over     and will be for ever
any report, when the run is over
progress of an operation that lives       which says no more than that it lives; its row in the table of verbs says
                                          which marks mean more (input, what a later mark is read with)
an answer                                 if all that it does is to be no longer awaited

That the run takes them so is not assumed: they are given to it, and what it makes of them is looked at (`same`).
"""

from msgspec.structs import replace

from engine.interpret.operations import life_of
from engine.model.events import AnyEvent, OperationReported
from engine.model.state import Operation, RunState


def is_idle(run: RunState, event: AnyEvent) -> bool:
    """Should it change nothing, now and later?"""
    if run.status == "ended":
        return True
    if not isinstance(event, OperationReported):
        return False
    op = run.operations.get(event.control_id)
    if op is None or op.phase == "over":
        return True
    return op.phase == "live" and op.verb == event.verb and not matters(op, event.mark)


def matters(op: Operation, mark: str) -> bool:
    """Does a mark say more than that the operation lives, and has input?"""
    life = life_of(op)
    if mark not in life.progress or mark in life.after or mark in life.trails:
        return True
    return mark in life.input and (not op.input or bool(life.results))


def same(before: RunState, after: RunState, *, answered: int = 0) -> bool:
    """Is it the same run, but for its clock, for marks that do not matter, and for the command that is `answered`?"""
    if before.operations is not after.operations and before.operations != after.operations:
        if before.operations.keys() != after.operations.keys():
            return False
        if any(seen(op) != seen(after.operations[name]) for name, op in before.operations.items()):
            return False
    pending = before.pending if not answered else tuple(one for one in before.pending if one.seq != answered)
    return replace(before, at_ms=after.at_ms, operations=after.operations, pending=pending) == after


def seen(op: Operation) -> Operation:
    """With those of its marks alone that matter."""
    return replace(op, seen=tuple(mark for mark in op.seen if matters(op, mark)))
