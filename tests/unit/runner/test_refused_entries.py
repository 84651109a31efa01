"""One run's entry that the journal will never take: the others go on, and that run stands as it stood before."""

from collections.abc import Sequence
from pathlib import Path

import anyio
import pytest

from engine.journal.base import Entry
from engine.journal.memory import MemoryJournal
from engine.journal.sqlite import open_journal
from engine.model.errors import EntryRefused, JournalError
from engine.model.events import TimePassed, UnknownReported
from engine.model.ids import RunId, inbound_run_id
from engine.runner import batches, supervisor
from engine.wire import swml
from tests.e2e.polling import until
from tests.unit.runner.inside import Inside, inside

pytestmark = pytest.mark.anyio
GOOD, BAD = inbound_run_id("good"), inbound_run_id("bad")


class Choosy(MemoryJournal):
    """Refuses what happens to `refused`; a whole batch fails, as in one transaction. Full while `full`."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[RunId] = set()
        self.full = False
        self.tries = 0

    async def commit(self, batch: Sequence[Entry]) -> None:
        self.tries += 1
        if self.full:
            raise JournalError("the disk is full")
        if any(entry.run_id in self.refused for entry in batch):
            raise EntryRefused("no")
        await super().commit(batch)


async def hello(at: Inside, call_id: str) -> None:
    run_id = inbound_run_id(call_id)
    await at.arrive(call_id)
    await until(lambda: at.journal.run(run_id).events == 2)


async def ended(at: Inside, run_id: RunId) -> None:
    await until(lambda: at.journal.run(run_id).status == "ended")


async def report_both(at: Inside) -> dict[str, int]:
    """Both prompts are over in one moment, so that both are in one batch."""
    statuses: dict[str, int] = {}

    async def report(run_id: RunId) -> None:
        statuses[run_id] = (await at.report(f"{run_id}.0.hello.1.1.play", state="finished")).status_code

    async with anyio.create_task_group() as tasks:
        for run_id in (BAD, GOOD):
            tasks.start_soon(report, run_id)
    return statuses


async def test_refused_entry_delays_nobody_and_its_run_goes_on_later(caplog: pytest.LogCaptureFixture) -> None:
    journal = Choosy()
    async with inside(journal=journal) as at:
        await hello(at, "bad")
        await hello(at, "good")
        journal.refused = {BAD}
        assert await report_both(at) == {BAD: 503, GOOD: 200}
        await ended(at, GOOD)
        assert journal.run(BAD).events == 2
        assert at.runner.supervisor.healthy
        journal.refused = set()
        assert (await at.report(f"{BAD}.0.hello.1.1.play", state="finished")).status_code == 200
        await ended(at, BAD)
    assert [body["command"] for body in at.sent] == ["calling.play"] * 2 + ["calling.end"] * 2
    assert f"what happened to run {BAD} does not count" in caplog.text


async def test_refused_beginning_is_no_run_and_its_caller_hears_so() -> None:
    journal = Choosy()
    journal.refused = {BAD}
    async with inside(journal=journal) as at:
        await hello(at, "good")
        assert (await at.arrive("bad")).content == swml.BUSY_BYTES
        assert [row.run_id for row in journal.runs()] == [GOOD]
        assert set(at.runner.supervisor.runs) == {GOOD}


async def test_refused_entry_and_a_full_disk_the_others_are_written_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "_RETRY_S", 0.01)
    journal = Choosy()
    async with inside(journal=journal) as at:
        await hello(at, "bad")
        await hello(at, "good")
        journal.refused, journal.full = {BAD}, True
        assert set((await report_both(at)).values()) == {503}
        journal.full = False
        await ended(at, GOOD)
        assert journal.run(BAD).events == 2


async def test_timer_whose_event_is_refused_does_not_ring_again_at_once() -> None:
    journal = Choosy()
    async with inside(journal=journal, text=WAITING) as at:
        await at.arrive("bad")
        journal.refused = {BAD}
        await until(lambda: journal.tries == 3)
        await at.arrive("good")
        await ended(at, GOOD)
        assert journal.run(BAD).events == 1


async def test_timer_whose_event_was_refused_rings_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_REFUSED_MS", 10)
    journal = Choosy()
    async with inside(journal=journal, text=WAITING) as at:
        await at.arrive("bad")
        journal.refused = {BAD}
        await until(lambda: journal.tries >= 8)
        journal.refused = set()
        await ended(at, BAD)


WAITING = """
flow: short
language: 1
start: quiet
steps:
  quiet:
    wait: 50ms
    next: bye
  bye:
    end: hangup
"""


async def test_event_that_cannot_be_encoded_stays_its_runs_own_matter(tmp_path: Path) -> None:
    with open_journal(tmp_path / "a.journal") as journal:
        async with inside(journal=journal) as at:
            await hello(at, "bad")
            await hello(at, "good")
            runs = at.runner.supervisor
            strange = UnknownReported(at_ms=1, event_type="x", reason="", extra={"n": 10**30})
            refused = runs.take(runs.runs[BAD], strange)
            taken = runs.take(runs.runs[GOOD], TimePassed(at_ms=1))
            await refused.written.wait()
            assert taken is refused
            assert refused.refused == {runs.runs[BAD]}
            assert journal.run(GOOD).events == 3
            assert (await at.report(f"{GOOD}.0.hello.1.1.play", state="finished")).status_code == 200
            await ended(at, GOOD)
            assert (await at.report(f"{BAD}.0.hello.1.1.play", state="finished")).status_code == 200
            await ended(at, BAD)


async def test_journal_that_takes_no_new_runs_is_not_ready_until_it_takes_one() -> None:
    journal = Choosy()
    names = [f"new-{n}" for n in range(3)]
    async with inside(journal=journal) as at:
        journal.refused = {inbound_run_id(name) for name in names}
        for name in names:
            assert (await at.client.get("/readyz")).status_code == 200
            assert (await at.arrive(name)).content == swml.BUSY_BYTES
        ready = await at.client.get("/readyz")
        assert (ready.status_code, ready.json()["journal"]) == (503, "cannot be written, or takes no new runs")
        assert sum(at.runner.supervisor.meters.started.values()) == 0
        await hello(at, "good")
        assert (await at.client.get("/readyz")).status_code == 200
        assert sum(at.runner.supervisor.meters.started.values()) == 1
