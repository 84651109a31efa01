"""A journal's file that somebody deletes, moves or replaces while it is written."""

import logging
from pathlib import Path

import pytest

from engine.journal.sqlite import open_journal
from engine.runner.placed import Placed
from engine.wire import swml
from tests.unit.runner.inside import inside

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("replaced", [False, True], ids=["moved", "replaced"])
async def test_journal_that_is_gone_takes_no_new_calls_and_is_told_until_it_is_back(
    tmp_path: Path, replaced: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "offhook.journal")
    path, elsewhere = tmp_path / "a.journal", tmp_path / "b.journal"
    with open_journal(path) as journal:
        async with inside(journal=journal) as at:
            placed = Placed(at.runner.supervisor)
            assert (await at.arrive("before")).content == swml.PARKING_BYTES
            path.rename(elsewhere)
            if replaced:
                path.write_bytes(elsewhere.read_bytes())
            placed.look()
            placed.look()
            assert (await at.arrive("meanwhile")).content == swml.BUSY_BYTES
            ready = await at.client.get("/readyz")
            assert (ready.status_code, ready.json()["journal"]) == (503, "cannot be written, or takes no new runs")
            elsewhere.rename(path)
            placed.look()
            assert (await at.arrive("after")).content == swml.PARKING_BYTES
        told = [record.getMessage() for record in caplog.records if record.name == "offhook.journal"]
        assert told[0].startswith("a new journal was made: ")
        assert told[1].startswith("the journal's file was deleted, moved or replaced while it is written.")
        assert told[2:] == ["the journal's file is in its place again"]
