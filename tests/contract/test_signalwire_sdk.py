"""The vendor's own SDK drives a call of the sandbox: what it sends is understood, what it reads is there."""

from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest
from signalwire.rest import RestClient
from signalwire.rest._base import SignalWireRestError

from engine.sandbox.service import PROJECT, TOKEN, Sandbox
from tests.unit.sandbox.receiver import Receiver, receiving

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.asyncio_only,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
NUMBER = "+15550001"


def rest_client(sandbox: Sandbox, *, token: str = TOKEN) -> RestClient:
    return RestClient(project=PROJECT, token=token, host=f"127.0.0.1:{sandbox.port}")


async def in_thread(call: Callable[[], Any]) -> Any:
    return await anyio.to_thread.run_sync(call)


async def place(sandbox: Sandbox, receiver: Receiver, *script: dict[str, Any]) -> str:
    """An inbound call that is answered and parked; its call_id."""
    async with httpx.AsyncClient() as client:
        placed = await client.post(f"{sandbox.url}/sandbox/calls", json={"to": NUMBER, "caller": list(script)})
        call_id = str(placed.json()["call_id"])
        after = 0
        while (await client.get(f"{sandbox.url}/sandbox/calls/{call_id}")).json()["state"] != "answered":
            seen = await client.get(f"{sandbox.url}/sandbox/calls/{call_id}/heard?after={after}&wait_s=1")
            after = seen.json()["last"]
    return call_id


async def test_sdk_plays_collects_and_ends_a_call() -> None:
    async with receiving() as receiver, Sandbox(numbers={NUMBER: f"{receiver.url}/swml"}, speed=50) as sandbox:
        call_id = await place(sandbox, receiver, {"hears": "your PIN"}, {"presses": "1234#"})
        calling = rest_client(sandbox).calling
        hook = f"{receiver.url}/hook"
        await in_thread(
            lambda: calling.collect(
                call_id,
                control_id="c1",
                digits={"max": 6, "terminators": "#"},
                extras={"start_input_timers": False, "status_url": hook},
            )
        )
        items = [{"type": "tts", "params": {"text": "Please enter your PIN."}}]
        leg = await in_thread(lambda: calling.play(call_id, control_id="p1", play=items, status_url=hook))
        await receiver.until(lambda seen: {"digit", "finished"} <= set(seen.words))
        await in_thread(lambda: calling.end(call_id, reason="hangup"))
        with pytest.raises(SignalWireRestError) as gone:
            await in_thread(lambda: calling.play(call_id, control_id="p2", play=items))

    assert leg["id"] == call_id
    assert leg["type"] == "relay_pstn_call"
    digit = next(hook["result"] for hook in receiver.hooks if "result" in hook)
    assert digit == {"type": "digit", "params": {"digits": "1234", "terminator": "#"}}
    assert gone.value.status_code == 404


async def test_sdk_redirects_a_call_with_update() -> None:
    away: Any = {"version": "1.0.0", "sections": {"main": [{"connect": {"to": "+15550100"}}]}}
    async with receiving() as receiver, Sandbox(numbers={NUMBER: f"{receiver.url}/swml"}) as sandbox:
        call_id = await place(sandbox, receiver)
        calling = rest_client(sandbox).calling
        leg = await in_thread(lambda: calling.update(id=call_id, swml=away))
        call = sandbox.switch.state.calls[call_id]
        with pytest.raises(SignalWireRestError) as refused:
            await in_thread(lambda: calling.update(id=call_id, status="canceled"))

    assert leg["id"] == call_id
    assert (call.left, call.document) == (True, away)
    assert refused.value.status_code == 422
    assert refused.value.body["errors"][0]["code"] == "cannot_cancel_in_progress"


async def test_sdk_with_a_wrong_token_is_refused() -> None:
    async with receiving() as receiver, Sandbox(numbers={NUMBER: f"{receiver.url}/swml"}) as sandbox:
        call_id = await place(sandbox, receiver)
        calling = rest_client(sandbox, token="wrong").calling
        with pytest.raises(SignalWireRestError) as refused:
            await in_thread(lambda: calling.end(call_id))
    assert refused.value.status_code == 401


async def test_sdk_reads_the_voice_log() -> None:
    async with receiving() as receiver, Sandbox(numbers={NUMBER: f"{receiver.url}/swml"}) as sandbox:
        call_id = await place(sandbox, receiver)
        segment_id = sandbox.switch.state.calls[call_id].segment_id
        client = rest_client(sandbox)
        live = await in_thread(lambda: client.logs.voice.get(segment_id))
        await in_thread(lambda: client.calling.end(call_id))
        over = await in_thread(lambda: client.logs.voice.get(segment_id))
        events = await in_thread(lambda: client.logs.voice.list_events(segment_id))

    assert (live["status"], over["status"]) == ("answered", "completed")
    names = [event["name"] for event in events["data"]]
    assert names[0] == "call.created"
    assert names[-1] == "call.ended"


async def test_sdk_dials_and_hears_of_every_state() -> None:
    swml: Any = {"version": "1.0.0", "sections": {"main": [{"answer": {}}, {"sleep": {"duration": -1}}]}}
    states: Any = ["created", "ringing", "answered", "ended"]
    async with receiving() as receiver, Sandbox(speed=50) as sandbox:
        calling = rest_client(sandbox).calling
        leg = await in_thread(
            lambda: calling.dial(
                from_="+15550001",
                to="+15557777",
                swml=swml,
                status_url=f"{receiver.url}/hook",
                status_events=states,
            )
        )
        await receiver.until(lambda seen: "answered" in seen.words)
        await in_thread(lambda: calling.update(id=leg["id"], status="completed"))
        await receiver.until(lambda seen: "ended" in seen.words)

    assert receiver.words == ["created", "ringing", "answered", "ended"]
    assert receiver.hooks[-1]["end_reason"] == "hangup"
