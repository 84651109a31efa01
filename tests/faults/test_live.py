"""The faults of real connections and clocks, a call of every flow under each. More: `python -m tests.faults`."""

import pytest

from tests.faults import live

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only, pytest.mark.timeout(400)]
TRIED = ("API: slow body, 20 %", "clock jumps (an hour to and fro, two back)")
RESTART = "the platform restarts, and has forgotten its calls"


async def test_every_flow_ends_whatever_becomes_of_its_platform_and_of_the_clock() -> None:
    calm, usual = await live.row("none, over real connections", 1)
    assert (calm.same, calm.others) == (calm.calls, [])
    for fault in (*TRIED, RESTART):
        found, _ = await live.row(fault, 1, usual)
        assert found.others == [], fault
        assert found.same + found.failed == found.calls == calm.calls, fault
        assert fault == RESTART or found.same > 0.6 * found.calls, fault
