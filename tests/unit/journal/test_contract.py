"""What every journal does, in memory or in a file, on asyncio and on trio."""

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from engine.journal.base import EventRow, Journal, LiveRun, RunRow
from engine.journal.memory import MemoryJournal
from engine.journal.sqlite import open_journal
from engine.model.errors import JournalError
from engine.model.ids import CallId, Digest, RunId
from tests.unit.journal.entries import entry

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "sqlite"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    made: Journal = MemoryJournal() if request.param == "memory" else open_journal(tmp_path / "a.journal")
    yield made
    made.close()
    made.close()


async def test_an_event_and_its_state_are_there_after_the_commit(journal: Journal) -> None:
    await journal.commit([entry("r1", 1, next_due_ms=9, call_id=CallId("c9"))])
    assert list(journal.load_live()) == [LiveRun(run_id=RunId("r1"), state=b"state 1 of r1", events=1)]
    assert list(journal.events_of(RunId("r1"))) == [EventRow(n=1, at_ms=1_001, event=b"event 1 of r1")]
    assert journal.state_of(RunId("r1")) == b"state 1 of r1"
    assert journal.run("r1") == RunRow(
        run_id=RunId("r1"),
        flow="reception",
        digest=Digest("d1"),
        status="running",
        started_ms=1_000,
        updated_ms=1_001,
        call_id=CallId("c9"),
        next_due_ms=9,
        end_reason="",
        events=1,
    )


async def test_a_batch_may_hold_many_events_of_many_runs(journal: Journal) -> None:
    batch = [entry(f"r{run:03}", n) for n in range(1, 4) for run in range(150)]
    await journal.commit(batch)
    assert [live.events for live in journal.load_live()] == [3] * 150
    assert [row.n for row in journal.events_of(RunId("r007"))] == [1, 2, 3]
    assert journal.state_of(RunId("r007")) == b"state 3 of r007"


async def test_what_is_noted_takes_the_place_of_what_was(journal: Journal) -> None:
    assert journal.noted("a") == ""
    await journal.note("a", "yes")
    await journal.note("b", "no")
    assert (journal.noted("a"), journal.noted("b")) == ("yes", "no")
    await journal.note("a", "")
    assert journal.noted("a") == ""


async def test_an_empty_batch_is_nothing(journal: Journal) -> None:
    await journal.commit([])
    assert journal.runs() == []


async def test_the_same_batch_again_changes_nothing(journal: Journal) -> None:
    first, second = [entry("r1", 1)], [entry("r1", 2), entry("r1", 3)]
    for batch in (first, second, first, second[:1], second):
        await journal.commit(batch)
    assert [row.n for row in journal.events_of(RunId("r1"))] == [1, 2, 3]
    assert journal.state_of(RunId("r1")) == b"state 3 of r1"
    assert journal.run("r1").events == 3


async def test_another_event_of_the_same_number_is_refused_and_nothing_written(journal: Journal) -> None:
    await journal.commit([entry("r1", 1)])
    with pytest.raises(JournalError, match="has another event 1 of run r1"):
        await journal.commit([entry("r2", 1), entry("r1", 1, event=b"other")])
    assert [row.run_id for row in journal.runs()] == ["r1"]
    await journal.commit([entry("r2", 1)])


async def test_commits_of_many_tasks_are_all_written(journal: Journal) -> None:
    async def run(name: str) -> None:
        for n in range(1, 6):
            await journal.commit([entry(name, n)])

    async with anyio.create_task_group() as tasks:
        for number in range(40):
            tasks.start_soon(run, f"r{number:02}")
    assert [live.events for live in journal.load_live()] == [5] * 40


async def test_one_batch_at_fault_does_not_fail_the_others_beside_it(journal: Journal) -> None:
    await journal.commit([entry("bad", 1)])
    failed: list[str] = []

    async def commit(name: str, event: bytes) -> None:
        try:
            await journal.commit([entry(name, 1, event=event)])
        except JournalError:
            failed.append(name)

    async with anyio.create_task_group() as tasks:
        for name in ("r1", "r2", "bad", "r3"):
            tasks.start_soon(commit, name, b"x")
    assert failed == ["bad"]
    assert sorted(row.run_id for row in journal.runs()) == ["bad", "r1", "r2", "r3"]


async def test_only_runs_that_have_not_ended_are_loaded_oldest_first(journal: Journal) -> None:
    await journal.commit([entry("r2", 1), entry("r1", 1), entry("r3", 1)])
    await journal.commit([entry("r1", 2, status="ended", end_reason="hangup")])
    assert [live.run_id for live in journal.load_live()] == ["r2", "r3"]


async def test_runs_are_listed_latest_first_and_filtered(journal: Journal) -> None:
    await journal.commit([entry("r1", 1), entry("r2", 1, flow="sales"), entry("r3", 1, status="dialing")])
    await journal.commit([entry("r1", 2, status="ended")])

    def listed(**filters: object) -> list[str]:
        return [row.run_id for row in journal.runs(**filters)]  # type: ignore[arg-type]

    assert listed() == ["r3", "r2", "r1"]
    assert listed(limit=2) == ["r3", "r2"]
    assert listed(limit=0) == []
    assert listed(status="ended") == ["r1"]
    assert listed(status="live") == ["r3", "r2"]
    assert listed(flow="sales") == ["r2"]
    assert listed(flow="sales", status="ended") == []


async def test_a_run_is_found_by_the_beginning_of_its_id(journal: Journal) -> None:
    await journal.commit([entry("iab", 1), entry("iabc", 1), entry("ix_y", 1), entry("ixxy", 1)])
    assert journal.run("iabc").run_id == "iabc"
    assert journal.run("iab").run_id == "iab"
    assert journal.run("ix_").run_id == "ix_y"


@pytest.mark.parametrize(
    ("prefix", "message", "help_"),
    [
        ("", "no run has an id that begins with ''", "runs list"),
        ("z", "no run has an id that begins with 'z'", "runs list"),
        ("i%", "no run has an id that begins with 'i%'", "runs list"),
        ("i", "more than one run has an id that begins with 'i'", "two of them are iab and iac"),
    ],
)
async def test_a_run_that_is_not_there_or_not_the_only_one_is_refused(
    journal: Journal, prefix: str, message: str, help_: str
) -> None:
    await journal.commit([entry("iac", 1), entry("iab", 1)])
    with pytest.raises(JournalError) as caught:
        journal.run(prefix)
    assert caught.value.message == message
    assert help_ in caught.value.help


async def test_nothing_is_known_of_a_run_that_is_not_there(journal: Journal) -> None:
    assert journal.state_of(RunId("r")) is None
    assert list(journal.events_of(RunId("r"))) == []
    assert journal.get_bundle(Digest("d")) is None


async def test_bundles_are_kept_while_a_run_uses_them(journal: Journal) -> None:
    for digest in ("d1", "d2", "d3"):
        await journal.put_bundle(Digest(digest), digest.encode())
    await journal.put_bundle(Digest("d1"), b"other")
    await journal.commit([entry("r1", 1)])
    assert journal.get_bundle(Digest("d1")) == b"d1"
    assert await journal.drop_unused_bundles(keep=[Digest("d3")]) == 1
    assert [journal.get_bundle(Digest(d)) for d in ("d1", "d2", "d3")] == [b"d1", None, b"d3"]
    assert await journal.drop_unused_bundles() == 1


async def test_old_runs_are_forgotten_with_their_events_once_they_have_ended(journal: Journal) -> None:
    await journal.commit([entry("r1", 1), entry("r2", 1), entry("r3", 1)])
    await journal.commit([entry("r1", 2, status="ended", at_ms=2_000), entry("r2", 2, status="ended", at_ms=3_000)])
    assert await journal.forget_runs(before_ms=3_000) == 1
    assert [row.run_id for row in journal.runs()] == ["r3", "r2"]
    assert list(journal.events_of(RunId("r1"))) == []


async def test_the_key_has_256_bits(journal: Journal) -> None:
    assert len(journal.callback_key) == 32
    assert journal.callback_key == journal.callback_key
