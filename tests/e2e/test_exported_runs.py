"""Calls that a runner has taken, exported from its journal while it runs: as tests that pass, and held against a change."""

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import anyio.to_thread
import httpx
import pytest
from click.testing import CliRunner, Result

from engine.cli import offhook
from engine.journal.sealing import VARIABLE, new_key
from engine.project import flows
from engine.runner.stage import Stage, stage
from engine.sandbox.service import PROJECT, TOKEN
from tests.e2e.line import Line
from tests.e2e.polling import until
from tests.e2e.runner_process import FLOWS, USES

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER = "+15550100"
KEY = new_key()


class Scene(NamedTuple):
    folder: Path
    platform: Line
    stage: Stage

    @property
    def flow(self) -> Path:
        return next(self.folder.glob("flows/*.flow.yaml"))

    async def ended(self, runs: int = 1) -> None:
        await until(lambda: len(self.stage.journal.runs(status="ended")) == runs, longest_s=20)

    async def offhook(self, *arguments: str | Path) -> Result:
        """In a thread, as another process would beside the runner."""
        told = CliRunner(env={VARIABLE: KEY, "NO_COLOR": "1"})
        return await anyio.to_thread.run_sync(lambda: told.invoke(offhook, [str(one) for one in arguments]))

    async def export(self, *more: str) -> str:
        (row, *_) = self.stage.journal.runs()
        found = await self.offhook("runs", "export", row.run_id[:12], "-j", self.folder / "a.journal", *more)
        assert found.exit_code == 0, f"{found.output} {found.exception}"
        return found.output

    async def passes(self, test_file: str) -> None:
        """Beside the flow version of the call."""
        path = self.flow.with_name(f"{flows.name(self.flow)}.exported.test.yaml")
        path.write_text(test_file)
        found = await self.offhook("test", path)
        assert found.exit_code == 0, f"{test_file}\n{found.output}"


@asynccontextmanager
async def scene(folder: Path, flow: str) -> AsyncIterator[Scene]:
    """A copy of a shipped flow, with what it needs beside it."""
    copy = folder / "flows"
    for part in ("lib", "swml", "calendars"):
        shutil.copytree(FLOWS / part, copy / part)
    shutil.copy(FLOWS / f"{flow}.flow.yaml", copy)
    uses = dict(USES)
    served = flows.read(copy / f"{flow}.flow.yaml", uses)
    async with (
        stage(
            [served], routes={NUMBER: flow}, uses=uses, speed=10, journal=folder / "a.journal", secret_key=KEY
        ) as made,
        httpx.AsyncClient(base_url=made.sandbox.url, auth=(PROJECT, TOKEN), trust_env=False) as client,
    ):
        yield Scene(folder, Line(made.sandbox, client), made)


async def test_export_a_call_becomes_a_test_that_passes_and_finds_the_step_that_changes(tmp_path: Path) -> None:
    async with scene(tmp_path, "reception") as at:
        await at.platform.ring(
            NUMBER,
            {"hears": "For our opening hours"},
            {"presses": "1"},
            {"hears": "For our opening hours"},
            {"presses": "0"},
            {"bridge": "talks 5s"},
        )
        await at.ended()
        case = await at.export("--as-test")
        assert 'presses: "1"' in case
        assert "bridge: talks" in case
        await at.passes(case)

        (tmp_path / "run.json").write_text(await at.export())
        same = await at.offhook("replay", tmp_path / "run.json", "--against", at.flow)
        assert same.exit_code == 0, same.output
        assert "1 the same" in same.output

        text = at.flow.read_text()
        at.flow.write_text(
            text.replace('hours: {keys: ["1"]', 'hours: {keys: ["7"]').replace('keys: ["1"]', 'keys: ["7"]')
        )
        changed = await at.offhook("replay", tmp_path / "a.journal", "--against", at.flow, "--format", "json")
        assert changed.exit_code == 1, changed.output
        (call,) = json.loads(changed.output)["calls"]
        assert call["difference"]["step"] == "menu"
        assert call["verdict"] == "course"


async def test_export_of_a_live_call_is_as_far_as_it_has_come(tmp_path: Path) -> None:
    async with scene(tmp_path, "voicemail") as at:
        await at.platform.ring(NUMBER, {"hears": "beep"}, {"says": "This is Kim."}, {"silent_ms": 60_000})
        await until(lambda: any(one.events > 6 for one in at.stage.journal.runs(status="live")), longest_s=20)
        case = await at.export("--as-test")
        assert '"..."' in case
        assert "ends:" not in case
        await at.passes(case)


async def test_export_a_secret_is_in_no_file_unless_it_is_wished_for(tmp_path: Path) -> None:
    async with scene(tmp_path, "pin_entry") as at:
        await at.platform.ring(NUMBER, {"hears": "four digit PIN"}, {"presses": "8642"})
        await at.ended()
        whole, case = await at.export(), await at.export("--as-test")
        assert "8642" not in whole + case
        assert "8642" in await at.export("--no-redact")
        await at.passes(case)
