"""The queue before a rate: first come, first served, and nobody waits for what comes too late.

Only the first in the queue sleeps; whoever leaves wakes the next. What cannot have its turn in time
is told so when it comes, and does not lengthen the queue for the others.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

import anyio

from engine.calling.pace import Window


class Gate:
    """`window` None lets everything through that is not held."""

    def __init__(
        self, window: Window | None, now_ms: Callable[[], int], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._window = window
        self._now_ms = now_ms
        self._sleep = sleep
        self._queue: OrderedDict[_Waiter, None] = OrderedDict()
        self.held_until_ms = 0

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def passes(self, now_ms: int) -> bool:
        """Takes a turn without waiting, if there is one and nobody was here before."""
        if self._queue or now_ms < self.held_until_ms:
            return False
        window = self._window
        if window is None:
            return True
        if not window.free(now_ms):
            return False
        window.take(now_ms)
        return True

    async def wait(self, until_ms: int) -> bool:
        """Waits for a turn and takes it; False when it cannot come by `until_ms`."""
        if self._when(self._now_ms(), len(self._queue)) > until_ms:
            return False
        waiter = _Waiter(until_ms)
        self._queue[waiter] = None
        try:
            if not self._is_first(waiter):
                await waiter.called.wait()
            return self._is_first(waiter) and await self._turn(until_ms)
        finally:
            self._leave(waiter)

    def hold(self, until_ms: int) -> None:
        """Nothing passes before. Those who cannot wait so long are told."""
        if until_ms <= self.held_until_ms:
            return
        self.held_until_ms = until_ms
        now_ms = self._now_ms()
        for ahead, waiter in enumerate(self._queue):
            if self._when(now_ms, ahead) > waiter.until_ms:
                waiter.called.set()

    async def _turn(self, until_ms: int) -> bool:
        while True:
            now_ms = self._now_ms()
            at_ms = self._when(now_ms, 0)
            if at_ms > until_ms:
                return False
            if at_ms <= now_ms:
                if self._window is not None:
                    self._window.take(now_ms)
                return True
            await self._sleep((at_ms - now_ms) / 1000)

    def _when(self, now_ms: int, ahead: int) -> int:
        now_ms = max(now_ms, self.held_until_ms)
        return now_ms if self._window is None else self._window.when(now_ms, ahead)

    def _is_first(self, waiter: "_Waiter") -> bool:
        return next(iter(self._queue)) is waiter

    def _leave(self, waiter: "_Waiter") -> None:
        was_first = self._is_first(waiter)
        del self._queue[waiter]
        if was_first and self._queue:
            next(iter(self._queue)).called.set()


class _Waiter:
    __slots__ = ("called", "until_ms")

    def __init__(self, until_ms: int) -> None:
        self.called = anyio.Event()
        self.until_ms = until_ms
