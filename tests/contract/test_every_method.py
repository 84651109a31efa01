"""Every method of the SDK's `client.calling`, found by introspection: taken or refused as documented.

A case is (how to get there, params, status, code). `before` are methods that have been sent by then.
"""

import inspect
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx
import pytest
from signalwire.rest.namespaces.calling_resources_generated import Calling

from engine.exchange.table import COMMANDS
from engine.sandbox.service import PROJECT, TOKEN
from tests.contract.sdk import Line, line

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.asyncio_only,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
PARKED: Any = {"version": "1.0.0", "sections": {"main": [{"answer": {}}, {"sleep": {"duration": -1}}]}}
WITH_AI: Any = {"sections": {"main": [{"ai": {"control_id": "x"}}, {"sleep": {"duration": -1}}]}}
METHODS = sorted(name for name, _ in inspect.getmembers(Calling, inspect.isfunction) if not name.startswith("_"))
Before = tuple[tuple[str, dict[str, Any]], ...]


class Case(NamedTuple):
    params: dict[str, Any]
    status: int = 200
    code: str = ""
    before: Before = ()


ID: dict[str, Any] = {"control_id": "x"}
SPEECH = [{"type": "tts", "params": {"text": "A prompt that takes a while to say, and then some more."}}]
DEVICE = {"type": "sip", "params": {"to": "sip:desk@example.test"}}
RTP = {"type": "rtp", "params": {"addr": "198.51.100.7", "port": 4_000}}
BOTH = {"type": "audio", "params": {"direction": "both"}}
LIVE = {"start": {"lang": "en-US", "direction": ["remote-caller"]}}
TRANSLATE = {"start": {"from_lang": "en-US", "to_lang": "es-MX", "direction": ["remote-caller"]}}
PLAYING: Before = (("play", {**ID, "play": SPEECH}),)
RECORDING: Before = (("record", {"extras": {**ID, "record": {"audio": {}}}}),)
COLLECTING: Before = (("collect", {**ID, "digits": {"max": 1}}),)
TALKING: Before = (("update", {"id": "CALL", "swml": WITH_AI}),)


def faxing(name: str) -> Before:
    document = {"sections": {"main": [{name: {"control_id": "x"}}, {"sleep": {"duration": -1}}]}}
    return (("update", {"id": "CALL", "swml": document}),)


GONE = Case(ID, 404, "not_found")
CASES: Mapping[str, tuple[Case, ...]] = {
    "dial": (
        Case({"from_": "+15550001", "to": "+15557777", "swml": PARKED, "status_events": ["answered", "ended"]}),
        Case({"from_": "+15550001", "to": "+15557777", "url": "https://flows.test/x", "extras": {"timeout": 600}}),
        Case({"from_": "+15550001", "to": "+15557777"}, 422, "missing_required_parameter"),
        Case(
            {"from_": "+1", "to": "+2", "url": "https://flows.test/x", "extras": {"timeout": 601}},
            422,
            "invalid_parameter",
        ),
        Case(
            {"from_": "+1", "to": "+2", "swml": PARKED, "extras": {"custom_variables": {"SW_x": "1"}}},
            422,
            "invalid_parameter",
        ),
    ),
    "update": (
        Case({"id": "CALL", "status": "completed"}),
        Case({"id": "CALL", "swml": PARKED}),
        Case({"id": "CALL", "status": "canceled"}, 422, "cannot_cancel_in_progress"),
        Case({"id": "CALL", "status": "completed"}, 422, "cannot_update_completed", (("end", {}),)),
        Case({"id": "CALL"}, 422, "missing_required_parameter"),
        Case({"id": "nobody", "status": "completed"}, 422, "invalid_call_id_passed"),
        Case({"id": "0e9c80d7-a149-4917-892d-420043709f45", "status": "completed"}, 404, "not_found"),
    ),
    "end": (
        Case({}),
        Case({"reason": "noAnswer"}),
        Case({"reason": "no_answer"}, 422, "invalid_parameter"),
        Case({}, 404, "not_found", (("end", {}),)),
    ),
    "transfer": (Case({"dest": "+15550142"}), Case({"dest": PARKED}), Case({"dest": 5}, 422, "invalid_parameter")),
    "disconnect": (Case({}),),
    "user_event": (Case({"event": {"a": 1}}), Case({"event": "a"}, 422, "invalid_parameter")),
    "play": (
        Case({**ID, "play": SPEECH, "volume": 40, "loop": 0, "direction": "both"}),
        Case({"play": SPEECH}, 422, "missing_required_parameter"),
        Case({**ID, "play": SPEECH, "volume": 41}, 422, "invalid_parameter"),
        Case({**ID, "play": SPEECH}, 422, "control_id_in_use", PLAYING),
    ),
    "play_pause": (Case(ID, before=PLAYING), GONE),
    "play_resume": (Case(ID, before=(*PLAYING, ("play_pause", ID))), GONE),
    "play_stop": (Case(ID, before=PLAYING), GONE),
    "play_volume": (
        Case({**ID, "volume": -40.0}, before=PLAYING),
        Case({**ID, "volume": -41.0}, 422, "invalid_parameter", PLAYING),
        Case({**ID, "volume": 0.0}, 404, "not_found"),
    ),
    # The method puts `audio` at the top, where the API does not take it; `extras` is the way round that.
    "record": (
        Case({"extras": {**ID, "record": {"audio": {}}}}),
        Case({**ID, "audio": {}}, 422, "missing_required_parameter"),
    ),
    "record_pause": (
        Case(ID, before=RECORDING),
        Case({**ID, "extras": {"behavior": "silence"}}, before=RECORDING),
        Case({**ID, "extras": {"behavior": "hush"}}, 422, "invalid_parameter", RECORDING),
        GONE,
    ),
    "record_resume": (Case(ID, before=(*RECORDING, ("record_pause", ID))), GONE),
    "record_stop": (Case(ID, before=RECORDING), GONE),
    "collect": (
        Case({**ID, "digits": {"max": 4}, "speech": {}}),
        Case(ID, 400, "invalid_parameter"),
        Case({**ID, "digits": {}}, 422, "missing_required_parameter"),
    ),
    "collect_stop": (Case(ID, before=COLLECTING), GONE),
    "collect_start_input_timers": (Case(ID, before=COLLECTING), GONE),
    "detect": (
        Case({**ID, "detect": {"type": "machine", "params": {"detect_message_end": False}}, "timeout": 5.0}),
        Case({**ID, "detect": {"type": "ghost"}}, 422, "invalid_parameter"),
    ),
    "detect_stop": (Case(ID, before=(("detect", {**ID, "detect": {"type": "digit"}}),)), GONE),
    "tap": (
        Case({**ID, "tap": BOTH, "device": RTP}),
        Case(
            {**ID, "tap": BOTH, "device": {"type": "rtp", "params": {"addr": "10.0.0.7", "port": 1}}},
            422,
            "invalid_parameter",
        ),
        Case(
            {**ID, "tap": BOTH, "device": {"type": "rtp", "params": {"addr": "198.51.100.7", "port": 1, "ptime": 25}}},
            422,
            "invalid_parameter",
        ),
    ),
    "tap_stop": (Case(ID, before=(("tap", {**ID, "tap": BOTH, "device": RTP}),)), GONE),
    "stream": (
        Case({**ID, "url": "wss://media.test/s", "track": "both_tracks"}),
        Case({**ID, "url": "ws://media.test/s"}, 422, "invalid_parameter"),
    ),
    "stream_stop": (Case(ID, before=(("stream", {**ID, "url": "wss://media.test/s"}),)), GONE),
    "transcribe": (Case(ID), Case({"control_id": "y"}, 409, "operation_in_progress", (("transcribe", ID),))),
    "transcribe_stop": (Case(ID, before=(("transcribe", ID),)), GONE),
    "denoise": (Case({}), Case({}, 409, "operation_in_progress", (("denoise", {}),))),
    "denoise_stop": (Case({}, before=(("denoise", {}),)), Case({}, 404, "not_found")),
    "live_transcribe": (
        Case({"action": LIVE}),
        Case({"action": "stop"}, before=(("live_transcribe", {"action": LIVE}),)),
        Case({"action": "stop"}, 404, "not_found"),
        Case({"action": {}}, 422, "invalid_parameter"),
    ),
    "live_translate": (
        Case({"action": TRANSLATE}),
        Case({"action": {"summarize": {}}}, before=(("live_translate", {"action": TRANSLATE}),)),
        Case({"action": "stop"}, 404, "not_found"),
    ),
    # The SDK types `timeout` as a number; the API takes a text.
    "ai_hold": (
        Case({"timeout": "300"}, before=TALKING),
        Case({"timeout": 300}, 422, "invalid_parameter", TALKING),
        Case({}, 404, "not_found"),
    ),
    "ai_unhold": (Case({}, before=TALKING), Case({"prompt": "x"}, 422, "invalid_parameter", TALKING)),
    "ai_message": (
        Case({"role": "system", "message_text": "x", "reset": {"full_reset": True}}, before=TALKING),
        Case({"role": "robot"}, 422, "invalid_parameter", TALKING),
    ),
    "ai_stop": (Case(ID, before=TALKING), GONE),
    "send_fax_stop": (Case(ID, before=faxing("send_fax")), GONE),
    "receive_fax_stop": (Case(ID, before=faxing("receive_fax")), GONE),
    "refer": (
        Case({"device": DEVICE}),
        Case({"device": {"type": "sip", "params": {"to": "desk@example.test"}}}, 422, "invalid_parameter"),
    ),
}
SIDECAR: list[tuple[str, dict[str, Any]]] = [
    ("calling.ai_sidecar", {"lang": "en-US"}),
    ("calling.ai_sidecar.poke", {"text": "x"}),
    ("calling.ai_sidecar.ask", {"text": "x"}),
    ("calling.ai_sidecar.status", {}),
    ("calling.ai_sidecar.stop", {}),
]
"""The commands that the SDK has no method for."""


def command_of(method: str) -> str:
    return method if method in ("dial", "update") else f"calling.{method}"


def test_every_method_has_cases_and_every_command_is_driven() -> None:
    assert sorted(CASES) == METHODS
    known = {name.replace(".", "_") for name in COMMANDS}
    driven = {command_of(method).replace(".", "_") for method in METHODS}
    assert driven <= known
    assert known - driven == {name.replace(".", "_") for name, _ in SIDECAR}


def filled(line: Line, params: dict[str, Any]) -> dict[str, Any]:
    return {**params, "id": line.call_id} if params.get("id") == "CALL" else params


@pytest.mark.parametrize("method", METHODS)
async def test_method_is_taken_or_refused_as_documented(method: str) -> None:
    for case in CASES[method]:
        async with line(**{"from": "sip:kim@example.test"}) as at:
            for earlier, params in case.before:
                assert (await at.do(earlier, **filled(at, params)))[0] == 200
            status, code, leg = await at.do(method, **filled(at, case.params))
            assert (status, code) == (case.status, case.code), case
            if status == 200 and method != "dial":
                assert (leg["id"], leg["type"], leg["status"]) == (at.call_id, "relay_sip_call", None)


async def test_commands_without_a_method_are_taken_too() -> None:
    async with line() as at, httpx.AsyncClient(base_url=at.sandbox.url, auth=(PROJECT, TOKEN)) as client:

        async def post(command: str, params: dict[str, Any]) -> httpx.Response:
            body = {"command": command, "id": at.call_id, "params": params}
            return await client.post("/api/calling/calls", json=body)

        missing = [(await post(command, params)).status_code for command, params in SIDECAR[1:]]
        answers = [await post(command, params) for command, params in SIDECAR]
        second = [(await post(*SIDECAR[0])).status_code for _ in range(2)]
    assert missing == [404] * 4
    assert [answer.status_code for answer in answers] == [200] * 5
    assert answers[2].json()["ask_id"]
    assert answers[3].json()["status_line"].startswith("+OK ")
    assert second == [200, 409]
