"""`offhook dial FLOW --from-csv FILE` against a runner and a platform."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import anyio.to_thread
import httpx
import pytest

from engine.calling.runs_api import RunsApi
from engine.cli.dial_batch import Dialling, Stopped, Wanted
from engine.cli.dial_rows import Keys, Row
from engine.model.bundle import Bundle
from engine.project.flows import FlowFile
from engine.runner.stage import API_TOKEN, Stage, stage
from tests.e2e.hosted import SPEED, hosted
from tests.e2e.line import line
from tests.e2e.polling import until
from tests.e2e.runner_process import offhook, variables

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
FLOW = """
flow: survey
language: 1
outbound: {}
inputs:
  name: {type: string}
  times: {type: int, default: 2}
start: bye
steps:
  bye: {end: hangup}
"""


class Calling(NamedTuple):
    stage: Stage
    path: Path

    def write(self, *lines: str) -> None:
        self.path.write_text("\n".join(lines) + "\n")

    def command(self, *more: str) -> list[str]:
        return offhook("dial", "survey", "--from-csv", self.path, "--runner", self.stage.runner_url, *more)

    async def dial(self, *more: str) -> subprocess.CompletedProcess[str]:
        def run() -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                self.command(*more),
                env=variables(OFFHOOK_API_TOKEN=API_TOKEN),
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )

        return await anyio.to_thread.run_sync(run)

    @property
    def runs(self) -> int:
        return len(self.stage.journal.runs(limit=1000))


@asynccontextmanager
async def calling(folder: Path) -> AsyncIterator[Calling]:
    flow = FlowFile("survey.flow.yaml", Bundle("survey", {"survey.flow.yaml": FLOW.encode()}))
    async with stage([flow], routes={}, speed=50) as made:
        yield Calling(made, folder / "monday.csv")


def counts(text: str) -> dict[str, Any]:
    found = json.loads(text)
    return {key: found[key] for key in ("rows", "accepted", "already_there", "bad", "failed", "not_called")}


async def test_every_row_is_called_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    async with calling(tmp_path) as at:
        at.write("to;name;times", "+15550177;Kim;1", "+15550177;Kim;1", "+15550178;Pat;")
        first = await at.dial()
        assert (first.returncode, first.stderr) == (0, "")
        assert first.stdout == "monday: 3 rows. Accepted: 3, already there: 0, bad: 0, failed: 0.\n"
        again = await at.dial()
        assert again.stdout == "monday: 3 rows. Accepted: 0, already there: 3, bad: 0, failed: 0.\n"
        assert at.runs == 3
        at.write("to,name", "+15550179,Mo", "+15550178,Pat")
        more = await at.dial()
        assert more.stdout == "monday: 2 rows. Accepted: 1, already there: 1, bad: 0, failed: 0.\n"
        other = await at.dial("--batch", "tuesday", "--format", "json")
        assert at.runs == 6
    assert json.loads(other.stdout) == {
        "format": 1,
        "flow": "survey",
        "batch": "tuesday",
        "rows": 2,
        "accepted": 2,
        "already_there": 0,
        "bad": 0,
        "failed": 0,
        "not_called": 0,
        "stopped": "",
        "problems": [],
    }


async def test_bad_rows_are_told_by_line_and_the_rest_is_called(tmp_path: Path) -> None:
    async with calling(tmp_path) as at:
        at.write("to,name,times", "15550177,Kim,1", "+15550178,Pat,one", "+15550179", "", "+15550170,Mo,3")
        done = await at.dial("--format", "json")
        assert (done.returncode, at.runs) == (1, 1)
    assert counts(done.stdout) == {
        "rows": 5,
        "accepted": 1,
        "already_there": 0,
        "bad": 4,
        "failed": 0,
        "not_called": 0,
    }
    told = done.stderr.splitlines()
    assert [one.split(": ")[0] for one in told] == [f"{at.path}:{line}" for line in (2, 3, 4, 5)]
    assert "`to` must be a number" in told[0]
    assert "Input `times` wants int, and 'one' is none." in told[1]
    assert [one["line"] for one in json.loads(done.stdout)["problems"]] == [2, 3, 4, 5]


async def test_an_empty_cell_is_the_default_and_bad_where_there_is_none(tmp_path: Path) -> None:
    async with calling(tmp_path) as at:
        at.write("to,name,times", "+15550177,,1", "+15550178,Pat,", "+15550179,,")
        done = await at.dial("--format", "json")
        assert (done.returncode, at.runs) == (1, 1), done.stderr
    problem = "`name` is empty, and the input has no default. Fill it in, or give the flow's input a default"
    assert json.loads(done.stdout)["problems"] == [
        {"line": line, "outcome": "bad", "error": problem} for line in (2, 4)
    ]


async def test_nobody_is_called_when_the_columns_or_the_flow_are_wrong(tmp_path: Path) -> None:
    async with calling(tmp_path) as at:
        at.write("to,nam", "+15550177,Kim")
        wrong = await at.dial()
        assert (wrong.returncode, "flow survey has no input `nam`" in wrong.stderr) == (2, True), wrong.stderr
        at.write("to", "+15550177")
        missing = await at.dial()
        assert (missing.returncode, "no column for the input `name`" in missing.stderr) == (2, True)
        wanted = [*at.command(), "--to", "+1"]
        both = await anyio.run_process(wanted, check=False, env=variables(OFFHOOK_API_TOKEN=API_TOKEN))
        assert both.returncode == 2
        at.path.unlink()
        assert (await at.dial()).returncode == 2
        assert at.runs == 0


async def test_row_that_another_flow_was_called_with_is_failed(tmp_path: Path) -> None:
    async with calling(tmp_path) as at:
        at.write("to,name", "+15550177,Kim")
        await at.dial()
        done = await at.dial("--from", "+15550199")
        assert done.returncode == 0
        done = await at.dial("--from", "+15550198")
        assert (done.returncode, "another `from`" in done.stderr) == (1, True), done.stderr
        assert "failed: 1." in done.stdout


async def test_ctrl_c_stops_and_the_same_command_goes_on(tmp_path: Path) -> None:
    async with calling(tmp_path) as at:
        at.write("to,name", *(f"+1555017{n:02},Kim" for n in range(20)))
        process = subprocess.Popen(  # noqa: ASYNC220 - starting one does not block for long
            at.command("--rate", "4"),
            env=variables(OFFHOOK_API_TOKEN=API_TOKEN),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            await until(lambda: at.runs >= 2)
            process.send_signal(signal.SIGINT)
            out, err = await anyio.to_thread.run_sync(lambda: process.communicate(timeout=20))
        finally:
            process.kill()
        called = at.runs
        assert (process.returncode, err) == (130, "")
        assert called < 20
        # The answer to the last request may not have been heard.
        left = re.search(r"Interrupted\. Not called: (\d+)\. Give the same command again", out)
        assert left is not None, out
        assert 0 <= int(left[1]) - (20 - called) <= 1
        again = await at.dial()
        assert f"Accepted: {20 - called}, already there: {called}, bad: 0" in again.stdout
        assert at.runs == 20


async def test_bar_in_a_terminal_gives_way_to_problems(tmp_path: Path) -> None:
    async with calling(tmp_path) as at:
        at.write("to,name", "+15550177,Kim", "kim,Kim", "+15550178,Kim")
        ours, theirs = os.openpty()

        def run() -> bytes:
            environment = variables(OFFHOOK_API_TOKEN=API_TOKEN, TERM="xterm")
            with subprocess.Popen(at.command(), env=environment, stdout=subprocess.PIPE, stderr=theirs) as process:
                return process.communicate(timeout=20)[0]

        try:
            out = await anyio.to_thread.run_sync(run)
            shown = os.read(ours, 100_000).decode()
        finally:
            os.close(theirs)
            os.close(ours)
    assert out == b"monday: 3 rows. Accepted: 2, already there: 0, bad: 1, failed: 0.\n"
    assert "3/3" in shown
    assert f"\r\x1b[K{at.path}:3: bad: `to` must be a number" in shown


class Told:
    """`engine.cli.dial_batch.Telling`."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, str]] = []
        self.waited: list[str] = []

    def row(self, line: int, outcome: str, problem: str) -> None:
        self.rows.append((line, outcome, problem))

    def waits(self, why: str) -> None:
        self.waited.append(why)


async def test_full_queue_is_waited_for_as_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A runner that begins one call in ten seconds takes two that wait, and then says how long the next one has to."""
    file = tmp_path / "survey.flow.yaml"
    file.write_text(FLOW)
    told, pauses = Told(), list[float]()
    all_rows = [Row(line, {"to": f"+155501{line:03}", "name": "Kim"}) for line in range(2, 17)]

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        time.sleep(seconds / SPEED)

    async with (
        line(project="p", token="t") as platform,
        hosted(
            monkeypatch, [file], {}, space=platform.space, outbound_from="+15550100", dials_per_s=0.1, request_ms=5000
        ) as at,
    ):
        url = str(at.client.base_url)
        with RunsApi(url, "runs-please") as api:
            dialling = Dialling(api, Wanted(flow="survey"), told, sleep)
            await anyio.to_thread.run_sync(dialling.dial, all_rows, Keys("b"))
        assert len(at.journal.runs(limit=100)) == len(all_rows)
    assert {outcome for _, outcome, _ in told.rows} == {"accepted"}
    assert pauses
    assert all(18 <= pause <= 24 for pause in pauses), pauses


async def test_hours_of_the_flow_are_waited_for_or_the_rest_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten minutes before the hours begin, which pass in six seconds."""
    began = datetime(2026, 11, 23, 8, 50, tzinfo=UTC)
    calendar = "calendar: day\nzone: Etc/UTC\nhours: {monday: '09:00-12:00'}\n"
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "day.calendar.yaml").write_text(calendar)
    file = tmp_path / "survey.flow.yaml"
    file.write_text(FLOW.replace("outbound: {}", "uses: {calling: calendar}\noutbound: {hours: calling}"))
    row = [Row(2, {"to": "+15550177", "name": "Kim"})]

    async with (
        line(project="p", token="t") as platform,
        hosted(
            monkeypatch,
            [file],
            {},
            space=platform.space,
            outbound_from="+15550100",
            uses={"calling": "day"},
            began_s=began.timestamp(),
        ) as at,
    ):
        with RunsApi(str(at.client.base_url), "runs-please") as api:
            told, left = Told(), Dialling(api, Wanted(flow="survey"), Told(), time.sleep)
            with pytest.raises(Stopped, match=r"outside the hours of day\. They begin on 2026-11-23 at 09:00"):
                await anyio.to_thread.run_sync(left.dial, row, Keys("b"))
            assert at.journal.runs() == []
            waiting = Dialling(api, Wanted(flow="survey", wait=True), told, lambda seconds: time.sleep(seconds / SPEED))
            await anyio.to_thread.run_sync(waiting.dial, row, Keys("b"))
        assert [outcome for _, outcome, _ in told.rows] == ["accepted"]
        assert "They begin on" in told.waited[0]


async def test_row_whose_run_ended_without_a_call_is_failed_when_it_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform is not there, so the first dial is given up."""
    file = tmp_path / "survey.flow.yaml"
    file.write_text(FLOW)
    row = [Row(2, {"to": "+15550177", "name": "Kim"})]
    first, second = Told(), Told()
    async with hosted(monkeypatch, [file], {}, space="127.0.0.1:9", outbound_from="+15550100") as at:
        with RunsApi(str(at.client.base_url), "runs-please") as api:
            await anyio.to_thread.run_sync(Dialling(api, Wanted(flow="survey"), first).dial, row, Keys("b"))
            await until(lambda: at.journal.runs()[0].status == "ended")
            await anyio.to_thread.run_sync(Dialling(api, Wanted(flow="survey"), second).dial, row, Keys("b"))
        (run,) = at.journal.runs()
    assert first.rows == [(2, "accepted", "")]
    ((line_, outcome, problem),) = second.rows
    assert (line_, outcome) == (2, "failed")
    assert problem.startswith(f"its run ended `error`, and no call came of it: `offhook runs show {run.run_id}`")


async def test_runner_that_is_gone_is_asked_for_half_a_minute_and_then_left(tmp_path: Path) -> None:
    told, pauses = Told(), list[float]()
    with RunsApi("http://127.0.0.1:9", "t") as api, pytest.raises(Stopped, match="No runner answers"):
        Dialling(api, Wanted(flow="survey"), told, pauses.append).dial([Row(2, {"to": "+1555"})], Keys("b"))
    assert (told.rows, sum(pauses)) == ([], 30)


async def test_wrong_token_stops_before_anybody_is_called(tmp_path: Path) -> None:
    async with calling(tmp_path) as at:
        at.write("to,name", "+15550177,Kim")
        done = await anyio.run_process(at.command(), check=False, env=variables(OFFHOOK_API_TOKEN="wrong"))
        assert (done.returncode, b"The runner refused (401)" in done.stderr) == (2, True), done.stderr
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(f"{at.stage.runner_url}/flows/survey")).status_code == 401
