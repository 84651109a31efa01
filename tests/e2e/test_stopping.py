"""SIGTERM: live calls are given time, new ones hear a polite document, and what still lives goes on with the next runner."""

import signal
from pathlib import Path
from typing import Any

import anyio
import pytest

from engine.wire import swml
from tests.e2e.line import heard, heard_twice
from tests.e2e.pair import OWN_FLOWS, pair
from tests.e2e.polling import until

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER = "+15550100"
ROUTES = {NUMBER: "switchboard"}
MESSAGE: list[dict[str, Any]] = [
    {"hears": "press 1"},
    {"presses": "2"},
    {"hears": "beep"},
    {"says": "Hi."},
    {"presses": "#"},
]


async def test_first_signal_lets_a_live_call_finish_and_turns_new_ones_away(tmp_path: Path) -> None:
    async with pair(tmp_path, ROUTES, flows=str(OWN_FLOWS), drain="20s", speed=8) as (platform, runner):
        live = await platform.ring(NUMBER, *MESSAGE)
        await platform.until_heard(live, "Thank you for calling")
        runner.tell(signal.SIGTERM)

        async def unready() -> bool:
            return (await runner.client.get("/readyz")).status_code == 503

        await until(unready)
        assert (await runner.client.get("/healthz")).status_code == 200
        new = await runner.client.post("/calls/inbound", json={"call": {"call_id": "new", "to": NUMBER}})
        assert (new.status_code, new.content) == (200, swml.BUSY_BYTES)
        authorized = {"Authorization": "Bearer runs-please"}
        wanted = {"flow": "appointment", "to": "+15550178", "inputs": {"name": "a", "date": "b", "time": "c"}}
        asked = await runner.client.post("/runs", json=wanted, headers=authorized)
        assert asked.status_code == 503
        call = await platform.until_ended(live)
        assert await runner.ended() == 0
    assert heard(call)[-1].startswith("Thank you. We listen")
    assert [(row.status, row.end_reason) for row in runner.rows()] == [("ended", "hangup")]
    assert "draining; live runs: 1" in runner.log
    assert "stopped; live runs in the journal: 0" in runner.log


async def test_idle_runner_stops_at_once(tmp_path: Path) -> None:
    async with pair(tmp_path, ROUTES, flows=str(OWN_FLOWS), drain="1h") as (_, runner):
        runner.tell(signal.SIGINT)
        with anyio.fail_after(5):
            assert await runner.ended() == 0


@pytest.mark.parametrize(("drain", "signals"), [("300ms", 1), ("1h", 2)])
async def test_live_runs_go_on_with_the_next_runner(tmp_path: Path, drain: str, signals: int) -> None:
    async with pair(tmp_path, ROUTES, flows=str(OWN_FLOWS), drain=drain, tries=20, speed=3) as (platform, runner):
        call_id = await platform.ring(NUMBER, *MESSAGE)
        await platform.until_heard(call_id, "Thank you for calling")
        for _ in range(signals):
            runner.tell(signal.SIGTERM)
            await until(lambda: "draining" in runner.log)
        with anyio.fail_after(10):
            assert await runner.ended() == 0
        assert "stopped; live runs in the journal: 1" in runner.log
        await runner.start()
        call = await platform.until_ended(call_id)
        (row,) = await runner.until_all_ended(1)
    assert row.end_reason == "hangup"
    assert heard(call)[-1].startswith("Thank you. We listen")
    assert heard_twice(call) == []


async def test_quiet_call_is_taken_over_after_a_stop(tmp_path: Path) -> None:
    async with pair(tmp_path, {NUMBER: "quiet"}, flows=str(OWN_FLOWS), drain="0s", presence="200ms") as (
        platform,
        runner,
    ):
        call_id = await platform.ring(NUMBER)
        await platform.until(call_id, lambda call: len(call["webhooks"]) == 2 and call["webhooks"][-1]["status"] == 200)
        runner.tell(signal.SIGTERM)
        assert await runner.ended() == 0
        await runner.start()
        assert "1 run taken over from the journal" in runner.log
        await platform.act(call_id, hangs_up=True)
        (row,) = await runner.until_all_ended(1, longest_s=5)
    assert row.end_reason == "hangup"
