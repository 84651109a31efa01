"""What ended long ago is deleted while the runner runs, and nothing else is."""

import time

import pytest

from engine.journal.memory import MemoryJournal
from engine.model.errors import JournalError
from engine.model.ids import inbound_run_id
from engine.runner import retention
from engine.runner.clock import Clock
from tests.e2e.polling import until
from tests.unit.runner.inside import Inside, inside

pytestmark = pytest.mark.anyio
HOUR_MS = 3_600_000
OLD = inbound_run_id("old")


class Wall:
    def __init__(self) -> None:
        self.now_s = time.time()

    def __call__(self) -> float:
        return self.now_s


async def play(at: Inside, call_id: str) -> None:
    run_id = inbound_run_id(call_id)
    await at.arrive(call_id)
    await until(lambda: at.journal.run(run_id).events == 2)


async def end(at: Inside, call_id: str) -> None:
    run_id = inbound_run_id(call_id)
    await at.report(f"{run_id}.0.hello.1.1.play", state="finished")
    await until(lambda: at.journal.run(run_id).status == "ended")


async def test_run_that_ended_long_ago_is_deleted_and_its_late_webhook_is_unknown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr(retention, "_EVERY_MS", 10)
    monkeypatch.setattr(retention, "_PAUSE_S", 0)
    wall = Wall()
    async with inside(clock=Clock(wall), keep_ms=HOUR_MS) as at:
        await play(at, "old")
        await end(at, "old")
        wall.now_s += 3_599
        await play(at, "young")
        await end(at, "young")
        wall.now_s += 2
        await until(lambda: "1 runs that had ended were deleted" in caplog.text)
        assert {row.call_id for row in at.journal.runs()} == {"young"}
        assert (await at.report(f"{OLD}.0.hello.1.1.play", state="finished")).status_code == 404


class Down(MemoryJournal):
    down = True

    async def forget_runs(self, before_ms: int, *, at_most: int = 1) -> int:
        if self.down:
            raise JournalError("the disk is full")
        return await super().forget_runs(before_ms, at_most=at_most)


async def test_journal_that_cannot_be_written_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(retention, "_EVERY_MS", 10)
    monkeypatch.setattr(retention, "_PAUSE_S", 0)
    journal, wall = Down(), Wall()
    async with inside(journal=journal, clock=Clock(wall), keep_ms=HOUR_MS) as at:
        await play(at, "old")
        await end(at, "old")
        await play(at, "old2")
        await end(at, "old2")
        wall.now_s += 3_700
        await until(lambda: "old runs are not deleted yet: the disk is full" in caplog.text)
        journal.down = False
        await until(lambda: not at.journal.runs())


async def test_clock_that_is_set_forth_by_days_deletes_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(retention, "_EVERY_MS", 10)
    monkeypatch.setattr(retention, "_PAUSE_S", 0)
    wall = Wall()
    async with inside(clock=Clock(wall, time.monotonic), keep_ms=HOUR_MS) as at:
        await play(at, "old")
        await end(at, "old")
        wall.now_s += 10 * 365 * 86_400
        await until(lambda: "old runs are deleted no more" in caplog.text)
        assert [row.call_id for row in at.journal.runs()] == ["old"]
