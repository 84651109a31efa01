"""The queue before a rate, on a virtual clock."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import anyio
import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import MockClock

from engine.calling.gate import Gate
from engine.calling.pace import Window

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "trio", {"clock": MockClock(autojump_threshold=0)}


def now_ms() -> int:
    return round(anyio.current_time() * 1000)


class Queue:
    """A gate, and when each of those who came had its turn, or None when it was told that it has none."""

    def __init__(self, limit: int = 1, period_ms: int = 1_000) -> None:
        self.gate = Gate(Window(limit, period_ms), now_ms, anyio.sleep)
        self.began_ms = now_ms()
        self.passed: dict[str, int] = {}
        self.told: dict[str, int] = {}

    async def come(self, name: str, until_ms: int = 60_000) -> None:
        passed = self.gate.passes(now_ms()) or await self.gate.wait(self.began_ms + until_ms)
        (self.passed if passed else self.told)[name] = now_ms() - self.began_ms


async def run(queue: Queue, *coming: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async with anyio.create_task_group() as tasks:
        for come in coming:
            tasks.start_soon(come)
            await anyio.wait_all_tasks_blocked()


async def test_first_come_is_first_served() -> None:
    queue = Queue()
    await run(queue, *[partial(queue.come, name) for name in "abcde"])
    assert queue.passed == {"a": 0, "b": 1_000, "c": 2_000, "d": 3_000, "e": 4_000}
    assert list(queue.passed) == list("abcde")
    assert queue.gate.waiting == 0


async def test_who_cannot_pass_in_time_is_told_at_once_and_takes_no_turn() -> None:
    queue = Queue()
    await run(
        queue,
        partial(queue.come, "a"),
        partial(queue.come, "b"),
        partial(queue.come, "late", until_ms=1_999),
        partial(queue.come, "c", until_ms=2_000),
    )
    assert queue.told == {"late": 0}
    assert queue.passed == {"a": 0, "b": 1_000, "c": 2_000}


async def test_a_hold_keeps_all_back_and_tells_those_who_cannot_wait() -> None:
    queue = Queue()

    async def hold() -> None:
        await anyio.sleep(0.5)
        queue.gate.hold(queue.began_ms + 5_000)
        queue.gate.hold(queue.began_ms + 4_000)

    await run(
        queue,
        partial(queue.come, "a"),
        partial(queue.come, "first", until_ms=3_000),
        partial(queue.come, "soon", until_ms=3_000),
        partial(queue.come, "patient"),
        partial(queue.come, "last"),
        hold,
    )
    assert queue.passed == {"a": 0, "patient": 5_000, "last": 6_000}
    assert queue.told["soon"] == 500
    assert queue.told["first"] <= 1_000


async def test_a_hold_is_passed_at_its_end_where_there_is_no_rate() -> None:
    gate = Gate(None, now_ms, anyio.sleep)
    began_ms = now_ms()
    assert gate.passes(began_ms)
    gate.hold(began_ms + 2_000)
    assert not gate.passes(began_ms)
    assert not await gate.wait(began_ms + 1_999)
    assert await gate.wait(began_ms + 2_000)
    assert now_ms() == began_ms + 2_000


@pytest.mark.parametrize("leaves", ["b", "c"])
async def test_who_is_cancelled_while_waiting_holds_up_nobody(leaves: str) -> None:
    queue = Queue()
    scope = anyio.CancelScope()

    async def come(name: str) -> None:
        if name != leaves:
            await queue.come(name)
            return
        with scope:
            await queue.come(name)

    async def cancel() -> None:
        assert queue.gate.waiting == 3
        await anyio.sleep(0.1)
        scope.cancel()

    coming = [partial(come, name) for name in "abcd"]
    await run(queue, *coming, cancel)
    assert list(queue.passed.values()) == [0, 1_000, 2_000]
    assert leaves not in queue.passed


async def test_nobody_overtakes_the_queue() -> None:
    queue = Queue(limit=2)
    await run(queue, *[partial(queue.come, name) for name in "abc"])
    queue.gate.hold(now_ms() + 100)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(queue.come, "d")
        await anyio.wait_all_tasks_blocked()
        assert not queue.gate.passes(now_ms() + 100)
    assert list(queue.passed) == ["a", "b", "c", "d"]


COMING = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 2_000)), max_size=25)
HOLDS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 800)), max_size=3)


@given(st.integers(1, 4), st.integers(1, 300), COMING, HOLDS)
def test_whatever_comes_the_rate_and_every_limit_of_patience_are_kept(
    limit: int, period_ms: int, coming: list[tuple[int, int]], holds: list[tuple[int, int]]
) -> None:
    passed: list[tuple[int, int]] = []
    came: list[int] = []

    async def everything() -> None:
        gate = Gate(Window(limit, period_ms), now_ms, anyio.sleep)
        began_ms = now_ms()

        async def one(number: int, patience_ms: int) -> None:
            came.append(number)
            until_ms = now_ms() + patience_ms
            if gate.passes(now_ms()) or await gate.wait(until_ms):
                assert gate.held_until_ms <= now_ms() <= until_ms
                passed.append((number, now_ms() - began_ms))
            else:
                assert now_ms() <= until_ms

        async def hold() -> None:
            for gap_ms, length_ms in holds:
                await anyio.sleep(gap_ms / 1000)
                gate.hold(now_ms() + length_ms)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(hold)
            for number, (gap_ms, patience_ms) in enumerate(coming):
                await anyio.sleep(gap_ms / 1000)
                tasks.start_soon(one, number, patience_ms)
        assert gate.waiting == 0

    trio.run(everything, clock=MockClock(autojump_threshold=0))
    order = {number: place for place, number in enumerate(came)}
    assert [order[number] for number, _ in passed] == sorted(order[number] for number, _ in passed)
    times = [time for _, time in passed]
    for time in times:
        assert sum(time - period_ms < other <= time for other in times) <= limit
