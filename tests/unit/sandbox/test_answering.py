"""Answers over real HTTP: with their headers, late, never, cut off; who is let in."""

from typing import Any

import anyio
import httpx
import pytest

from engine.exchange.faults import Fault
from engine.exchange.options import ExchangeOptions, Rate
from engine.sandbox.service import PROJECT, Sandbox
from tests.unit.sandbox.desk import Desk, desk

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]


def faulty(do: Any, kind: str = "calling.play", **more: Any) -> ExchangeOptions:
    return ExchangeOptions(faults=(Fault(kind=kind, do=do, **more),))


async def heard(at: Desk, call_id: str) -> list[str]:
    return [line["text"] for line in (await at.get(f"/sandbox/calls/{call_id}"))["heard"]]


async def test_late_answer_comes_after_its_webhooks() -> None:
    async with desk(options=faulty("late", delay_ms=20_000)) as at:
        call_id = await at.place()
        async with anyio.create_task_group() as tasks:
            answers: list[httpx.Response] = []

            async def say() -> None:
                answers.append(await at.say(call_id, "hello"))

            tasks.start_soon(say)
            await at.receiver.until(lambda seen: "finished" in seen.words)
            assert answers == []
        assert answers[0].status_code == 200


@pytest.mark.parametrize(("do", "expected"), [("hang", []), ("execute_hang", ["hello"])])
async def test_answer_that_never_comes(do: str, expected: list[str]) -> None:
    async with desk(options=faulty(do)) as at:
        call_id = await at.place()
        with pytest.raises(httpx.ReadTimeout):
            await at.client.post(
                "/api/calling/calls",
                json={
                    "command": "calling.play",
                    "id": call_id,
                    "params": {"control_id": "p", "play": [{"type": "tts", "params": {"text": "hello"}}]},
                },
                timeout=0.2,
            )
        assert await heard(at, call_id) == expected
        assert (await at.say(call_id, "again")).status_code == 200


async def test_reset_cuts_the_connection_after_the_command() -> None:
    async with desk(options=faulty("reset")) as at:
        call_id = await at.place()
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await at.say(call_id, "hello")
        assert await heard(at, call_id) == ["hello"]
        shown = (await at.get(f"/sandbox/calls/{call_id}"))["commands"]
        assert [(each["status"], each["sent"]) for each in shown] == [(0, "reset")]


@pytest.mark.parametrize(
    ("do", "status", "kind"),
    [
        ("429", 429, "application/json"),
        ("500", 500, "application/json"),
        ("execute_500", 500, "application/json"),
        ("html", 502, "text/html; charset=utf-8"),
    ],
)
async def test_wrong_answer(do: str, status: int, kind: str) -> None:
    async with desk(options=faulty(do)) as at:
        call_id = await at.place()
        answer = await at.say(call_id, "hello")
        assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
        assert await heard(at, call_id) == (["hello"] if do == "execute_500" else [])


async def test_closing_sandbox_waits_for_no_hanging_answer() -> None:
    began_s = anyio.current_time()
    async with desk(options=faulty("hang")) as at:
        call_id = await at.place()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(at.say, call_id, "hello")
            await anyio.sleep(0.05)
            tasks.cancel_scope.cancel()
    assert anyio.current_time() - began_s < 2


async def test_limit_is_told_with_every_response() -> None:
    async with desk(options=ExchangeOptions(rate=Rate(posts=2, window_ms=600_000))) as at:
        call_id = await at.place()
        answers = [await at.say(call_id, "hello", f"p{n}") for n in range(3)]
        log = await at.client.get("/api/voice/logs/nothing")
        refused = await at.client.post("/api/calling/calls", json={}, auth=("a", "b"))
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert int(answers[2].headers["retry-after"]) >= 1
    assert {"x-ratelimit-limit", "x-ratelimit-remaining"} <= set(log.headers) & set(refused.headers)


async def test_token_without_the_scope_is_403() -> None:
    async with Sandbox(unscoped_token="weak") as sandbox, httpx.AsyncClient(base_url=sandbox.url) as client:
        answers = [
            await client.post("/api/calling/calls", json={}, auth=(PROJECT, token)) for token in ("weak", "wrong", "")
        ]
    assert [answer.status_code for answer in answers] == [403, 401, 401]
    assert all(answer.json()["errors"][0]["code"] for answer in answers)


async def test_faults_of_one_call_are_given_when_it_is_placed() -> None:
    async with desk() as at:
        placed = await at.client.post(
            "/sandbox/calls",
            json={"to": "+15550001", "faults": [{"kind": "play.finished", "do": "duplicate"}], "detected": "machine"},
        )
        call_id = placed.json()["call_id"]
        await at.until_state(call_id, "answered")
        await at.say(call_id, "hello")
        await at.receiver.until(lambda seen: seen.words.count("finished") == 2)
        await at.command(call_id, "calling.detect", control_id="d", detect={"type": "machine"}, status_url=at.hook)
        await at.receiver.until(lambda seen: any("detect" in hook for hook in seen.hooks))
        found = next(hook for hook in at.receiver.hooks if "detect" in hook)
    assert found["detect"]["params"]["event"] == "MACHINE"


async def test_faults_of_a_number_are_given_with_its_callee() -> None:
    swml = {"sections": {"main": [{"answer": {}}, {"sleep": {"duration": -1}}]}}
    async with desk() as at:
        callee = {"number": "+2", "faults": [{"kind": "dial", "do": "500"}]}
        assert (await at.client.post("/sandbox/callees", json=callee)).status_code == 200
        dial = {"command": "dial", "params": {"from": "+1", "to": "+2", "swml": swml}}
        assert (await at.client.post("/api/calling/calls", json=dial)).status_code == 500


@pytest.mark.parametrize(
    "more",
    [
        {"faults": [{"kind": "play.finished", "do": "explode"}]},
        {"faults": [{"kind": "play.finshed", "do": "drop"}]},
        {"faults": [{"kind": "play.finished", "do": "drop", "nht": 2}]},
        {"signs": [{"after_ms": 1}]},
        {"detected": "alien"},
    ],
)
async def test_call_with_strange_facts_is_400(more: dict[str, Any]) -> None:
    async with desk() as at:
        answer = await at.client.post("/sandbox/calls", json={"to": "+15550001", **more})
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize(
    ("sign", "swml", "webhook"), [("all", True, True), ("swml", True, False), ("none", False, False)]
)
async def test_what_is_signed_is_an_option(sign: str, swml: bool, webhook: bool) -> None:
    async with desk(signing_key="key", sign=sign) as at:
        call_id = await at.place()
        await at.say(call_id, "hello")
        await at.receiver.until(lambda seen: "playing" in seen.words)
        signed = {path: "x-signalwire-signature" in headers for path, headers, _ in at.receiver.requests}
    assert signed == {"/swml": swml, "/hook": webhook}


async def test_stream_reports_by_get_with_a_query() -> None:
    async with desk() as at:
        call_id = await at.place()
        stream = {"control_id": "s", "url": "wss://media.test/s", "status_url": at.hook, "status_url_method": "GET"}
        await at.command(call_id, "calling.stream", **stream)
        await at.receiver.until(lambda seen: len(seen.requests) == 2)
        path, _, body = at.receiver.requests[1]
    assert path.startswith("/hook?control_id=s") or "control_id=s" in path
    assert "state=streaming" in path
    assert body == b""
