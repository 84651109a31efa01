"""What we have done wrong outside of the interpreter: it stays in its run, is told and counted, and the process lives."""

import logging
from typing import Any

import httpx
import pytest

from engine.fetching.client import FetchClient
from engine.journal.memory import MemoryJournal
from engine.model.commands import Fetch
from engine.model.events import Fetched
from engine.model.ids import inbound_run_id
from tests.e2e.polling import until
from tests.unit.runner.inside import accepted, inside

pytestmark = pytest.mark.anyio
FETCHES = """
flow: asks
language: 1
start: ask
steps:
  ask:
    fetch: {url: "https://api.example/x"}
    next: {ok: bye, failures: bye, http_4xx: bye, http_5xx: bye, invalid: bye, failed: sorry, timeout: bye}
  sorry:
    play: "Sorry."
    next: bye
  bye:
    end: hangup
"""


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]


async def test_sending_that_breaks_down_is_that_runs_own_matter(caplog: pytest.LogCaptureFixture) -> None:
    hurt, sound = inbound_run_id("hurt"), inbound_run_id("sound")
    journal = MemoryJournal()

    def answering(body: dict[str, Any]) -> httpx.Response:
        if body["command"] == "calling.play" and body["id"] == "hurt":
            raise ZeroDivisionError("no such thing")
        return accepted(body)

    async with inside(answering, journal=journal) as at:
        for call_id in ("hurt", "sound"):
            await at.arrive(call_id)
        await until(lambda: at.runner.supervisor.meters.faults == 1)
        await at.report(f"{sound}.0.hello.1.1.play", state="finished")
        await until(lambda: journal.run(sound).status == "ended")
        # Whether it was sent nobody knows: what reports of it come are taken.
        await at.report(f"{hurt}.0.hello.1.1.play", state="finished")
        await until(lambda: journal.run(hurt).status == "ended")
        assert [journal.run(one).end_reason for one in (hurt, sound)] == ["hangup", "hangup"]
    assert told(caplog) == ["a fault of ours, please report it; what became of a command is not known"]


async def test_fetch_that_breaks_down_has_failed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(self: FetchClient, command: Fetch) -> Fetched:
        raise ZeroDivisionError

    monkeypatch.setattr(FetchClient, "fetch", broken)
    async with inside(text=FETCHES) as at:
        await at.arrive()
        await until(lambda: [body["command"] for body in at.sent] == ["calling.play"])
        assert at.runner.supervisor.meters.faults == 1
    assert told(caplog)[0] == "a fault of ours, please report it; a fetch has failed"


async def test_run_that_somebody_has_deleted_rings_no_more(caplog: pytest.LogCaptureFixture) -> None:
    journal = MemoryJournal()
    async with inside(journal=journal) as at:
        await at.arrive()
        run_id = inbound_run_id("c1")
        runs = at.runner.supervisor.runs
        await until(lambda: runs[run_id].is_at_rest)
        due_ms = runs.due_ms(run_id)
        assert due_ms is not None
        runs._live.clear()
        runs.rest(run_id, due_ms)
        del journal._runs[run_id]
        at.runner.supervisor._rung(run_id, due_ms)
        assert run_id not in runs
    assert told(caplog) == [f"run {run_id} is in the journal no more: somebody has deleted it"]
