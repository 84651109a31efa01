"""Away and back over real HTTP: `update` with SWML that connects, and a URL that is asked how to go on."""

import json
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from engine.sandbox.script import read_script
from tests.unit.sandbox.desk import Desk, desk

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
DESK = "+15550142"
HOME = "+15550143"


def swml(at: Desk, method: dict[str, Any], result: str) -> dict[str, Any]:
    """The method, then back to the receiver, which parks the call again."""
    back = {"dest": f"{at.receiver.url}/swml/resume", "params": {"outcome": f"${{{result}}}"}}
    return {"version": "1.0.0", "sections": {"main": [method, {"transfer": back}]}}


async def excursion(at: Desk, method: dict[str, Any], result: str, *script: dict[str, Any]) -> dict[str, Any]:
    """What the receiver is told when the call comes back; it is parked again then, and takes commands."""
    call_id = await at.place(*script)
    params = {"id": call_id, "swml": swml(at, method, result)}
    answer = await at.client.post("/api/calling/calls", json={"command": "update", "params": params})
    assert answer.status_code == 200, answer.text
    await at.receiver.until(lambda seen: any(path == "/swml/resume" for path, _, _ in seen.requests))
    told: dict[str, Any] = json.loads(next(body for path, _, body in at.receiver.requests if path == "/swml/resume"))
    assert told["call"]["call_id"] == call_id
    with anyio.fail_after(5):
        while (await at.get(f"/sandbox/calls/{call_id}"))["document"] != at.receiver.document:
            await anyio.lowlevel.checkpoint()
    assert (await at.say(call_id, "Welcome back.")).status_code == 200
    await at.receiver.until(lambda seen: "playing" in seen.words)
    assert at.receiver.words.count("answered") == 0
    return told


@pytest.mark.parametrize(
    ("bridge", "variables"),
    [
        ("talks 2s after 1s", {"connect_result": "connected"}),
        ("busy", {"connect_result": "failed", "connect_failed_reason": "busy"}),
        ("no_answer", {"connect_result": "failed", "connect_failed_reason": "no_answer"}),
    ],
)
async def test_script_decides_how_a_bridge_goes_and_the_resume_url_is_told(
    bridge: str, variables: dict[str, str]
) -> None:
    async with desk() as at:
        told = await excursion(at, {"connect": {"to": DESK, "timeout": 9}}, "connect_result", {"bridge": bridge})
    assert {name: told["vars"][name] for name in variables} == variables
    assert told["params"] == {"outcome": variables["connect_result"]}
    assert told["call"]["call_state"] == "answered"


async def test_callee_decides_where_no_script_does() -> None:
    async with desk() as at:
        for callee in ({"number": DESK, "outcome": "busy"}, {"number": HOME, "after_ms": 100, "talk_ms": 300}):
            assert (await at.client.post("/sandbox/callees", json=callee)).status_code == 200
        told = await excursion(at, {"connect": {"serial": [{"to": DESK}, {"to": HOME}]}}, "connect_result")
    assert told["params"] == {"outcome": "connected"}


async def test_queue_and_payment() -> None:
    entered = {"enter_queue": {"queue_name": "support", "wait_time": 30}}
    async with desk() as at:
        told = await excursion(at, entered, "queue_result", {"queue": "timeout"})
    assert (told["vars"]["queue_result"], told["vars"]["wait_time"]) == ("timeout", 30)
    async with desk() as at:
        told = await excursion(at, {"pay": {"charge_amount": "5"}}, "pay_result", {"pay": "success after 2s"})
    assert told["params"] == {"outcome": "success"}


async def test_person_decides_while_it_rings() -> None:
    async with desk(speed=5) as at:
        call_id = await at.place()
        params = {"id": call_id, "swml": swml(at, {"connect": {"to": DESK}}, "connect_failed_reason")}
        await at.client.post("/api/calling/calls", json={"command": "update", "params": params})
        assert (await at.get(f"/sandbox/calls/{call_id}"))["asks"] == "bridge"
        assert (await at.act(call_id, bridge="loudly")).status_code == 400
        assert (await at.act(call_id, bridge="busy")).status_code == 200
        await at.receiver.until(lambda seen: any(path == "/swml/resume" for path, _, _ in seen.requests))
        assert (await at.get(f"/sandbox/calls/{call_id}"))["vars"]["connect_failed_reason"] == "busy"


def test_decisions_of_a_script_are_read() -> None:
    script = [
        {"bridge": "talks 1m after 500ms"},
        {"queue": "timeout"},
        {"pay": "validation-error"},
        {"left": "comes_back"},
    ]
    assert len(read_script(script)) == 4
