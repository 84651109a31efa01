"""A fault of ours in one run stays in that run, live and in its transcript."""

import json
import logging

import pytest

from engine.interpret import advance, guard
from engine.journal.bundles import recompiled
from engine.model import codec
from engine.model.advance import Advance
from engine.model.events import AnyEvent, OperationReported, TimePassed
from engine.model.graph import FlowGraph
from engine.model.state import RunState
from engine.simulate.transcript import lines, replay
from tests.e2e.fake_platform import fake_platform
from tests.e2e.hosted import hosted
from tests.e2e.pair import OWN_FLOWS

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER = "+15550100"
ROUTES = {NUMBER: "answers"}
FLOW = OWN_FLOWS / "answers.flow.yaml"
BAD, GOOD = "bad-call", "good-call"


def no_ends(graph: FlowGraph, state: RunState, event: AnyEvent) -> Advance:
    """The interpreter, but for a mistake in it: the end of one call's first prompt cannot be taken."""
    ends = isinstance(event, OperationReported) and event.mark == "finished" and ".hello." in event.control_id
    if state.call.call_id == BAD and ends:
        raise ZeroDivisionError("made up")
    return advance(graph, state, event)


def nothing(graph: FlowGraph, state: RunState, event: AnyEvent) -> Advance:
    """One call's events cannot be taken at all."""
    if state.call.call_id == BAD and state.status != "ended":
        raise ZeroDivisionError("made up")
    return advance(graph, state, event)


async def test_fault_in_one_event_is_logged_and_the_run_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(guard, "advance", no_ends)
    async with fake_platform() as platform, hosted(monkeypatch, [FLOW], ROUTES, space=platform.space) as site:
        await site.arrive(BAD, NUMBER)
        await site.arrive(GOOD, NUMBER)
        assert (await site.until_ended(GOOD)).end_reason == "hangup"
        row = await site.until_ended(BAD)
        state, bundle = site.journal.state_of(row.run_id), site.journal.get_bundle(row.digest)
        events = [codec.decode_event(one.event) for one in site.journal.events_of(row.run_id)]
    assert row.end_reason == "hangup"
    assert "calling.play 0.sorry.1.1.play" in platform.of(BAD), "the prompt counts as lost"
    (fault,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert fault.exc_info is not None
    assert isinstance(fault.exc_info[1], ZeroDivisionError)
    assert state is not None
    assert bundle is not None
    decoded = codec.decode_state(state)
    graph = recompiled(bundle)
    replayed = list(replay(graph, events, uses=decoded.uses, presence_ms=decoded.presence_ms))
    assert codec.encode(replayed[-1][1].state) == state
    assert [line.detail for line in lines(graph, replayed) if "a fault of ours" in line.detail] == [
        "play finished a fault of ours: ZeroDivisionError: made up"
    ]


async def test_fault_in_every_event_ends_the_run_and_its_call(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(guard, "advance", nothing)
    flow, routes = OWN_FLOWS / "quiet.flow.yaml", {NUMBER: "quiet"}
    async with (
        fake_platform() as platform,
        hosted(monkeypatch, [flow], routes, space=platform.space, speed=1_500) as site,
    ):
        await site.arrive(BAD, NUMBER)
        await site.arrive(GOOD, NUMBER)
        row = await site.until_ended(BAD)
        assert (await site.until_ended(GOOD)).end_reason == "hangup"
        events = [codec.decode_event(one.event) for one in site.journal.events_of(row.run_id)]
    assert row.end_reason == "error"
    assert platform.of(BAD)[-1] == "calling.end"
    assert sum(isinstance(event, TimePassed) for event in events) < 10


async def test_fault_in_the_http_side_is_a_500_with_a_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with fake_platform() as platform, hosted(monkeypatch, [FLOW], ROUTES, space=platform.space) as site:

        def broken(*_: object) -> None:
            raise ZeroDivisionError("made up")

        monkeypatch.setattr(site.runner.supervisor, "find", broken)
        bearer = {"Authorization": "Bearer runs-please"}
        inbound = await site.arrive(BAD, NUMBER)
        shown = await site.client.get("/runs/x", headers=bearer)
        monkeypatch.setattr(site.runner.intake, "runs", broken)
        listed = await site.client.get("/runs", headers=bearer)
        assert (await site.client.get("/healthz")).status_code == 200
    assert inbound.status_code == 200, "whoever calls hears something"
    assert "All lines are busy" in json.dumps(inbound.json())
    assert shown.status_code == 404
    assert (listed.status_code, listed.json()["error"]) == (500, "a fault of ours, which is in the runner's log")
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == [
        "inbound call turned away: a fault of ours",
        "GET /runs: a fault of ours",
    ]
