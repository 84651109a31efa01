"""The timers of all runs: one entry for each run that counts, never later than its next timer, often earlier."""

import heapq
from collections.abc import Callable

import anyio

from engine.model.ids import RunId
from engine.runner.clock import Clock


class Alarms:
    """`ring` is called with the run and the time for which it was set, when that has come."""

    def __init__(self, clock: Clock, ring: Callable[[RunId, int], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._heap: list[tuple[int, RunId]] = []
        self._earlier = anyio.Event()

    def set(self, run_id: RunId, due_ms: int) -> None:
        """An earlier one of the run stays: whoever is rung compares the time."""
        entry = (due_ms, run_id)
        heapq.heappush(self._heap, entry)
        if self._heap[0] == entry:
            self._earlier.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            now_ms = self._clock.now_ms()
            while self._heap and self._heap[0][0] <= now_ms:
                due_ms, run_id = heapq.heappop(self._heap)
                self._ring(run_id, due_ms)
            self._earlier = anyio.Event()
            pause_s = (self._heap[0][0] - now_ms) / 1000 if self._heap else None
            await _wait(self._earlier, pause_s)


async def _wait(event: anyio.Event, at_most_s: float | None) -> None:
    if at_most_s is None:
        await event.wait()
        return
    with anyio.move_on_after(at_most_s):
        await event.wait()
