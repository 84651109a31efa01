"""Flows that change under a runner that serves calls."""

import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.line import heard
from tests.e2e.pair import Pair, pair
from tests.e2e.polling import until
from tests.e2e.runner_process import FLOWS

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER, LATER = "+15550100", "+15550109"
MENU = "For our opening hours"
OLD = "We are open Monday to Thursday"


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    folder = tmp_path / "flows"
    shutil.copytree(FLOWS, folder, ignore=shutil.ignore_patterns("environments"))
    return folder


def deploy(path: Path, text: str) -> None:
    """As a deployment does it: the whole file at once."""
    other = path.with_suffix(".new")
    other.write_text(text)
    other.replace(path)


async def said(at: Pair, *script: dict[str, Any]) -> str:
    call = await at.platform.until_ended(await at.platform.ring(NUMBER, *script))
    return " ".join(heard(call))


async def test_call_in_its_menu_keeps_its_version_and_a_new_one_hears_the_new(tmp_path: Path, flows: Path) -> None:
    path = flows / "reception.flow.yaml"
    # So long that a slow machine is quicker.
    old = path.read_text().replace("initial_timeout: 6", "initial_timeout: 300")
    path.write_text(old)
    new = old.replace("We are open", "Now we are open")
    assert "initial_timeout: 300" in old
    assert OLD in old
    ask: tuple[dict[str, Any], ...] = (
        {"hears": MENU},
        {"presses": "1"},
        {"hears": "dental emergency"},
        {"hangs_up": True},
    )
    async with pair(tmp_path, {NUMBER: "reception"}, flows=str(flows), speed=6) as at:
        in_menu = await at.platform.ring(NUMBER)
        await at.platform.until_heard(in_menu, MENU)
        deploy(path, new)
        await until(lambda: "flow reception: new calls get the new version" in at.runner.log)
        assert "Now we are open" in await said(at, *ask)
        await at.platform.act(in_menu, presses="1")
        old_call = await at.platform.until_heard(in_menu, "open Monday")
        assert OLD in " ".join(heard(old_call))
        assert "Now we are" not in " ".join(heard(old_call))
        assert len({row.digest for row in at.runner.rows()}) == 2


async def test_broken_version_is_told_and_the_last_good_one_stays(tmp_path: Path, flows: Path) -> None:
    path = flows / "reception.flow.yaml"
    old = path.read_text()
    async with pair(tmp_path, {NUMBER: "reception", LATER: "later"}, flows=str(flows), speed=6) as at:
        deploy(path, old.replace("start: ", "start: no_"))
        await until(lambda: "flow reception is broken" in at.runner.log)
        assert f"its last good version stays: {path}:" in at.runner.log
        assert " FLW001 " in at.runner.log
        ready = (await at.runner.client.get("/readyz")).json()
        assert (ready["ready"], ready["broken"]) == (True, ["reception"])
        assert "reception" in ready["flows"]
        assert MENU in await said(at, {"hears": MENU}, {"hangs_up": True})
        deploy(flows / "later.flow.yaml", old.replace("flow: reception", "flow: later"))
        deploy(path, old)
        await until(lambda: "flow later is served from now on" in at.runner.log)
        await until(lambda: "flow reception: its file is the version that is served again" in at.runner.log)
        call = await at.platform.ring(LATER, {"hears": MENU}, {"hangs_up": True})
        assert MENU in " ".join(heard(await at.platform.until_ended(call)))
        assert (await at.runner.client.get("/readyz")).json()["broken"] == []


async def test_sighup_reads_at_once_even_what_does_not_look_changed(tmp_path: Path, flows: Path) -> None:
    async with pair(tmp_path, {NUMBER: "reception"}, flows=str(flows), speed=6) as at:
        (flows / "voicemail.flow.yaml").unlink()
        os.kill(at.runner.pid, signal.SIGHUP)
        await until(lambda: "flow voicemail was removed" in at.runner.log)
        assert "SIGHUP: the flows are read again" in at.runner.log
        ready = (await at.runner.client.get("/readyz")).json()
        assert "voicemail" not in ready["flows"]
        at.runner.environment_file.write_text(at.runner.environment_file.read_text() + "drain: 5s\n")
        await until(lambda: "test.env.yaml was taken over; new: drain" in at.runner.log)
