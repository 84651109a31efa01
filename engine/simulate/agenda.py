"""What is still to come, each at its virtual moment; at one moment in the order in which it was put down."""

import heapq
from collections.abc import Callable


class Agenda:
    def __init__(self) -> None:
        self._entries: list[tuple[int, int, Callable[[], None]]] = []
        self._count = 0

    @property
    def due_ms(self) -> int | None:
        return self._entries[0][0] if self._entries else None

    def put(self, at_ms: int, do: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._entries, (at_ms, self._count, do))

    def do(self, now_ms: int) -> None:
        """Everything that is due by now."""
        while self._entries and self._entries[0][0] <= now_ms:
            heapq.heappop(self._entries)[2]()
