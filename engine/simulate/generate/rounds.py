"""Calls that go round: where a step's visits are used up, or a limit of the flow is reached."""

from collections import deque
from collections.abc import Iterable, Iterator

from engine.model.graph import FlowGraph
from engine.simulate.cases.coverage import Way
from engine.simulate.generate.aims import is_from_anywhere, is_of_limits
from engine.simulate.generate.playing import Call, Player
from engine.simulate.generate.seeking import Edge, Sought, back, way

_FAR = 400
_MOST = 6
"""A step that may be entered more often is not gone round to its limit."""


def gone_round(graph: FlowGraph, player: Player, sought: Sought, wanted: Iterable[Way]) -> Iterator[Call]:
    """One call for each step that a call comes back to, if it takes something that is wanted; the shortest rounds first. It is for
    limits that anybody goes round so often, whatever else is taken on the way."""
    left = set(wanted)
    if not any(map(is_of_limits, left)):
        return
    for edges in sorted(_rounds(graph, sought), key=len):
        if not any(map(is_of_limits, left)):
            return
        call = player.play_all(way(sought, edges), frozenset(left))
        if call is not None:
            yield call
            left -= call.takes


def _rounds(graph: FlowGraph, sought: Sought) -> Iterator[list[Edge]]:
    """By step: a way there, and from there back as often as it may be entered, and once more."""
    done: set[tuple[str, str]] = set()
    for taken in sorted(one for one in sought.first if not is_from_anywhere(one)):
        flow = graph if taken.flow == graph.flow else graph.subflows[taken.flow]
        own = flow.steps[taken.step].visits
        most = own.max if own is not None else flow.limits.visits
        if (taken.flow, taken.step) in done or most > _MOST:
            continue
        edges = _round_and_round(sought, taken, most)
        if edges:
            done.add((taken.flow, taken.step))
            yield edges


def _round_and_round(sought: Sought, taken: Way, most: int) -> list[Edge]:
    """A way that takes it so often, and once more; empty for none."""
    edges = sought.way_to(sought.first[taken][0])
    for _ in range(most):
        back = _again(sought, edges[-1], taken)
        if not back:
            return []
        edges += back
    return edges


def _again(sought: Sought, edge: Edge, taken: Way) -> list[Edge]:
    """The shortest way on that takes it again; empty for none."""
    by: dict[int, Edge | None] = {edge.after: None}
    todo = deque([(edge.after, 0)])
    while todo:
        at, far = todo.popleft()
        for one in sought.places[at].on if far < _FAR else ():
            if taken in one.takes:
                return [*back(by, at), one]
            if one.cost == 1 and one.after not in by:
                by[one.after] = one
                todo.append((one.after, far + 1))
    return []
