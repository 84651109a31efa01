"""Two environments at once, each with its own process, port and journal, on one platform: nothing crosses."""

from pathlib import Path
from typing import Any

import anyio
import pytest

from engine.model.ids import inbound_run_id
from tests.e2e.accounts import accounts
from tests.e2e.line import Call, Line, heard_twice, line
from tests.e2e.pair import OWN_FLOWS
from tests.e2e.ports import reserved
from tests.e2e.runner_process import FETCH, USES, RunnerProcess, runner_process

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
CALLS = 100
NORTH, SOUTH = "+15550100", "+15550200"
PIN: list[dict[str, Any]] = [{"hears": "four digit PIN"}, {"presses": "1234"}]
MENU: list[dict[str, Any]] = [
    {"hears": "press 1"},
    {"presses": "2"},
    {"hears": "beep"},
    {"silent_ms": 300},
    {"says": "Please call me back."},
    {"presses": "#"},
]


async def rung(platform: Line, number: str, script: list[dict[str, Any]]) -> list[str]:
    """A hundred calls at once; their ids."""
    call_ids: list[str] = []

    async def ring() -> None:
        call_ids.append(await platform.ring(number, *script))

    async with anyio.create_task_group() as tasks:
        for _ in range(CALLS):
            tasks.start_soon(ring)
    return call_ids


def assert_only_own(runner: RunnerProcess, calls: list[Call]) -> None:
    """The journal has exactly these calls; they had commands of their own runs alone, and reported to this runner alone."""
    assert {row.run_id: row.call_id for row in runner.rows()} == {
        inbound_run_id(call["call_id"]): call["call_id"] for call in calls
    }
    for call in calls:
        run_id = inbound_run_id(call["call_id"])
        named = {each["control_id"].partition(".")[0] for each in call["commands"] if each["control_id"]}
        assert named == {run_id}
        urls = {each["url"].partition(f"/webhooks/{run_id}.")[0] for each in call["webhooks"]}
        assert urls == {runner.url}
        assert {each["status"] for each in call["webhooks"]} == {200}
        assert heard_twice(call) == []


async def test_two_runners_a_hundred_calls_each_all_end_rightly_and_none_crosses(tmp_path: Path) -> None:
    with (
        reserved() as north_port,
        reserved() as south_port,
        accounts("1234", {"appointment": "Monday"}) as (url, bodies),
    ):
        numbers = {
            NORTH: f"http://127.0.0.1:{north_port}/calls/inbound",
            SOUTH: f"http://127.0.0.1:{south_port}/calls/inbound",
        }
        async with (
            line(numbers, speed=5) as platform,
            runner_process(
                tmp_path,
                platform.space,
                port=north_port,
                name="north",
                flows=str(OWN_FLOWS),
                routes={NORTH: "switchboard"},
            ) as north,
            runner_process(
                tmp_path,
                platform.space,
                port=south_port,
                name="south",
                routes={SOUTH: "pin_entry"},
                uses={**USES, "account_service": url},
                fetch={**FETCH, "private": [*FETCH["private"], url]},
            ) as south,
        ):
            north_ids, south_ids = await rung(platform, NORTH, MENU), await rung(platform, SOUTH, PIN)
            north_rows = await north.until_all_ended(CALLS)
            south_rows = await south.until_all_ended(CALLS)
            north_calls = [await platform.call(call_id) for call_id in north_ids]
            south_calls = [await platform.call(call_id) for call_id in south_ids]
            assert (await platform.client.get("/sandbox/calls")).json()["calls"][2 * CALLS :] == []
        assert_only_own(north, north_calls)
        assert_only_own(south, south_calls)
    assert {row.end_reason for row in north_rows} == {"hangup"}
    assert {row.end_reason for row in south_rows} == {"hangup"}
    assert {call["state"] for call in north_calls} == {"ended"}
    assert bodies == [{"caller": "+15550177", "pin": "1234"}] * CALLS
    assert "warning" not in north.log
    assert "error" not in south.log
