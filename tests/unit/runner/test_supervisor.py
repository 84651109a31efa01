"""Runs in memory: their numbers, their order, and commands only after the journal."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import anyio
import httpx
import pytest

from engine.cli.logs import set_up
from engine.journal.base import Entry
from engine.journal.memory import MemoryJournal
from engine.model.errors import JournalError
from engine.model.ids import inbound_run_id
from engine.runner import batches, sending
from engine.runner.library import Library
from engine.wire import swml
from tests.e2e.polling import until
from tests.unit.runner.inside import FLOW, Inside, accepted, inside

pytestmark = pytest.mark.anyio
RUN = inbound_run_id("c1")
PLAY = f"{RUN}.0.hello.1.1.play"


async def until_ended(at: Inside) -> None:
    await until(lambda: bool(at.journal.runs(status="ended")))


class Slow(MemoryJournal):
    """Its commits wait for `gate`; `commits` are the numbers of their events."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = anyio.Event()
        self.gate.set()
        self.commits: list[list[int]] = []

    async def commit(self, batch: Sequence[Entry]) -> None:
        await self.gate.wait()
        await super().commit(batch)
        self.commits.append([entry.n for entry in batch])


async def test_command_is_not_sent_before_its_event_is_durable() -> None:
    journal = Slow()
    async with inside(journal=journal) as at, anyio.create_task_group() as tasks:
        journal.gate = anyio.Event()
        tasks.start_soon(at.arrive)
        await anyio.wait_all_tasks_blocked()
        assert at.sent == []
        journal.gate.set()
        await until(lambda: bool(at.sent))
    assert journal.commits[0] == [1]


async def test_late_webhooks_at_once_for_an_ended_run_get_numbers_of_their_own() -> None:
    journal = Slow()
    async with inside(journal=journal) as at:
        await at.arrive()
        await at.report(PLAY, state="finished")
        await until_ended(at)
        ended = journal.run(RUN).events
        journal.gate = anyio.Event()
        statuses: list[int] = []

        async def late() -> None:
            statuses.append((await at.report(PLAY, state="finished")).status_code)

        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(late)
            await anyio.wait_all_tasks_blocked()
            journal.gate.set()
        assert statuses == [200] * 5
        assert journal.run(RUN).events == ended + 5
        assert [row.n for row in journal.events_of(RUN)] == list(range(1, ended + 6))
        assert not at.runner.supervisor.runs


async def test_webhook_before_the_answer_to_the_last_command_both_count(caplog: pytest.LogCaptureFixture) -> None:
    reported, journal = anyio.Event(), MemoryJournal()

    async def answering(body: dict[str, Any]) -> httpx.Response:
        if body["command"] == "calling.end":
            await reported.wait()
        return accepted(body)

    async with inside(answering, journal=journal) as at:
        await at.arrive()
        await at.report(PLAY, state="finished")
        await until(lambda: at.sent[-1]["command"] == "calling.end")
        await at.report(f"{RUN}.call", call_state="ended", call_id="c1")
        await until_ended(at)
        before = journal.run(RUN).events
        assert (await at.report(PLAY, state="finished")).status_code == 200
        reported.set()
        await until(lambda: not at.runner.supervisor.runs and at.runner.supervisor.idle)
        assert journal.run(RUN).events == before + 2
    assert [row.n for row in journal.events_of(RUN)] == list(range(1, before + 3))
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


async def test_webhook_while_the_end_of_its_run_is_being_written_is_late() -> None:
    journal = Slow()
    async with inside(journal=journal) as at:
        await at.arrive()
        await until(lambda: journal.run(RUN).events >= 2)
        journal.gate = anyio.Event()
        async with anyio.create_task_group() as tasks:
            for mark in ("playing", "finished"):
                tasks.start_soon(lambda mark=mark: at.report(PLAY, state=mark))  # type: ignore[misc]
            await anyio.wait_all_tasks_blocked()
            tasks.start_soon(lambda: at.report(PLAY, state="finished"))
            await anyio.wait_all_tasks_blocked()
            journal.gate.set()
        await until_ended(at)
        numbers = [row.n for row in journal.events_of(RUN)]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_same_call_fetched_twice_at_once_is_one_run_and_waits_for_it() -> None:
    journal = Slow()
    async with inside(journal=journal) as at:
        journal.gate = anyio.Event()
        documents: list[bytes] = []

        async def fetch() -> None:
            documents.append((await at.arrive()).content)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(fetch)
            tasks.start_soon(fetch)
            await anyio.wait_all_tasks_blocked()
            assert documents == [], "a document that parks the call is promised by the journal"
            journal.gate.set()
    assert documents == [swml.PARKING_BYTES] * 2
    assert len(journal.runs()) == 1


class Broken(MemoryJournal):
    def __init__(self) -> None:
        super().__init__()
        self.down = False

    async def commit(self, batch: Sequence[Entry]) -> None:
        if self.down:
            raise JournalError("no")
        await super().commit(batch)


async def test_run_that_could_not_begin_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_RETRY_S", 0.01)
    journal = Broken()
    async with inside(journal=journal) as at:
        journal.down = True
        assert (await at.arrive()).content == swml.BUSY_BYTES
        journal.down = False
        await until(lambda: at.runner.supervisor.healthy)
        assert (journal.runs(), len(at.runner.supervisor.runs), at.sent) == ([], 0, [])
        assert (await at.arrive()).content == swml.PARKING_BYTES


async def test_first_command_before_the_call_is_answered_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_ARRIVAL_PAUSES_S", (0.001, 0.001, 0.001))
    answers = iter([422, 404, 200])

    def early(body: dict[str, Any]) -> httpx.Response:
        status = next(answers, 200)
        return accepted(body) if status == 200 else httpx.Response(status, json={"errors": [{"code": "not_yet"}]})

    async with inside(early) as at:
        await at.arrive()
        await until(lambda: len(at.sent) == 3)
        await at.report(PLAY, state="finished")
        await until_ended(at)
        (row,) = at.journal.runs()
    assert row.end_reason == "hangup"
    assert [body["command"] for body in at.sent] == ["calling.play"] * 3 + ["calling.end"]
    assert len({body["params"].get("control_id") for body in at.sent[:3]}) == 1


async def test_command_that_is_wrong_in_itself_is_not_tried_again() -> None:
    def wrong(body: dict[str, Any]) -> httpx.Response:
        if body["command"] == "calling.end":
            return accepted(body)
        return httpx.Response(422, json={"errors": [{"code": "invalid_parameter"}]})

    async with inside(wrong) as at:
        await at.arrive()
        await until_ended(at)
    assert [body["command"] for body in at.sent] == ["calling.play", "calling.end"]


async def test_stopping_in_the_middle_leaves_the_run_to_the_next_runner() -> None:
    journal = MemoryJournal()
    with suppress(TimeoutError):
        async with inside(journal=journal) as at:
            await at.arrive()
            await at.report(PLAY, state="playing")
    assert [row.status for row in journal.runs()] == ["running"]
    async with inside(journal=journal) as at:
        await at.report(PLAY, state="finished")
        await until_ended(at)
    assert [row.end_reason for row in journal.runs()] == ["hangup"]


async def test_forged_number_cannot_write_lines_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger("offhook")
    before = (root.handlers, root.level, root.propagate)
    set_up("info")
    forged = {"call_id": "c1", "to": "+1\n12:00:00 info    all is well \x1b[2J"}
    try:
        async with inside() as at:
            answer = await at.client.post("/calls/inbound", json={"call": forged})
    finally:
        root.handlers, root.level, root.propagate = before
    assert answer.content == swml.NO_ROUTE_BYTES
    (line,) = [one for one in capsys.readouterr().err.splitlines() if "all is well" in one]
    assert "no route for +1" in line
    assert "\x1b" not in line


async def test_order_about_what_is_over_is_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    text = FLOW.replace('play: "Hello."', 'ask: {prompt: "Hello.", digits: {max: 1}, choices: {a: {keys: ["1"]}}}')
    collect, play = f"{RUN}.0.hello.1.1.collect", f"{RUN}.0.hello.1.1.play"

    def over(body: dict[str, Any]) -> httpx.Response:
        return httpx.Response(404, json={}) if body["command"] == "calling.play.stop" else accepted(body)

    with caplog.at_level(logging.DEBUG, "offhook"):
        async with inside(over, text=text.replace("next: bye", "next: {otherwise: bye}")) as at:
            await at.arrive()
            await at.report(play, state="playing")
            await at.report(collect, result={"type": "digit", "params": {"digits": "1"}})
            await until(lambda: any(body["command"] == "calling.play.stop" for body in at.sent))
            await until_ended(at)
    (gone,) = [record for record in caplog.records if "gone" in record.getMessage()]
    assert gone.levelno == logging.DEBUG


async def test_call_for_a_flow_that_cannot_be_served_hears_that_it_will_be_back() -> None:
    async with inside() as at:
        at.runner.versions.replace(Library())
        answer = await at.arrive()
    assert answer.content == swml.UNSERVED_BYTES
    assert "call again later" in answer.text
