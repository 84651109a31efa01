"""What may be true before each step, over all ways that lead there.

Facts are the bits of a number, each of which says that something *may* be so (`the tape may run`); what
must be so is asked the other way about. A `Transfer` gives what is left of them after an edge, or None
when the edge cannot be taken. Where ways meet, whatever may be so on one of them may be so: the facts
are joined by `|`, until nothing more is added.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from engine.compile.paths.edges import Edge, Place, edges, is_left_by_hangup
from engine.compile.patience import Ask, go_on
from engine.model.graph import RESUME, FlowGraph

if TYPE_CHECKING:
    from engine.compile.paths.memories import Memory

Facts = int
Transfer = Callable[[Edge, Facts], Facts | None]


_AFTER_THE_END = Place(RESUME, over=True)


class Paths:
    """The edges by their source, looked for when they are first asked for. `ask`: may it be gone on? At each place that is
    looked at."""

    def __init__(self, graph: FlowGraph, ask: Ask = go_on) -> None:
        self.graph = graph
        self.ask = ask
        self.start = Place(graph.start)
        self._handlers = {*graph.handlers.values()}
        self._found: dict[Place, tuple[Edge, ...]] = {}

    @cached_property
    def out(self) -> dict[Place, tuple[Edge, ...]]:
        return self._found if self.order else {}

    @cached_property
    def memories(self) -> "tuple[Memory, ...]":
        """Made when the first way is to be shown: a sound flow needs none."""
        from engine.compile.paths.memories import memories

        return tuple(memories(self.graph))

    @cached_property
    def resumed(self) -> set[Place]:
        return {place for place in self.out if place.step == RESUME}

    @cached_property
    def order(self) -> tuple[Place, ...]:
        """Every place behind those that lead to it, but for loops, so that a few rounds suffice: the reverse of the order in
        which a depth-first walk leaves them."""
        left: list[Place] = []
        walk = [(self.start, iter(self._ahead(self.start)))]
        while walk:
            place, ways = walk[-1]
            onward = next((edge.target for edge in ways if edge.target not in self._found), None)
            if onward is None:
                left.append(place)
                walk.pop()
            else:
                walk.append((onward, iter(self._ahead(onward))))
        return tuple(reversed(left))

    def interrupted(self, edge: Edge, so_far: str) -> str:
        """The step that the latest handler has interrupted, after this edge too; empty where nothing resumes it."""
        if not self.resumed or edge.kind == "resume":
            return ""
        return edge.source.step if edge.target.step in self._handlers else so_far

    def was(self, edge: Edge, before: Mapping[Place, Facts]) -> Facts | None:
        """What was so before the step that an edge resumes, when it was interrupted; None where it was not. The call's end
        interrupts a step of a call that lives, which is resumed when it is over."""
        known = before.get(edge.target)
        if edge.target.over and is_left_by_hangup(self.graph, edge.target.step):
            lived = before.get(Place(edge.target.step))
            return known if lived is None else lived | (known or 0)
        return known

    def _ahead(self, place: Place) -> tuple[Edge, ...]:
        self.ask()
        self._found[place] = tuple(edges(self.graph, place))
        return self._found[place]


class Solved(NamedTuple):
    """`before` are the facts before each place that can be reached, with the `first` ones at the start and this `transfer`."""

    paths: Paths
    first: Facts
    transfer: Transfer
    before: Mapping[Place, Facts]

    def at(self, place: Place) -> Facts:
        """None of them where the place cannot be reached."""
        return self.before.get(place, 0)


def solve(paths: Paths, first: Facts, transfer: Transfer) -> Solved:
    before = {paths.start: first}
    stale = {paths.start}
    while stale:
        for place in paths.order:
            if place not in stale:
                continue
            stale.discard(place)
            paths.ask()
            facts = before[place]
            for edge in paths.out[place]:
                was = paths.was(edge, before) if edge.kind == "resume" else 0
                after = transfer(edge, facts) if was is not None else None
                if was is None or after is None:
                    continue
                known = before.get(edge.target)
                joined = after | was | (known or 0)
                if joined == known:
                    continue
                before[edge.target] = joined
                stale.add(edge.target)
                if paths.resumed and (known is None or _AFTER_THE_END in before):
                    # What can be interrupted can be resumed.
                    stale |= paths.resumed & before.keys()
    return Solved(paths, first, transfer, before)
