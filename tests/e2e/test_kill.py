"""kill -9 of a real runner in the middle of calls: they go on with the next one, and nobody hears anything twice."""

import random
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.e2e.line import commands, heard, heard_twice, line
from tests.e2e.pair import OWN_FLOWS
from tests.e2e.polling import until
from tests.e2e.ports import reserved
from tests.e2e.runner_process import API_TOKEN, runner_process

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER = "+15550100"
ROUTES = {NUMBER: "switchboard"}
MESSAGE: tuple[dict[str, Any], ...] = (
    {"hears": "beep"},
    {"silent_ms": 300},
    {"says": "Please call me back."},
    {"presses": "#"},
)


def inbound(port: int) -> dict[str, str]:
    return {NUMBER: f"http://127.0.0.1:{port}/calls/inbound"}


async def test_kill_in_the_middle_of_a_prompt_call_goes_on_and_ends_rightly(tmp_path: Path) -> None:
    with reserved() as port:
        async with (
            line(inbound(port), tries=20, speed=4) as platform,
            runner_process(
                tmp_path, platform.space, port=port, flows=str(OWN_FLOWS), routes=ROUTES, presence="1s"
            ) as runner,
        ):
            call_id = await platform.ring(NUMBER, {"hears": "press 1"}, {"presses": "2"}, *MESSAGE)
            await platform.until_heard(call_id, "Thank you for calling")
            runner.kill()
            await runner.start()
            call = await platform.until_ended(call_id)
            rows = await runner.until_all_ended(1)
    assert [text.partition(" ")[0] for text in heard(call)] == ["Thank", "For", "Please", "beep", "Thank"]
    assert heard_twice(call) == []
    assert [row.end_reason for row in rows] == ["hangup"]


async def test_kill_while_digits_are_collected_retried_webhook_goes_on(tmp_path: Path) -> None:
    with reserved() as port:
        async with (
            line(inbound(port), tries=20, speed=4) as platform,
            runner_process(
                tmp_path, platform.space, port=port, flows=str(OWN_FLOWS), routes=ROUTES, presence="1s"
            ) as runner,
        ):
            call_id = await platform.ring(NUMBER)
            await platform.until_heard(call_id, "press 1")
            runner.kill()
            await platform.act(call_id, presses="0")
            await runner.start()
            call = await platform.until_handed_over(call_id)
            rows = await runner.until_all_ended(1)
    assert heard_twice(call) == []
    assert [row.end_reason for row in rows] == ["redirected"]


TIMERS = "calling.collect.start_input_timers"
LATER = """
import sys, time
from engine.runner.clock import Clock
Clock.__init__.__defaults__ = (lambda: time.time() + 120, None)
from engine.cli import main
sys.argv = ["offhook", "run", sys.argv[1]]
main()
"""
"""The runner as if it had been down for two minutes more."""


async def test_kill_while_digits_are_collected_the_voice_log_tells_of_the_lost_webhook(tmp_path: Path) -> None:
    with reserved() as port:
        async with (
            line(inbound(port), speed=4) as platform,
            runner_process(tmp_path, platform.space, port=port, flows=str(OWN_FLOWS), routes=ROUTES) as runner,
        ):
            call_id = await platform.ring(NUMBER)
            await platform.until(call_id, lambda call: TIMERS in commands(call))
            runner.kill()
            await platform.act(call_id, presses="1")
            await platform.until(call_id, lambda call: call["webhooks"][-1]["error"] != "")
            await runner.start([sys.executable, "-c", LATER, str(runner.environment_file)])
            call = await platform.until_heard(call_id, "We are open Monday")
            await platform.act(call_id, hangs_up=True)
    assert heard_twice(call) == []
    assert not any("I am sorry" in text for text in heard(call))


async def test_kill_at_random_times_twenty_calls_end_and_hear_nothing_twice(tmp_path: Path) -> None:
    drawn = random.Random(4)
    script: list[dict[str, Any]] = [{"hears": "press 1"}, {"silent_ms": 400}, {"presses": "2"}, *MESSAGE]
    with reserved() as port:
        async with (
            line(inbound(port), tries=30, speed=2) as platform,
            runner_process(
                tmp_path, platform.space, port=port, flows=str(OWN_FLOWS), routes=ROUTES, presence="1s"
            ) as runner,
        ):
            call_ids = []
            for _ in range(20):
                call_ids.append(await platform.ring(NUMBER, *script))
                await anyio.sleep(drawn.random() * 0.1)
            for _ in range(4):
                await anyio.sleep(0.2 + drawn.random() * 1.2)
                runner.kill()
                await runner.start()
            calls = [await platform.until_ended(call_id) for call_id in call_ids]
            rows = await runner.until_all_ended(20)
    assert [heard_twice(call) for call in calls] == [[]] * 20
    assert {row.end_reason for row in rows} == {"hangup"}
    assert {heard(call)[-1].partition(".")[0] for call in calls} == {"Thank you"}
    assert {row.call_id for row in rows} == set(call_ids)


async def test_kill_while_dials_wait_for_their_turn_everybody_is_called_once(tmp_path: Path) -> None:
    with reserved() as port:
        async with (
            line({}, speed=8) as platform,
            runner_process(
                tmp_path, platform.space, port=port, flows=str(OWN_FLOWS), routes={}, pacing={"dials_per_second": 0.5}
            ) as runner,
        ):
            numbers = [f"+1555017{each}" for each in range(3)]
            asked = [await runner.client.post("/runs", **wanted(to)) for to in numbers]
            assert [answer.status_code for answer in asked] == [202, 202, 202]
            await until(lambda: any(row.call_id for row in runner.rows()))
            runner.kill()
            assert len(await platform.calls()) == 1
            await runner.start()
            await runner.until_all_ended(3)
            calls = await platform.calls()
            again = [await runner.client.post("/runs", **wanted(to)) for to in numbers]
    assert sorted(call["to"] for call in calls) == numbers
    assert [answer.json() for answer in again] == [answer.json() for answer in asked]


def wanted(to: str) -> dict[str, Any]:
    inputs = {"name": "Kim", "date": "Tuesday", "time": "half past nine"}
    return {
        "json": {"flow": "appointment", "to": to, "from": "+15550100", "inputs": inputs},
        "headers": {"Authorization": f"Bearer {API_TOKEN}", "Idempotency-Key": to},
    }
