"""What is still to be gone on from: of each scene first one situation, then those that differ in what was before alone; and of
both the nearest first, so that what is found is found on a short way."""

from collections.abc import Iterator
from heapq import heappop, heappush

from engine.simulate.explore.situation import Situation

_Entry = tuple[int, int, int, Situation]
"""The depth, the order in which they came, the node, and where it stands."""


class Frontier:
    """`scenes` have been gone on from, or will be before all that differs from them only in what was before."""

    def __init__(self) -> None:
        self.scenes: set[bytes] = set()
        self._first: list[_Entry] = []
        self._others: list[_Entry] = []
        self._count = 0

    def add(self, depth: int, node: int, at: Situation, scene: bytes) -> None:
        self._count += 1
        entry = depth, self._count, node, at
        if scene in self.scenes:
            heappush(self._others, entry)
        else:
            self.scenes.add(scene)
            heappush(self._first, entry)

    def pop(self) -> tuple[int, Situation]:
        _, _, node, at = heappop(self._first or self._others)
        return node, at

    def __len__(self) -> int:
        return len(self._first) + len(self._others)

    @property
    def unseen(self) -> int:
        """Scenes of which no situation was gone on from yet."""
        return len(self._first)

    def situations(self) -> Iterator[Situation]:
        return (at for _, _, _, at in (*self._first, *self._others))
