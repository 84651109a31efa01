"""Looks for the ways out of a flow's steps: which calls take them, by going through what a call may come to.

It is the search of `explore`, with another end: whoever has not been looked at often goes first, so that all
places are seen soon, and it is over as soon as every way out has been taken.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

from engine.exchange.caller import HangsUp
from engine.simulate.cases import coverage
from engine.simulate.cases.coverage import Way as Taken
from engine.simulate.explore import beginnings
from engine.simulate.explore.beginnings import Beginning, Given
from engine.simulate.explore.found import Way
from engine.simulate.explore.likeness import Likeness
from engine.simulate.explore.moves import AnyMove, Does, Signals
from engine.simulate.explore.situation import Situation
from engine.simulate.explore.taken import Taken as Done
from engine.simulate.explore.taking import Taking
from engine.simulate.generate.aims import handler
from engine.simulate.generate.queueing import Queue
from engine.simulate.generate.samples import Samples
from engine.simulate.outcome import Transition

_UNNATURAL = 60
"""So many moves further a call is gone to an end without hanging up or a signal."""


class Edge(Struct):
    """A move from one place to another, and the ways out of steps that are taken by it."""

    before: int
    after: int
    move: AnyMove
    takes: frozenset[Taken]

    @property
    def cost(self) -> int:
        move = self.move
        odd = isinstance(move, Signals) or (isinstance(move, Does) and isinstance(move.act, HangsUp))
        return _UNNATURAL if odd else 1


class Place(Struct):
    """A situation that was reached first by `by` (None: a beginning). `ends`: the call is over. `begun`: the ways out that are
    taken as the call begins, and so by each move from there."""

    by: Edge | None
    depth: int
    beginning: Beginning
    ends: bool
    begun: frozenset[Taken] = frozenset()
    on: list[Edge] = []


class Sought(Struct):
    """All places that were looked at. `cut`: some were left, because a bound was reached."""

    places: list[Place]
    first: dict[Taken, list[Edge]]
    cut: bool = False

    def way_to(self, edge: Edge | None) -> list[Edge]:
        """From the beginning of the call."""
        found: list[Edge] = []
        while edge is not None:
            found.append(edge)
            edge = self.places[edge.before].by
        return found[::-1]


def back(by: dict[int, Edge | None], at: int) -> list[Edge]:
    """The moves to a place, where `by` has for each place the one that a search came there by; None: it began there."""
    found: list[Edge] = []
    while (edge := by[at]) is not None:
        found.append(edge)
        at = edge.before
    return found[::-1]


QUIET = 6_000
"""After so many situations without a way out that is new, the search is given up."""
QUIET_TOLD, QUIET_AGAIN = 500, 3_000
"""The same where the flow's tests take all that is left, and where the flow was searched already, with another calendar."""
_OTHERS = 12
"""So many more calls that take the same way out are kept in mind."""


class Seeker:
    """`told` is what the flow's tests take."""

    def __init__(
        self, samples: Samples, given: Given, wanted: frozenset[Taken], told: frozenset[Taken], quiet: int = QUIET
    ) -> None:
        self._graph = samples.graph
        self._samples = samples
        self._given = given
        self._wanted = set(wanted)
        self._told = told
        self._most_quiet = quiet
        self._likeness = Likeness(self._graph)
        self._known: dict[tuple[Beginning, bytes], int] = {}
        self._open = Queue()
        self._news_at = 0
        self.sought = Sought(places=[], first={})

    def seek(self, goes_on: Callable[[int], bool]) -> Sought:
        """`goes_on` is asked now and then, with the number of places; False ends the search there."""
        for how in self._samples.beginnings():
            self._reached(None, None, beginnings.begin(self._graph, self._given, how), how)
        while self._open and self._wanted:
            count = len(self.sought.places)
            if count - self._news_at > self._quiet or (count % 64 == 0 and not goes_on(count)):
                self.sought.cut = True
                break
            self._go_on(*self._open.take())
        return self.sought

    @property
    def _quiet(self) -> int:
        return QUIET_TOLD if self._wanted <= self._told else self._most_quiet

    def _go_on(self, index: int, at: Situation) -> None:
        how = self.sought.places[index].beginning
        for move in self._samples.moves(at):
            self._reached(index, move, Taking(self._graph, at).take(move), how)

    def _reached(self, before: int | None, move: AnyMove | None, done: Done, how: Beginning) -> None:
        after, places = done.after, self.sought.places
        key = (how, self._likeness.of(after))
        index = self._known.get(key)
        is_new = index is None
        if index is None:
            index = self._known[key] = len(places)
            ends = after.is_over and not (after.waiting or after.sent is not None or after.flying)
            depth = places[before].depth + 1 if before is not None else 0
            places.append(Place(by=None, depth=depth, beginning=how, ends=ends, on=[]))
        takes = frozenset(self._takes(done))
        edge = None
        if before is None or move is None:
            places[index].begun |= takes
        else:
            takes |= places[before].begun
            edge = Edge(before=before, after=index, move=move, takes=takes)
            places[before].on.append(edge)
            for one in takes:
                found = self.sought.first.setdefault(one, [])
                if len(found) < _OTHERS:
                    found.append(edge)
        if edge is not None and self._wanted & takes:
            self._wanted -= takes
            self._news_at = len(places)
        if is_new:
            places[index].by = edge
            if not places[index].ends:
                self._open.put(places[index].depth, index, after, how)

    def _takes(self, done: Done) -> Iterator[Taken]:
        for turned in done.turns:
            for one in turned.done.trace:
                flow, _, step = one.step.rpartition("/")
                if one.what == "outcome":
                    went = Transition(flow or self._graph.flow, step, one.subject)
                    yield from coverage.taken(self._graph, [went])
                elif one.what == "handler":
                    yield handler(self._graph, flow or self._graph.flow, one.subject)


def way(sought: Sought, edges: list[Edge]) -> Way:
    first = sought.places[edges[0].before]
    return Way(beginning=first.beginning, moves=tuple(one.move for one in edges))
