"""A hang-up that no webhook reports is noticed all the same, and the run ends by its handler."""

from pathlib import Path
from typing import Any

import pytest

from engine.journal.reader import open_reader
from engine.model import codec
from engine.model.ids import RunId
from engine.model.state import RunState
from tests.e2e.line import commands
from tests.e2e.pair import OWN_FLOWS, pair

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER = "+15550100"


def final_state(journal: Path, run_id: str) -> RunState:
    reader = open_reader(journal)
    try:
        state = reader.state_of(RunId(run_id))
    finally:
        reader.close()
    assert state is not None
    return codec.decode_state(state)


async def test_hangup_in_a_quiet_step_is_noticed_by_presence(tmp_path: Path) -> None:
    script: list[dict[str, Any]] = [{"hears": "Hello", "to_the_end": True}, {"silent_ms": 200}, {"hangs_up": True}]
    async with pair(tmp_path, {NUMBER: "quiet"}, flows=str(OWN_FLOWS), presence="200ms") as (platform, runner):
        call_id = await platform.ring(NUMBER, *script)
        (row,) = await runner.until_all_ended(1, longest_s=5)
        call = await platform.call(call_id)
    assert row.end_reason == "hangup"
    assert commands(call) == ["calling.play"]
    assert final_state(runner.journal, row.run_id).frame.vars == {"heard_of_it": True}


async def test_hangup_is_noticed_by_the_next_commands_404_and_the_recording_settles(tmp_path: Path) -> None:
    script: list[dict[str, Any]] = [{"hears": "Hello", "to_the_end": True}, {"silent_ms": 200}, {"hangs_up": True}]
    async with pair(tmp_path, {NUMBER: "taped"}, flows=str(OWN_FLOWS), presence="30s") as (platform, runner):
        call_id = await platform.ring(NUMBER, *script)
        (row,) = await runner.until_all_ended(1, longest_s=5)
        call = await platform.call(call_id)
    assert row.end_reason == "hangup"
    assert [(each["command"], each["status"]) for each in call["commands"]][-1] == ("calling.play", 404)
    assert final_state(runner.journal, row.run_id).frame.vars["url"].startswith("https://files.sandbox.invalid/")
