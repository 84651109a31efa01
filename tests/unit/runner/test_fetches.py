"""Fetches beside the commands of their run: when they are sent, what waits for them, and who gives them up."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import anyio
import httpx
import pytest
from msgspec.structs import replace

from engine.journal.memory import MemoryJournal
from engine.model import codec
from engine.model.advance import Advance
from engine.model.commands import Command, Fetch, SendCommand
from engine.model.events import Fetched, UnknownReported
from engine.model.ids import inbound_run_id
from engine.project.environment import Fetching
from engine.runner.live import Live
from tests.e2e.polling import until
from tests.unit.calling.loopback import Does, Platform, http, platform
from tests.unit.runner.inside import Answering, Inside, accepted, inside
from tests.unit.runner.test_supervisor import Slow

pytestmark = pytest.mark.anyio
RUN = inbound_run_id("c1")
SILENT = Does(then="silent")


class At(NamedTuple):
    """A run that waits for its prompt, and the server that it fetches from."""

    runner: Inside
    server: Platform
    live: Live

    def decide(self, *commands: Command) -> None:
        """As if the interpreter had: the commands are pending, and go out when that is durable."""
        state = replace(self.live.state, pending=(*self.live.state.pending, *commands))
        self.adopt(state, commands)

    def give_up(self) -> None:
        self.adopt(replace(self.live.state, pending=()), ())

    def adopt(self, state: Any, commands: tuple[Command, ...]) -> None:
        supervisor = self.runner.runner.supervisor
        event = UnknownReported(at_ms=supervisor.clock.now_ms(), event_type="test", reason="test")
        supervisor.adopt(self.live, event, Advance(state, commands, ()))

    def fetch(self, seq: int = 101, **more: Any) -> Fetch:
        url = f"http://{self.server.space}/"
        return Fetch(**{"seq": seq, "method": "GET", "url": url, "timeout_ms": 5_000, "key": f"k{seq}", **more})

    def fetched(self) -> list[Fetched]:
        events = [codec.decode_event(row.event) for row in self.runner.journal.events_of(RUN)]
        return [event for event in events if isinstance(event, Fetched)]

    async def until_idle(self) -> None:
        await until(lambda: self.runner.runner.supervisor.idle)


@asynccontextmanager
async def at(
    *script: Does, answering: Answering = accepted, journal: MemoryJournal | None = None, allowed: bool = True
) -> AsyncIterator[At]:
    async with platform(*script) as server:
        fetch = Fetching(private=(f"http://{server.space}",) if allowed else ())
        async with inside(answering, journal=journal, fetch=fetch) as runner:
            await runner.arrive()
            await until(lambda: bool(runner.sent))
            yield At(runner, server, runner.runner.supervisor.runs[RUN])


async def test_fetch_becomes_an_event_of_its_run() -> None:
    async with at(http(200, b"7")) as here:
        here.decide(here.fetch(returns="int"))
        await until(lambda: bool(here.fetched()))
        await here.until_idle()
        (event,) = here.fetched()
    assert (event.seq, event.kind, event.status, event.body) == (101, "replied", 200, 7)
    assert here.live.fetches == {}


async def test_fetch_is_not_sent_before_its_event_is_durable() -> None:
    journal = Slow()
    async with at(http(204), journal=journal) as here:
        await here.until_idle()
        journal.gate = anyio.Event()
        here.decide(here.fetch())
        await anyio.wait_all_tasks_blocked()
        assert here.server.requests == []
        journal.gate.set()
        await until(lambda: bool(here.fetched()))


async def test_fetch_that_takes_long_holds_no_command_up() -> None:
    async with at(SILENT) as here:
        await here.until_idle()
        here.decide(here.fetch(), stop(102))
        await here.server.asked.wait()
        await until(lambda: here.runner.sent[-1]["command"] == "calling.play.stop")
        assert list(here.live.fetches) == [101]
        assert not here.runner.runner.supervisor.idle


async def test_fetch_waits_for_no_command_of_its_run() -> None:
    """Of two commands the first one is refused for now, and tried again for a long time."""

    def busy(body: dict[str, Any]) -> httpx.Response:
        return httpx.Response(503) if body["command"] == "calling.play.stop" else accepted(body)

    async with at(http(200, b"7"), answering=busy) as here:
        await here.until_idle()
        here.decide(stop(102), here.fetch())
        await until(lambda: bool(here.fetched()))
        assert here.live.sending


async def test_fetch_that_its_run_gave_up_is_cancelled() -> None:
    async with at(SILENT) as here:
        await here.until_idle()
        here.decide(here.fetch())
        await here.server.asked.wait()
        here.give_up()
        with anyio.fail_after(1):
            await here.until_idle()
        assert here.live.fetches == {}
        assert here.fetched() == []


async def test_fetch_that_its_run_gave_up_before_it_was_durable_is_not_sent() -> None:
    journal = Slow()
    async with at(journal=journal) as here:
        await here.until_idle()
        journal.gate = anyio.Event()
        here.decide(here.fetch())
        here.give_up()
        journal.gate.set()
        await here.until_idle()
        assert here.server.requests == []


async def test_fetches_of_one_run_are_under_way_together() -> None:
    async with at(SILENT, SILENT) as here:
        here.decide(here.fetch(101), here.fetch(102))
        await until(lambda: len(here.server.requests) == 2)


async def test_fetch_that_is_refused_is_an_event_and_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with at(allowed=False) as here:
        here.decide(here.fetch())
        await until(lambda: bool(here.fetched()))
        (event,) = here.fetched()
    assert (event.kind, event.code) == ("refused", "host-not-allowed")
    assert "fetch: refused (host-not-allowed): the environment does not allow" in caplog.text


def stop(seq: int) -> SendCommand:
    return SendCommand(seq=seq, command="calling.play.stop", call_id="c1", control_id="x.0.hello.1.1.play")  # type: ignore[arg-type]
