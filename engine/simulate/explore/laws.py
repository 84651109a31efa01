"""What holds at every move of an exploration, whatever the flow (`simulate/laws.py`: of every event and every command)."""

from collections.abc import Iterator

from engine.interpret import guarded
from engine.model.events import OperationReported
from engine.model.graph import FlowGraph
from engine.simulate import laws
from engine.simulate.explore import budgets
from engine.simulate.explore.moves import AnyMove, Hear
from engine.simulate.explore.situation import Situation
from engine.simulate.explore.taken import Taken
from engine.simulate.laws import Breach, Turned


def broken(graph: FlowGraph, move: AnyMove | None, taken: Taken) -> Iterator[Breach]:
    """`move` is None as the call begins."""
    for turned in taken.turns:
        yield from _of_turn(graph, turned)
    for turned in taken.stale:
        if turned.fault is None and isinstance(turned.event, OperationReported):
            yield from laws.of_late(turned)
        else:
            yield from _of_turn(graph, turned)
    for refusal in taken.refusals:
        yield from laws.of_refusal(refusal)
    if isinstance(move, Hear) and move.again:
        yield from _of_double(graph, taken)
    yield from _of_standing(taken.after)


def at_once(written: FlowGraph, taken: Taken) -> Iterator[Breach]:
    """Steps that lead back to each other, with nothing between that anybody is waited for. `written` is the flow with its
    budgets."""
    for turned in taken.turns:
        step = budgets.at_once(written, turned.done)
        if step:
            yield Breach("ends", f"`{step}` is come back to at once, again and again, and nothing is waited for")


def _of_turn(graph: FlowGraph, turned: Turned) -> Iterator[Breach]:
    if turned.fault is not None:
        yield Breach("sound", f"{type(turned.fault).__name__}: {turned.fault}")
        return
    yield from laws.of_turn(graph, turned)


def _of_double(graph: FlowGraph, taken: Taken) -> Iterator[Breach]:
    """The copy, if it came at once, would change nothing."""
    event, after = taken.turns[0].event if taken.turns else None, taken.after.run
    if isinstance(event, OperationReported):
        yield from laws.of_double(Turned(after, event, *guarded(graph, after, event)))


def _of_standing(at: Situation) -> Iterator[Breach]:
    run = at.run
    if not at.is_over:
        if at.is_quiet and run.next_due_ms is None and not at.asked and at.sent is None:
            yield Breach("deadline", f"`{run.frame.step}` waits, and nothing bounds it")
        return
    if at.waiting or at.sent is not None:
        return
    own = at.call
    if own is not None and not own.is_over and run.end_reason != "redirected":
        yield Breach("left-open", "the run is over, and its call is still up: nobody will end it")
    yield from laws.of_taking_over(run, own)
