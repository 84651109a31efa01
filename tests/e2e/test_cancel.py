"""A call that nobody wants any more while it is being dialled."""

import subprocess
from pathlib import Path
from typing import Any

import anyio.to_thread
import httpx
import pytest

from tests.e2e.line import commands, heard
from tests.e2e.pair import Pair, pair
from tests.e2e.polling import until
from tests.e2e.runner_process import API_TOKEN, offhook, variables

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
CALLEE = "+15550178"
WANTED: dict[str, Any] = {
    "flow": "reminder",
    "to": CALLEE,
    "inputs": {"name": "Kim", "date": "Tuesday", "time": "half past nine"},
}
BEARER = {"Authorization": f"Bearer {API_TOKEN}"}


async def asked(at: Pair) -> str:
    answer = await at.runner.client.post("/runs", json=WANTED, headers=BEARER)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["run"])


async def cancel(at: Pair, run: str) -> httpx.Response:
    return await at.runner.client.post(f"/runs/{run}/cancel", headers=BEARER)


async def show(at: Pair, run: str) -> dict[str, Any]:
    found: dict[str, Any] = (await at.runner.client.get(f"/runs/{run}", headers=BEARER)).json()
    return found


async def test_ringing_call_is_cancelled_and_its_flow_is_not_entered(tmp_path: Path) -> None:
    async with pair(tmp_path, {}, outbound={"from": "+15550100"}) as at:
        await at.platform.callee(CALLEE, outcome="no_answer")
        run = await asked(at)
        await until(lambda: _rings(at))
        answer = await cancel(at, run)
        assert (answer.status_code in (200, 202), answer.json()["run"]) == (True, run)
        await at.runner.until_all_ended(1)
        (call,) = await at.platform.calls()
        call = await at.platform.until_ended(call["call_id"])
        again = await cancel(at, run)
        assert (again.status_code, again.json()["end_reason"]) == (200, "cancel")
        assert (call["end_reason"], heard(call)) == ("cancel", [])
        assert commands(call) == ["dial", "calling.end"]
        assert (await cancel(at, "o-nobody")).status_code == 404


async def _rings(at: Pair) -> bool:
    return any(call["state"] == "ringing" for call in await at.platform.calls())


async def test_answered_call_is_not_cancelled(tmp_path: Path) -> None:
    async with pair(tmp_path, {}, outbound={"from": "+15550100"}) as at:
        await at.platform.callee(CALLEE)
        run = await asked(at)
        await until(lambda: _is_running(at, run))
        answer = await cancel(at, run)
        assert (answer.status_code, f"Run {run} is answered" in answer.json()["error"]) == (409, True)
        assert (await show(at, run))["status"] == "running"


async def _is_running(at: Pair, run: str) -> bool:
    return bool((await show(at, run))["status"] == "running")


async def test_call_that_waits_for_its_turn_is_never_dialled(tmp_path: Path) -> None:
    """The first two calls are dialled at once; the next one would be, two seconds later."""
    async with pair(tmp_path, {}, outbound={"from": "+15550100"}, pacing={"dials_per_second": 0.5}) as at:
        await at.platform.callee(CALLEE, outcome="no_answer")
        runs = [await asked(at) for _ in range(3)]
        waiting = [run for run in runs if not await _is_dialled(at, run)]
        assert waiting
        answer = await cancel(at, waiting[-1])
        assert answer.status_code == 202
        await until(lambda: _has_ended(at, waiting[-1]))
        assert (await show(at, waiting[-1]))["end_reason"] == "cancel"
        assert len(await at.platform.calls()) < len(runs)


async def _is_dialled(at: Pair, run: str) -> bool:
    return bool((await show(at, run))["events"] > 1)


async def _has_ended(at: Pair, run: str) -> bool:
    return bool((await show(at, run))["status"] == "ended")


async def test_runs_cancel_says_what_has_become_of_it(tmp_path: Path) -> None:
    async with pair(tmp_path, {}, outbound={"from": "+15550100"}) as at:
        await at.platform.callee(CALLEE, outcome="no_answer")
        run = await asked(at)

        def told(*words: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                offhook("runs", "cancel", *words, "--runner", at.runner.url),
                env=variables(),
                capture_output=True,
                text=True,
                timeout=20,
                check=False,
            )

        first = await anyio.to_thread.run_sync(told, run[:8])
        await at.runner.until_all_ended(1)
        second = await anyio.to_thread.run_sync(told, run)
        third = await anyio.to_thread.run_sync(told, "o-nobody")
    assert (first.returncode, first.stdout.startswith(f"{run} ")) == (0, True), first
    assert (second.returncode, second.stdout) == (0, f"{run} has ended: cancel\n")
    assert (third.returncode, "the runner refused (404)" in third.stderr) == (1, True)
