"""The vendor's own SDK drives a call of the sandbox: what it sends is understood, what it reads is there."""

from typing import Any

import pytest
from signalwire.rest._base import SignalWireRestError

from engine.sandbox.service import Sandbox
from tests.contract.sdk import NUMBER, in_thread, place, rest_client
from tests.unit.sandbox.receiver import receiving

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.asyncio_only,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


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
    away: Any = {"version": "1.0.0", "sections": {"main": [{"join_room": {"name": "desk"}}]}}
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
