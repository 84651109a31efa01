"""No room for the journal: the runner promises nothing, says what to do, and goes on by itself when there is room."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from engine.model.ids import inbound_run_id
from tests.e2e.line import heard, heard_twice
from tests.e2e.pair import OWN_FLOWS, pair
from tests.e2e.polling import until
from tests.e2e.runner_process import RunnerProcess, offhook, variables, write_environment

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.asyncio_only,
    pytest.mark.skipif(sys.platform != "linux", reason="a running process is given a limit from outside"),
]
NUMBER = "+15550100"
UNLIMITED = resource.RLIM_INFINITY


def allow(runner: RunnerProcess, size: int) -> None:
    """From now on no file of the process may become longer, as on a disk that is full."""
    resource.prlimit(runner.pid, resource.RLIMIT_FSIZE, (size, UNLIMITED))


def log_size(runner: RunnerProcess) -> int:
    return os.stat(f"{runner.journal}-wal").st_size


async def test_disk_without_room_nothing_is_promised_and_all_goes_on_when_there_is_some(tmp_path: Path) -> None:
    opening_hours = ({"hears": "press 1"}, {"presses": "1"}, {"hears": "We are open"})
    script = (*opening_hours, {"hears": "press 1"}, {"presses": "0"}, {"bridge": "talks 1s"})
    async with pair(tmp_path, {NUMBER: "switchboard"}, flows=str(OWN_FLOWS), tries=100, speed=4, presence="1s") as (
        platform,
        runner,
    ):
        call_id = await platform.ring(NUMBER, *script)
        await platform.until_heard(call_id, "Thank you for calling")
        await until(lambda: any(row.events > 3 for row in runner.rows()))
        acknowledged = runner.rows()[0].events
        allow(runner, log_size(runner))

        async def unready() -> bool:
            return (await runner.client.get("/readyz")).status_code == 503

        await until(unready)
        assert (await runner.client.get("/healthz")).status_code == 200
        assert acknowledged <= runner.rows()[0].events
        turned_away = await platform.ring(NUMBER)
        call = await platform.until_ended(turned_away)
        assert "call again" in heard(call)[0]
        assert runner.lives
        allow(runner, UNLIMITED)
        call = await platform.until_ended(call_id)
        rows = await runner.until_all_ended(1)
        assert (await runner.client.get("/readyz")).status_code == 200
    assert rows[0].run_id == inbound_run_id(call_id)
    assert heard_twice(call) == []
    assert all(webhook["status"] == 200 for webhook in call["webhooks"] if webhook["kind"] == "play.finished")
    assert "the journal cannot be written, trying again" in runner.log
    assert "Look whether its disk works and has room" in runner.log
    assert "the journal can be written again" in runner.log


async def test_disk_without_room_and_a_kill_what_was_acknowledged_is_there(tmp_path: Path) -> None:
    async with pair(tmp_path, {NUMBER: "switchboard"}, flows=str(OWN_FLOWS), tries=100, speed=4, presence="1s") as (
        platform,
        runner,
    ):
        call_id = await platform.ring(NUMBER, {"hears": "press 1"}, {"presses": "0"}, {"bridge": "talks 1s"})
        await platform.until_heard(call_id, "Thank you for calling")
        allow(runner, log_size(runner) + 2_000)
        await anyio.sleep(1)
        told = runner.rows()[0].events
        runner.kill()
        await runner.start()
        assert runner.rows()[0].events >= told
        call = await platform.until_ended(call_id)
        rows = await runner.until_all_ended(1)
    assert heard_twice(call) == []
    assert [row.end_reason for row in rows] == ["redirected"]


def test_start_without_room_says_so_and_what_to_do(tmp_path: Path) -> None:
    file = write_environment(tmp_path, space="127.0.0.1:9", listen="127.0.0.1:0", flows=str(OWN_FLOWS))
    command = ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *offhook("run", file)]
    done = subprocess.run(command, env=variables(), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "test.journal could not be opened: disk I/O error" in done.stderr
    assert "Look whether its disk works and has room" in done.stderr
    assert "Traceback" not in done.stderr
