"""Whatever comes to a live runner gets the right status and a line in the log, and disturbs no call."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.journal.reader import open_reader
from engine.model import codec
from engine.model.events import AnyEvent
from engine.model.ids import ControlId, RunId, inbound_run_id
from engine.wire import swml
from engine.wire.callback_url import token
from engine.wire.signature import sign
from tests.e2e.line import Line
from tests.e2e.pair import OWN_FLOWS, pair
from tests.e2e.runner_process import RunnerProcess

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
NUMBER = "+15550100"
BIG = b"x" * 2_000_000


async def chunks() -> AsyncIterator[bytes]:
    for _ in range(20):
        yield b"x" * 100_000


class Site:
    """A runner with one live call, which waits for a minute."""

    def __init__(self, runner: RunnerProcess, call_id: str) -> None:
        self.runner = runner
        self.call_id = call_id
        self.run_id = inbound_run_id(call_id)

    def path(self, op: str = "0.pause.1.1.play", run_id: str = "") -> str:
        reader = open_reader(self.runner.journal)
        reader.close()
        return "/webhooks/" + token(reader.callback_key, ControlId(f"{run_id or self.run_id}.{op}"))

    async def post(self, path: str, content: Any, **headers: str) -> httpx.Response:
        return await self.runner.client.post(path, content=content, headers=headers)

    async def inbound(self, **call: Any) -> httpx.Response:
        call = {"call_id": "5d9b2ad4-0000-4000-8000-000000000001", "from": "+15550177", "to": NUMBER} | call
        return await self.post("/calls/inbound", json.dumps({"call": call}))

    def events(self) -> list[AnyEvent]:
        reader = open_reader(self.runner.journal)
        try:
            return [codec.decode_event(row.event) for row in reader.events_of(RunId(self.run_id))]
        finally:
            reader.close()


async def living(platform: Line, runner: RunnerProcess) -> Site:
    call_id = await platform.ring(NUMBER)
    await platform.until(call_id, lambda call: len(call["webhooks"]) == 2 and call["webhooks"][-1]["status"] == 200)
    return Site(runner, call_id)


async def assert_undisturbed(site: Site, platform: Line, signing_key: str = "") -> None:
    """The live call is where it was, and ends as it would have ended."""
    assert [(row.status, row.run_id) for row in site.runner.rows()][-1] == ("running", site.run_id)
    assert (await platform.call(site.call_id))["state"] == "answered"
    assert (await site.runner.client.get("/readyz")).status_code == 200
    path, ended = site.path("call"), json.dumps({"call_state": "ended", "call_id": site.call_id}).encode()
    signed = sign(signing_key, site.runner.url + path, ended) if signing_key else {}
    assert (await site.post(path, ended, **signed)).status_code == 200
    assert [row.end_reason for row in site.runner.rows()][-1] == "hangup"


async def test_bad_webhooks_right_status_a_log_line_and_no_harm(tmp_path: Path) -> None:
    async with pair(tmp_path, {NUMBER: "quiet"}, flows=str(OWN_FLOWS), drain="0s") as (platform, runner):
        site = await living(platform, runner)
        before = len(site.events())
        good = site.path()
        sound = json.dumps({"control_id": "x", "call_id": site.call_id, "state": "playing"})
        requests = {
            "not JSON": site.post(good, b"{"),
            "not text": site.post(good, b"\xff\xfe\x00"),
            "a list": site.post(good, b"[]"),
            "nothing": site.post(good, b""),
            "deeply nested": site.post(good, b"[" * 60_000),
            "wrong token": site.post(good[:-2] + "xx", sound),
            "no token": site.post("/webhooks/", sound),
            "unknown run": site.post(site.path(run_id="i" + "a" * 20), sound),
            "too large": site.post(good, BIG),
            "too large in chunks": site.post(good, chunks()),
            "wrong method": runner.client.put(good, content=sound),
            "wrong method on inbound": runner.client.get("/calls/inbound"),
            "inbound garbage": site.post("/calls/inbound", b"\x00\x01"),
            "inbound without call": site.post("/calls/inbound", b"{}"),
            "inbound too large": site.post("/calls/inbound", BIG),
            "nowhere": site.post("/nowhere", sound),
        }
        statuses = {name: (await request).status_code for name, request in requests.items()}
        assert statuses == {
            "not JSON": 400,
            "not text": 400,
            "a list": 400,
            "nothing": 400,
            "deeply nested": 400,
            "wrong token": 404,
            "no token": 404,
            "unknown run": 404,
            "too large": 413,
            "too large in chunks": 413,
            "wrong method": 405,
            "wrong method on inbound": 405,
            "inbound garbage": 400,
            "inbound without call": 400,
            "inbound too large": 413,
            "nowhere": 404,
        }
        assert len(site.events()) == before, "nothing of this is the run's"
        for said in (
            "webhook refused: not understood, from 127.0.0.1: the webhook is not JSON",
            "webhook refused: its token is not one of ours, from 127.0.0.1",
            "webhook refused: its run is not in the journal, from 127.0.0.1",
            "webhook refused: too large, from 127.0.0.1",
            "inbound call refused: not understood, from 127.0.0.1: ",
        ):
            assert said in runner.log, said
        assert "Traceback" not in runner.log
        await assert_undisturbed(site, platform)


async def test_strange_but_authentic_webhooks_are_taken_and_recorded(tmp_path: Path) -> None:
    async with pair(tmp_path, {NUMBER: "quiet"}, flows=str(OWN_FLOWS)) as (platform, runner):
        site = await living(platform, runner)
        before = len(site.events())
        flat = {"control_id": "x", "call_id": site.call_id, "state": "playing"}
        bodies = [
            {"event_type": "calling.hologram", "params": {"call_id": site.call_id}},
            {**flat, "colour": "green", "more": {"deep": [1, None]}},
            flat,
            {"event_type": "calling.call.play", "event_channel": "c", "timestamp": 1.5, "params": flat},
        ]
        answers = [await site.post(site.path(), json.dumps(body)) for body in bodies]
        got = await runner.client.get(site.path(), params=flat)
        assert [answer.status_code for answer in [*answers, got]] == [200] * 5
        assert len(site.events()) == before + 5
        assert "webhook without effect" in runner.log
        await assert_undisturbed(site, platform)
        late = await site.post(site.path(), json.dumps(flat))
        assert late.status_code == 200
        assert "webhook after the end of its run" in runner.log
        assert len(site.events()) == before + 7
        assert [row.end_reason for row in runner.rows()] == ["hangup"]


async def test_inbound_calls_that_cannot_be_taken_hear_something(tmp_path: Path) -> None:
    routes = {NUMBER: "quiet", "+15550199": "nobody"}
    async with pair(tmp_path, routes, flows=str(OWN_FLOWS)) as (platform, runner):
        site = await living(platform, runner)
        unrouted = await site.inbound(to="+15550999")
        without_flow = await site.inbound(to="+15550199")
        again = await site.inbound(call_id=site.call_id)
        assert (unrouted.status_code, unrouted.content) == (200, swml.NO_ROUTE_BYTES)
        assert (without_flow.status_code, without_flow.content) == (200, swml.UNSERVED_BYTES)
        assert (again.status_code, again.content) == (200, swml.PARKING_BYTES)
        assert [row.run_id for row in runner.rows()] == [site.run_id], "the same call is the same run"
        assert "no route for +15550999; add it to the environment's `routes`" in runner.log
        assert "flow nobody, the route of +15550199, cannot be served" in runner.log
        await assert_undisturbed(site, platform)
        over = await site.inbound(call_id=site.call_id)
        assert over.content == swml.BUSY_BYTES, "nothing drives the call any more, so it is not parked"


async def test_signing_key_wrong_signature_is_refused_and_a_swml_fetch_must_be_signed(tmp_path: Path) -> None:
    async with pair(tmp_path, {NUMBER: "quiet"}, flows=str(OWN_FLOWS), signing_key="key") as (platform, runner):
        site = await living(platform, runner)
        path, sound = site.path(), json.dumps({"call_id": site.call_id, "state": "playing"}).encode()
        right, wrong = (sign(key, runner.url + path, sound) for key in ("key", "yek"))
        assert (await site.post(path, sound, **right)).status_code == 200
        assert (await site.post(path, sound, **wrong)).status_code == 403
        assert (await site.post(path, sound + b" ", **right)).status_code == 403
        assert (await site.post(path, sound)).status_code == 403, "the platform has signed webhooks of this kind"
        assert (await site.inbound(call_id="another")).status_code == 403
        assert "webhook refused: wrong signature, from 127.0.0.1" in runner.log
        assert "webhook refused: no signature, from 127.0.0.1" in runner.log
        assert "inbound call refused: its signature is missing or wrong, from 127.0.0.1" in runner.log
        assert [row.run_id for row in runner.rows()] == [site.run_id]
        await assert_undisturbed(site, platform, "key")
