"""Chooses among the ways that were found: few calls that take all ways out, each no longer than need be."""

import heapq
from collections import deque
from collections.abc import Iterator

from msgspec.structs import replace

from engine.simulate.cases.coverage import Way as Taken
from engine.simulate.generate.aims import in_order
from engine.simulate.generate.playing import Call, Player
from engine.simulate.generate.seeking import Edge, Sought, back, way

_LONG = 150
"""A call of so many moves goes to an end; a shorter one takes what else is near."""
_NEAR = 60
_FAR = 1_000_000


class Chooser:
    def __init__(self, player: Player, sought: Sought) -> None:
        self._player = player
        self._sought = sought
        self._home = _home(sought)

    def choose(self, wanted: frozenset[Taken]) -> Iterator[Call]:
        """One after the other, whichever takes most of what is left. What cannot be played is left out."""
        left = {one for one in wanted if one in self._sought.first}
        tries = {one: deque(sorted(self._sought.first[one], key=self._oddity)) for one in left}
        while left:
            target, edges = max(self._candidates(left, tries), key=lambda one: self._worth(one[1], left))
            call = self._player.play(way(self._sought, edges), target)
            news = left & call.takes if call is not None else set()
            if call is not None and news:
                yield call
                left -= news
            if target not in news:
                tries[target].popleft()
                left -= {target} if not tries[target] else set()

    def _candidates(self, left: set[Taken], tries: dict[Taken, deque[Edge]]) -> Iterator[tuple[Taken, list[Edge]]]:
        for one in sorted(left):
            edges = self._sought.way_to(tries[one][0])
            yield one, self._goes_on(edges, left)

    def _oddity(self, edge: Edge) -> int:
        return sum(one.cost for one in self._sought.way_to(edge))

    @staticmethod
    def _worth(edges: list[Edge], left: set[Taken]) -> tuple[int, int]:
        return len({one for edge in edges for one in edge.takes if one in left}), -len(edges)

    def _goes_on(self, edges: list[Edge], left: set[Taken]) -> list[Edge]:
        """Takes what else is near, then the nearest natural end."""
        rest = left - {one for edge in edges for one in edge.takes}
        while rest and len(edges) < _LONG:
            found = self._near(edges[-1].after, rest)
            if not found:
                break
            edges = [*edges, *found]
            rest -= {one for edge in found for one in edge.takes}
        at = edges[-1].after
        while (edge := self._home[at][1]) is not None:
            edges = [*edges, edge]
            at = edge.after
        return edges

    def _near(self, start: int, rest: set[Taken]) -> list[Edge]:
        """The shortest way on that takes something of the rest."""
        by: dict[int, Edge | None] = {start: None}
        todo = deque([(start, 0)])
        while todo:
            at, far = todo.popleft()
            for edge in self._sought.places[at].on:
                if edge.cost > 1 and not edge.takes & rest:
                    continue
                if edge.takes & rest:
                    return [*back(by, at), edge]
                if edge.after not in by and far < _NEAR:
                    by[edge.after] = edge
                    todo.append((edge.after, far + 1))
        return []


def fewest(calls: list[Call]) -> list[Call]:
    """Without those whose ways out are all taken by others; those first that take least."""
    kept = list(calls)
    for one in sorted(calls, key=lambda call: len(call.takes)):
        others = frozenset[Taken]().union(*(call.takes for call in kept if call is not one))
        if one.takes <= others:
            kept.remove(one)
    return kept


def named(calls: list[Call], wanted: frozenset[Taken]) -> list[Call]:
    """Each with what it is the first to take; the plainest call first."""
    left, found = set(wanted), []
    for call in sorted(calls, key=lambda one: (len(one.scenario.faults), one.scenario.at_ms, len(one.scenario.script))):
        news = [one for one in in_order(call.outcome) if one in left]
        found.append(replace(call, news=tuple(dict.fromkeys(news))))
        left -= set(news)
    return found


def _home(sought: Sought) -> list[tuple[int, Edge | None]]:
    """Of each place how far a natural end is, and the next move there."""
    into: list[list[Edge]] = [[] for _ in sought.places]
    for place in sought.places:
        for edge in place.on:
            into[edge.after].append(edge)
    found: list[tuple[int, Edge | None]] = [(0 if one.ends else _FAR, None) for one in sought.places]
    todo = [(0, index) for index, one in enumerate(sought.places) if one.ends]
    while todo:
        far, at = heapq.heappop(todo)
        if far > found[at][0]:
            continue
        for edge in into[at]:
            if far + edge.cost < found[edge.before][0]:
                found[edge.before] = (far + edge.cost, edge)
                heapq.heappush(todo, (far + edge.cost, edge.before))
    return found
