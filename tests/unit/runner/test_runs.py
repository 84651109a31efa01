"""Runs to which nothing happens rest in the journal, and come back for a webhook, a timer or a signal."""

import pytest

from engine.journal.memory import MemoryJournal
from engine.model.errors import JournalError
from engine.model.ids import RunId, inbound_run_id
from engine.runner import runs
from tests.e2e.polling import until
from tests.unit.runner.inside import Inside, inside

pytestmark = pytest.mark.anyio
COUNT = 6
PAUSE = """
flow: short
language: 1
start: hello
steps:
  hello:
    wait: 1500ms
    next: bye
  bye:
    end: hangup
"""


@pytest.fixture(autouse=True)
def two_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs.Runs.__init__, "__defaults__", (2,))


async def begun(at: Inside) -> list[RunId]:
    for n in range(COUNT):
        await at.arrive(f"c{n}")
        await until(lambda: at.runner.supervisor.idle)
    assert (len(at.runner.supervisor.runs), at.runner.supervisor.runs.resting) == (COUNT, COUNT - 2)
    return [inbound_run_id(f"c{n}") for n in range(COUNT)]


async def test_run_that_rests_takes_its_webhooks_and_ends() -> None:
    async with inside() as at:
        for run_id in await begun(at):
            assert (await at.report(f"{run_id}.0.hello.1.1.play", state="finished")).status_code == 200
            await until(lambda run_id=run_id: at.journal.run(run_id).status == "ended")  # type: ignore[misc]
        assert len(at.runner.supervisor.runs) == 0
    assert len([body for body in at.sent if body["command"] == "calling.end"]) == COUNT


async def test_timer_wakes_a_run_that_rests() -> None:
    async with inside(text=PAUSE) as at:
        await begun(at)
        await until(lambda: all(row.status == "ended" for row in at.journal.runs()))
        assert len(at.runner.supervisor.runs) == 0


async def test_run_that_cannot_be_read_is_tried_again() -> None:
    class Dark(MemoryJournal):
        dark = False

        def find(self, run_id: RunId):
            if self.dark:
                raise JournalError("the disk is gone")
            return super().find(run_id)

    journal = Dark()
    async with inside(journal=journal) as at:
        resting = (await begun(at))[0]
        journal.dark = True
        assert (await at.report(f"{resting}.0.hello.1.1.play", state="playing")).status_code == 503
        journal.dark = False
        assert (await at.report(f"{resting}.0.hello.1.1.play", state="playing")).status_code == 200


async def test_new_process_has_all_of_them_at_rest_and_sees_to_each() -> None:
    journal = MemoryJournal()
    async with inside(journal=journal) as at:
        ids = await begun(at)
    before = {run_id: journal.run(run_id).events for run_id in ids}
    async with inside(journal=journal) as at:
        assert set(at.runner.supervisor.runs) == set(ids)
        # Each is looked up, and told that it goes on.
        await until(lambda: all(journal.run(run_id).events == before[run_id] + 2 for run_id in ids))
        assert len(at.runner.supervisor.runs) == COUNT
