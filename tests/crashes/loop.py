"""An event loop whose time passes when nobody has anything to do, and which can be abandoned between two awaits.

Abandoned means: no task is resumed any more, so that nothing is cleaned up, as in a process that was killed.
"""

import asyncio
import selectors
import warnings
from collections.abc import Coroutine, Generator
from contextlib import suppress
from typing import Any


class Jumping(selectors.DefaultSelector):
    """Instead of waiting it lets time pass; only for what another thread is doing it waits."""

    loop: "VirtualLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if self.loop.busy or timeout is None:
            return super().select(0.05)
        self.loop.now_s += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """`steps` counts how often a task was resumed; at `dies_at` (0: never) the loop is abandoned instead. `busy` counts
    the writes that a thread is doing."""

    def __init__(self, *, now_s: float, dies_at: int = 0) -> None:
        selector = Jumping()
        selector.loop = self
        self.now_s = now_s
        super().__init__(selector)
        self.steps = self.busy = 0
        self.abandoned = False
        self._dies_at = dies_at
        self._kept: list[tuple[asyncio.Task[Any], Coroutine[Any, Any, Any]]] = []
        self.set_task_factory(_factory)

    def time(self) -> float:
        return self.now_s

    def abandon(self) -> None:
        self.abandoned = True
        self.stop()

    def counts_step(self) -> bool:
        """May the task go on?"""
        if not self.abandoned:
            self.steps += 1
            if self.steps == self._dies_at:
                self.abandon()
        return not self.abandoned

    def begin(
        self, coroutine: Coroutine[Any, Any, Any], inner: Coroutine[Any, Any, Any], **named: Any
    ) -> "asyncio.Task[Any]":
        task = asyncio.Task(coroutine, loop=self, **named)
        self._kept.append((task, inner))
        return task

    def bury(self) -> None:
        """When all has been looked at: what was left lying is put away, and whatever it says is of no interest."""
        self.abandoned = True
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            while self._kept:
                task, inner = self._kept.pop()
                task._log_destroy_pending = False  # type: ignore[attr-defined]
                with suppress(BaseException):
                    inner.close()
                del task, inner
        self.close()


class Counted(Coroutine[Any, Any, Any]):
    """A coroutine that asks the loop before each step."""

    def __init__(self, inner: Coroutine[Any, Any, Any], loop: VirtualLoop) -> None:
        self._inner = inner
        self._loop = loop

    def send(self, value: Any) -> Any:
        return self._inner.send(value) if self._loop.counts_step() else self._never()

    def throw(self, *error: Any) -> Any:
        return self._inner.throw(*error) if self._loop.counts_step() else self._never()

    def close(self) -> None:
        if not self._loop.abandoned:
            self._inner.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        raise NotImplementedError("a task's own coroutine is awaited by nobody")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def _never(self) -> Any:
        waiting = self._loop.create_future()
        waiting._asyncio_future_blocking = True
        return waiting


def _factory(loop: asyncio.AbstractEventLoop, coroutine: Any, **named: Any) -> "asyncio.Task[Any]":
    assert isinstance(loop, VirtualLoop)
    return loop.begin(Counted(coroutine, loop), coroutine, **named)


def outside(loop: VirtualLoop, coroutine: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
    """A task that is no part of the process that dies, though it ends with it."""
    return loop.begin(coroutine, coroutine)
