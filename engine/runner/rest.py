"""Where a task waits until it is given something to do: once, then another is made."""

import asyncio
from typing import Generic, TypeVar

import anyio

T = TypeVar("T")


class Rest(Generic[T]):
    """On asyncio a bare future: an `anyio.Event` costs four times as much, and there is a rest for every command."""

    __slots__ = ("_event", "_future", "_gift")

    def __init__(self) -> None:
        try:
            self._future: asyncio.Future[T] | None = asyncio.get_running_loop().create_future()
        except RuntimeError:
            self._future, self._event = None, anyio.Event()

    def give(self, gift: T) -> None:
        """Wakes the one who waits. Not twice."""
        if self._future is None:
            self._gift = gift
            self._event.set()
        elif not self._future.done():
            # Done it is when the task was cancelled, and then nobody is there to do it.
            self._future.set_result(gift)

    async def given(self) -> T:
        if self._future is not None:
            return await self._future
        await self._event.wait()
        return self._gift
