"""The sandbox over real HTTP on loopback."""

import json
from contextlib import suppress
from typing import Any

import anyio
import httpx
import pytest

from engine.exchange.options import ExchangeOptions
from engine.model.errors import ConfigurationError
from engine.sandbox import deliver
from engine.sandbox.service import Sandbox
from engine.wire.signature import verify
from tests.unit.sandbox.desk import NUMBER, desk
from tests.unit.sandbox.receiver import receiving

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
PIN: dict[str, Any] = {"max": 4, "terminators": "#"}


async def test_scripted_call_through_http() -> None:
    async with desk() as at:
        call_id = await at.place({"hears": "your PIN"}, {"presses": "12#"}, {"silent_ms": 50}, {"hangs_up": True})
        collected = await at.command(
            call_id, "calling.collect", control_id="c1", digits=PIN, send_start_of_input=True, status_url=at.hook
        )
        assert collected.status_code == 200
        assert (await at.say(call_id, "Please enter your PIN.")).status_code == 200
        await at.receiver.until(lambda seen: "digit" in seen.words)
        seen = await at.until_state(call_id, "ended")

    assert at.receiver.words == ["playing", "start_of_input", "digit"]
    assert [line["text"] for line in seen["heard"]] == ["Please enter your PIN."]
    assert seen["audible"] == [{"control_id": "p1", "count": 1}]
    assert [(each["command"], each["status"]) for each in seen["commands"]] == [
        ("calling.collect", 200),
        ("calling.play", 200),
    ]
    assert [(each["kind"], each["status"]) for each in seen["webhooks"]] == [
        ("play.playing", 200),
        ("collect.start_of_input", 200),
        ("collect.digit", 200),
    ]
    assert seen["live"] == []


async def test_swml_request_describes_the_call_and_is_signed() -> None:
    async with desk(signing_key="key") as at:
        call_id = await at.place()
        path, headers, body = at.receiver.requests[0]
    assert path == "/swml"
    assert json.loads(body)["call"]["call_id"] == call_id
    assert verify(headers, "key", f"{at.receiver.url}/swml", body) == "valid"


async def test_request_without_a_key_is_not_signed() -> None:
    async with desk() as at:
        await at.place()
    assert not [name for name in at.receiver.requests[0][1] if "signature" in name]


async def test_swml_that_is_not_json_ends_the_call() -> None:
    async with desk() as at:
        at.receiver.document = ["not", "an", "object"]
        placed = await at.client.post("/sandbox/calls", json={"to": NUMBER})
        call = await at.until_state(placed.json()["call_id"], "ended")
    assert call["end_reason"] == "error"


@pytest.mark.parametrize(
    ("auth", "content", "status"),
    [
        (("sandbox", "wrong"), b"{}", 401),
        (None, b"{}", 401),
        (("sandbox", "sandbox-token"), b"{", 400),
        (("sandbox", "sandbox-token"), b"[]", 400),
        (("sandbox", "sandbox-token"), b"{}", 422),
    ],
)
async def test_bad_request_has_an_error_body(auth: tuple[str, str] | None, content: bytes, status: int) -> None:
    async with Sandbox() as sandbox, httpx.AsyncClient(base_url=sandbox.url, auth=auth) as client:
        answer = await client.post("/api/calling/calls", content=content)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["code"]


async def test_voice_log_is_there_for_known_segments() -> None:
    async with desk() as at:
        call_id = await at.place()
        segment_id = (await at.get(f"/sandbox/calls/{call_id}"))["segment_id"]
        assert (await at.get(f"/api/voice/logs/{segment_id}"))["status"] == "answered"
        events = await at.get(f"/api/voice/logs/{segment_id}/events")
        missing = await at.client.get("/api/voice/logs/nothing")
        refused = await at.client.get(f"/api/voice/logs/{segment_id}", auth=("a", "b"))
    assert [event["name"] for event in events["data"]] == ["call.created", "call.answered"]
    assert (missing.status_code, refused.status_code) == (404, 401)


async def test_webhooks_that_fail_are_recorded_and_nothing_else_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "RETRY_PAUSE_S", 0.01)
    async with desk(tries=2) as at:
        call_id = await at.place()
        at.receiver.status = 400
        await at.say(call_id, "one")
        await at.receiver.until(lambda seen: "finished" in seen.words)
        items = [{"type": "tts", "params": {"text": "two"}}]
        nowhere = "http://127.0.0.1:9/hook"
        await at.command(call_id, "calling.play", control_id="p2", play=items, status_url=nowhere)
        with anyio.fail_after(5):
            while True:
                webhooks = (await at.get(f"/sandbox/calls/{call_id}"))["webhooks"]
                if len(webhooks) == 4 and webhooks[-1]["tries"]:
                    break
                await anyio.sleep(0.02)
    assert [(each["status"], each["tries"]) for each in webhooks[:2]] == [(400, 1), (400, 1)]
    assert [(each["status"], each["tries"]) for each in webhooks[2:]] == [(0, 2), (0, 2)]
    assert webhooks[2]["error"]


async def test_person_on_the_line_acts_through_http() -> None:
    async with desk() as at:
        call_id = await at.place()
        await at.command(call_id, "calling.collect", control_id="c1", digits=PIN, status_url=at.hook)
        assert (await at.act(call_id, presses="7#")).status_code == 200
        await at.receiver.until(lambda seen: "digit" in seen.words)
        assert (await at.act(call_id, says="hello", confidence=50)).status_code == 200
        assert (await at.act(call_id, hears="hello")).status_code == 400
        assert (await at.act(call_id, presses="x")).status_code == 400
        assert (await at.act(call_id, hangs_up=True)).json()["state"] == "ended"
        assert (await at.act(call_id, presses="7")).status_code == 409
        assert (await at.act("nobody", presses="7")).status_code == 404
    assert at.receiver.hooks[-1]["result"]["params"]["digits"] == "7"


async def test_heard_waits_for_the_next_line() -> None:
    async with desk() as at, anyio.create_task_group() as tasks:
        call_id = await at.place()
        last = (await at.get(f"/sandbox/calls/{call_id}/heard"))["last"]
        found: list[dict[str, Any]] = []
        there = anyio.Event()

        async def wait() -> None:
            found.append(await at.get(f"/sandbox/calls/{call_id}/heard?after={last}&wait_s=5"))
            there.set()

        tasks.start_soon(wait)
        await anyio.sleep(0.02)
        await at.say(call_id, "here it is")
        with anyio.fail_after(2):
            await there.wait()
    assert [line["text"] for line in found[0]["lines"]] == ["here it is"]
    assert found[0]["last"] == last + 1


async def test_heard_without_news_comes_back_empty() -> None:
    async with desk() as at:
        call_id = await at.place()
        last = (await at.get(f"/sandbox/calls/{call_id}/heard"))["last"]
        assert (await at.get(f"/sandbox/calls/{call_id}/heard?after={last}&wait_s=0.01"))["lines"] == []
        assert (await at.client.get(f"/sandbox/calls/{call_id}/heard?after=x")).status_code == 400
        assert (await at.client.get("/sandbox/calls/nobody/heard")).status_code == 404


async def test_dialled_number_is_answered_by_its_callee() -> None:
    swml = {"sections": {"main": [{"answer": {}}, {"sleep": {"duration": -1}}]}}
    async with desk() as at:
        callee = {"number": "+2", "outcome": "answers", "after_ms": 5, "caller": [{"silent_ms": 5}, {"hangs_up": True}]}
        assert (await at.client.post("/sandbox/callees", json=callee)).status_code == 200
        params = {"from": NUMBER, "to": "+2", "swml": swml, "status_url": at.hook}
        answer = await at.client.post("/api/calling/calls", json={"command": "dial", "params": params})
        await at.receiver.until(lambda seen: "ended" in seen.words)
        calls = (await at.get("/sandbox/calls"))["calls"]
    assert [call["call_id"] for call in calls] == [answer.json()["id"]]
    assert calls[0]["answered_ms"] is not None


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"from": "+1"}',
        b'{"to": "+1999"}',
        b'{"to": "+15550001", "caller": {}}',
        b'{"to": "+15550001", "caller": [{}]}',
        b'{"to": "+15550001", "x": 1}',
    ],
)
async def test_call_that_cannot_be_placed_is_400_with_the_reason(body: bytes) -> None:
    async with desk() as at:
        answer = await at.client.post("/sandbox/calls", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_index_lists_the_paths() -> None:
    async with desk() as at:
        index = await at.get("/sandbox")
    assert "POST /sandbox/calls" in index["sandbox"]
    assert index["speed"] == 50


async def test_ended_calls_are_forgotten_with_their_records() -> None:
    async with desk(options=ExchangeOptions(keep_ended=2)) as at:
        for _ in range(4):
            await at.act(await at.place(), hangs_up=True)
        assert len((await at.get("/sandbox/calls"))["calls"]) == 2
        assert len(at.sandbox.switch.records) == 2


async def test_shut_down_is_prompt_though_somebody_waits() -> None:
    async with receiving() as receiver, anyio.create_task_group() as tasks:
        began_s = 0.0
        async with Sandbox(numbers={NUMBER: f"{receiver.url}/swml"}) as sandbox:
            async with httpx.AsyncClient(base_url=sandbox.url) as client:
                call_id = (await client.post("/sandbox/calls", json={"to": NUMBER})).json()["call_id"]

            async def wait() -> None:
                path = f"/sandbox/calls/{call_id}/heard?after=99&wait_s=60"
                async with httpx.AsyncClient(base_url=sandbox.url, timeout=30) as client:
                    with suppress(httpx.HTTPError):
                        while (await client.get(path)).status_code == 200:
                            pass

            tasks.start_soon(wait)
            await anyio.sleep(0.05)
            began_s = anyio.current_time()
        assert anyio.current_time() - began_s < 1


async def test_port_in_use_is_a_configuration_error() -> None:
    async with Sandbox() as sandbox:
        with pytest.raises(ConfigurationError, match="Cannot listen"):
            async with Sandbox(port=sandbox.port):
                pass


async def test_error_inside_leaves_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        async with Sandbox():
            raise ZeroDivisionError


async def test_sandbox_can_be_cancelled_from_outside() -> None:
    with anyio.move_on_after(0.1) as scope:
        async with Sandbox():
            await anyio.sleep_forever()
    assert scope.cancelled_caught


async def test_sandbox_serves_in_a_task_group() -> None:
    async with anyio.create_task_group() as tasks:
        url = await tasks.start(Sandbox().serve)
        async with httpx.AsyncClient(base_url=url) as client:
            assert (await client.get("/sandbox")).status_code == 200
        tasks.cancel_scope.cancel()
