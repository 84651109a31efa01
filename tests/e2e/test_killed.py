"""kill -9 of a real runner among a hundred calls, at random times and at its writes; then the platform is asked."""

import random
from pathlib import Path

import anyio
import pytest

from tests.e2e.ports import reserved
from tests.soak.killing import BOUNDARIES, Killer
from tests.soak.site import Called, site
from tests.soak.watch import Watch

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only, pytest.mark.slow]
CALLS = 100
WEBHOOKS = 10


async def until_over(watch: Watch, *, longest_s: float) -> None:
    with anyio.move_on_after(longest_s):
        while watch.waits_for:
            watch.look()
            await anyio.sleep(0.1)
    watch.give_up()


@pytest.mark.timeout(300)
async def test_runner_is_killed_among_a_hundred_calls_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    drawn, more = random.Random(7), dict[str, str]()
    with reserved() as port:
        async with site(tmp_path, seed="killed") as at:
            called = at.runner("killed", port, 1, more)
            killer = Killer(called.runner, more, drawn)
            try:
                await killer.start()
                watch = Watch(called)
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(ring, called, tasks, drawn)
                    await kill_in_every_way(killer, drawn)
                await until_over(watch, longest_s=120)
                watch.close()
            finally:
                called.runner.close()
                await called.runner.client.aclose()
    counts = watch.audit.counts
    assert not watch.audit.told, watch.audit.told
    assert counts.faults == {}
    assert counts.calls == CALLS
    assert counts.acknowledged_events > WEBHOOKS * CALLS
    assert counts.ended_rightly + counts.unsettled_dials == CALLS
    assert counts.ended_rightly > CALLS / 2
    assert killer.killed.at_writes >= len(BOUNDARIES) - 1
    assert killer.killed.times == len(BOUNDARIES) + 2


async def ring(called: Called, tasks: anyio.abc.TaskGroup, drawn: random.Random) -> None:
    for _ in range(CALLS):
        tasks.start_soon(called.call, drawn)
        await anyio.sleep(0.05)


async def kill_in_every_way(killer: Killer, drawn: random.Random) -> None:
    for boundary in BOUNDARIES:
        await anyio.sleep(drawn.uniform(0.2, 0.6))
        await killer.at_a_write(boundary, drawn.randrange(10, 60), longest_s=5)
    for _ in range(2):
        await anyio.sleep(drawn.uniform(0.2, 1.0))
        await killer.at_any_time()
