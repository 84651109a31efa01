"""Situations that are still to be gone on from: whoever stands where the search has been least goes first, the nearer first."""

import heapq
from collections import Counter

from engine.simulate.explore.situation import Situation

Where = tuple[object, ...]
"""Where in its flow a situation stands."""


class Queue:
    """One heap for each place in the flow, and one of these by how often they were looked at: what is counted for a place moves
    all that stand there at once."""

    def __init__(self) -> None:
        self._at: dict[Where, list[tuple[int, int, Situation]]] = {}
        self._looked: Counter[Where] = Counter()
        self._first: list[tuple[int, int, int, Where]] = []

    def __bool__(self) -> bool:
        return bool(self._at)

    def put(self, depth: int, index: int, situation: Situation) -> None:
        where = _where(situation)
        here = self._at.setdefault(where, [])
        heapq.heappush(here, (depth, index, situation))
        if here[0][1] == index:
            self._offer(where)

    def take(self) -> tuple[int, Situation]:
        """And its index."""
        while True:
            looked, depth, index, where = heapq.heappop(self._first)
            here = self._at.get(where)
            if here is not None and (looked, depth, index) == (self._looked[where], *here[0][:2]):
                break
        _, index, situation = heapq.heappop(here)
        self._looked[where] += 1
        if here:
            self._offer(where)
        else:
            del self._at[where]
        return index, situation

    def _offer(self, where: Where) -> None:
        depth, index, _ = self._at[where][0]
        heapq.heappush(self._first, (self._looked[where], depth, index, where))


def _where(at: Situation) -> Where:
    frame, doing = at.run.frame, at.run.frame.doing
    attempt = getattr(doing, "attempt", 0)
    return frame.flow, frame.step, attempt, at.call is None or at.call.asks
