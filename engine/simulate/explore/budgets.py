"""Budgets of visits and steps in an exploration.

A step's own `visits` are counted as the interpreter counts them, and make a situation another one. Those of the flow are not:
else a situation that is reached late would differ from the same one reached early, and loops would have to be gone through as
often as the flow allows. So the search goes through a flow without them (`endless`); that they are used up is a move of its own
(`worn`), which counts only where the loop can really be gone through again and again (`Ways.go_round`); and what has been entered
more often than they allow is not gone on from (`beyond`)."""

from collections import deque
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from engine.model.advance import Advance
from engine.model.graph import FlowGraph
from engine.model.ids import StepName
from engine.model.state import RunState
from engine.model.visits import visit
from engine.simulate.explore.endless import PLENTY, counts
from engine.simulate.explore.moves import AnyMove
from engine.simulate.explore.taken import Taken

Edge = tuple[int, int, AnyMove]


def beyond(graph: FlowGraph, run: RunState, visits: int) -> str:
    """What a run has more of than the search, or the flow itself, allows: the option or limit; empty: nothing. `graph` is the
    flow as it is written."""
    flow, counted = graph.flow_of(run.frame.subflow), run.frame.visits
    is_near = max(counted.values(), default=0) > min(visits, flow.limits.visits)
    for name, step in flow.steps.items() if is_near and not run.landing else ():
        own, count = step.visits, visit(flow, counted, StepName(name))
        allowed = flow.limits.visits if own is None else own.max
        if min(visits, allowed) < count < PLENTY:
            return "limits.visits" if allowed < visits else f"--visits {visits}"
    return "limits.steps" if run.steps > graph.limits.steps and not run.landing else ""


def at_once(graph: FlowGraph, done: Advance) -> str:
    """The step that one event alone has had entered more often than its flow allows; empty: none. `graph` is the flow as it is
    written."""
    entered: dict[tuple[int, str], int] = {}
    for one in done.trace:
        if one.what == "entered":
            place = one.frame, one.step
            entered[place] = entered.get(place, 0) + 1
            flow, _, name = one.step.rpartition("/")
            if entered[place] > graph.flow_of(flow).limits.visits and graph.flow_of(flow).steps[name].visits is None:
                return one.step
    return ""


def gone_round(graph: FlowGraph, taken: Taken) -> Iterator[str]:
    """Steps of the present frame whose budget may have been used up when they were entered: that of the flow where it was for
    a second time, one of their own at any time. What is counted is not among them, nor are steps of a subflow that was entered
    and left within one event."""
    run = taken.after.run
    flow = graph.flow_of(run.frame.subflow)
    for turned in taken.turns:
        if turned.before.landing or turned.before.frame.number != run.frame.number:
            continue
        for one in turned.done.trace:
            name = one.step.rpartition("/")[2]
            if one.what == "entered" and one.frame == run.frame.number and not name.startswith("finally."):
                own = flow.steps[name].visits
                if (own is None and one.visit > 1) or (own is not None and not counts(flow.steps[name])):
                    yield name


class Ways:
    """Where the moves of a search lead, while its budgets last."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        self._from: dict[int, list[tuple[int, AnyMove]]] = {}
        for before, after, move in edges:
            if not move.worn:
                self._from.setdefault(before, []).append((after, move))

    def go_round(self, source: int, move: AnyMove) -> bool:
        """Does what the move leads to lead back to where it was made?"""
        move = replace(move, worn="", then=())
        open_ = deque(after for after, one in self._from.get(source, ()) if replace(one, then=()) == move)
        seen = set(open_)
        while open_ and source not in seen:
            further = {after for after, _ in self._from.get(open_.popleft(), ())} - seen
            seen |= further
            open_.extend(further)
        return source in seen
