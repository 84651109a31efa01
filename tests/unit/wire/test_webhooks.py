"""Webhooks of both shapes, as tables."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.model.events import CallStateReported, OperationReported, UnknownReported
from engine.model.ids import ControlId
from engine.model.state import END_REASONS
from engine.wire import reasons, webhooks
from tests.unit.wire.messages import CALL, RUN, control, envelope, flat

SCHEMA_FOLDER = Path(__file__).parents[3] / "schemas" / "webhooks"
VERB_OF = {
    "calling.call.state": "call",
    "calling.error": "play",
    "calling.transcript.completed": "transcribe",
    "calling.transcript.failed": "transcribe",
}


def detected(kind: str, event: object, **params: Any) -> dict[str, Any]:
    return {"detect": {"type": kind, "params": {"event": event, **params}}}


def machine(event: str, **params: Any) -> dict[str, Any]:
    return detected("machine", event, **params)


OPERATIONS = [
    ("play", {"state": "playing"}, "playing", {}),
    ("play", {"state": "finished"}, "finished", {}),
    ("play", {"state": "error"}, "error", {}),
    ("play", {"state": "never heard of"}, "never heard of", {}),
    ("record", {"state": "recording"}, "recording", {}),
    ("record", {"state": "no_input"}, "no_input", {}),
    (
        "record",
        {"state": "finished", "record": {"url": "https://r", "duration": 3, "size": 9, "format": "mp3"}},
        "finished",
        {"url": "https://r", "duration": 3.0, "size": 9, "format": "mp3"},
    ),
    (
        "record",
        {"state": "finished", "url": "https://r", "duration": 3.25, "size": 9.0, "record": {"format": "wav"}},
        "finished",
        {"url": "https://r", "duration": 3.25, "size": 9, "format": "wav"},
    ),
    (
        "record",
        {"state": "finished", "record": {"url": "https://r", "duration": None}},
        "finished",
        {"url": "https://r"},
    ),
    (
        "record",
        {"state": "finished", "url": "https://r", "duration": "3.5"},
        "finished",
        {"url": "https://r", "duration": 3.5},
    ),
    (
        "collect",
        {"result": {"type": "digit", "params": {"digits": "12", "terminator": "#"}}},
        "digit",
        {"value": "12", "digits": "12", "terminator": "#"},
    ),
    (
        "collect",
        {"result": {"type": "digit", "params": {"digits": "12"}}, "final": True},
        "digit",
        {"value": "12", "digits": "12", "terminator": ""},
    ),
    (
        "collect",
        {"result": {"type": "digit", "params": {"digits": "1", "terminator": None}}, "final": False},
        "partial",
        {"value": "1", "digits": "1", "terminator": ""},
    ),
    (
        "collect",
        {"result": {"type": "speech", "params": {"text": "balance", "confidence": 83}}},
        "speech",
        {"value": "balance", "text": "balance", "confidence": 83.0},
    ),
    (
        "collect",
        {"result": {"type": "speech", "params": {"text": "balance", "confidence": 0.29}}},
        "speech",
        {"value": "balance", "text": "balance", "confidence": 29.0},
    ),
    (
        "collect",
        {"result": {"type": "speech", "params": {"text": "bal"}}, "final": False},
        "partial",
        {"value": "bal", "text": "bal", "confidence": 0.0},
    ),
    ("collect", {"result": {"type": "no_input"}}, "no_input", {}),
    ("collect", {"result": {"type": "no_match", "params": {}}}, "no_match", {}),
    ("collect", {"result": {"type": "start_of_input"}, "final": False}, "start_of_input", {}),
    ("collect", {"result": {"type": "error"}}, "error", {}),
    ("collect", {"result": {"type": "finished"}, "state": "finished"}, "finished", {}),
    ("collect", {"state": "collecting"}, "collecting", {}),
    ("collect", {"state": "finished", "result": None}, "finished", {}),
    ("collect", {"state": "error"}, "error", {}),
    (
        "collect",
        {"state": "collecting", "result": {"type": "digit", "params": {"digits": "1"}}},
        "digit",
        {"value": "1", "digits": "1", "terminator": ""},
    ),
    ("play", {"state": "PLAYING"}, "playing", {}),
    ("detect", machine("HUMAN"), "human", {"type": "machine", "event": "HUMAN", "value": "human"}),
    ("detect", machine("MACHINE"), "machine", {"type": "machine", "event": "MACHINE", "value": "machine"}),
    ("detect", machine("UNKNOWN"), "unknown", {"type": "machine", "event": "UNKNOWN", "value": "unknown"}),
    ("detect", machine("NOT_READY"), "not_ready", {"type": "machine", "event": "NOT_READY", "value": "not_ready"}),
    ("detect", machine("finished"), "finished", {"type": "machine", "event": "finished", "value": ""}),
    ("detect", machine("error"), "error", {"type": "machine", "event": "error", "value": ""}),
    (
        "detect",
        machine("READY", beep=True),
        "ready",
        {"type": "machine", "event": "READY", "value": "ready", "beep": True},
    ),
    ("detect", detected("fax", "CED"), "fax", {"type": "fax", "event": "CED", "value": "CED", "tone": "CED"}),
    ("detect", detected("fax", "cng"), "fax", {"type": "fax", "event": "cng", "value": "CNG", "tone": "CNG"}),
    ("detect", detected("fax", "finished"), "finished", {"type": "fax", "event": "finished", "value": ""}),
    ("detect", detected("digit", "5"), "digit", {"type": "digit", "event": "5", "value": "5", "digit": "5"}),
    ("detect", detected("digit", 5), "digit", {"type": "digit", "event": "5", "value": "5", "digit": "5"}),
    ("detect", detected("digit", "finished"), "finished", {"type": "digit", "event": "finished", "value": ""}),
    ("detect", detected("speech", "Loud"), "loud", {"type": "speech", "event": "Loud", "value": "loud"}),
    ("detect", {"state": "finished"}, "finished", {}),
    ("tap", {"state": "tapping", "tap": {"type": "audio"}, "device": {"type": "rtp"}}, "tapping", {}),
    ("tap", {"state": "finished"}, "finished", {}),
    ("stream", {"state": "streaming", "url": "wss://s", "name": "n"}, "streaming", {}),
    ("stream", {"state": "finished"}, "finished", {}),
    ("transcribe", {"state": "transcribing"}, "transcribing", {}),
    (
        "transcribe",
        {"state": "finished", "url": "https://r", "recording_id": "i", "duration": 61.5, "size": 9},
        "finished",
        {"url": "https://r", "recording_id": "i", "duration": 61.5, "size": 9},
    ),
    ("transcribe", {"text": "Hello."}, "completed", {"text": "Hello."}),
    ("refer", {"state": "inProgress"}, "inprogress", {}),
    (
        "refer",
        {
            "state": "success",
            "sip_refer_to": "sip:a@b",
            "sip_refer_response_code": "202",
            "sip_notify_response_code": 200,
        },
        "success",
        {"sip_refer_to": "sip:a@b", "sip_refer_response_code": 202, "sip_notify_response_code": 200},
    ),
    ("refer", {"state": "noAnswer", "sip_notify_response_code": ""}, "noanswer", {}),
    ("denoise", {"denoised": True}, "on", {"denoised": True}),
    ("denoise", {"denoised": "false"}, "off", {"denoised": False}),
    ("connect", {"connect_state": "connected", "peer": {"call_id": "p"}}, "connected", {}),
    ("connect", {"connect_state": "failed", "failed_reason": "busy"}, "failed", {"failed_reason": "busy"}),
    ("live_translate", {"state": "started"}, "started", {}),
    ("play", {"code": "internal_error", "message": "no"}, "error", {"code": "internal_error", "message": "no"}),
    ("tap", {"code": 500}, "error", {"code": "500", "message": ""}),
]


@pytest.mark.parametrize(("verb", "body", "mark", "fields"), OPERATIONS)
def test_both_shapes_of_an_operations_webhook_say_the_same(
    verb: str, body: dict[str, Any], mark: str, fields: dict[str, Any]
) -> None:
    found = webhooks.decode(flat(control(verb), **body), control(verb), 7)
    assert isinstance(found, OperationReported)
    assert (found.at_ms, found.control_id, found.verb) == (7, control(verb), verb)
    assert (found.mark, found.fields) == (mark, fields)
    assert {k: type(v) for k, v in found.fields.items()} == {k: type(v) for k, v in fields.items()}
    is_error = mark == "error" and "code" in fields
    for spelling in ["calling.error"] if is_error else [f"calling.{verb}", f"calling.call.{verb}"]:
        assert webhooks.decode(envelope(spelling, control(verb), **body), control(verb), 7) == found


def test_what_is_not_mapped_is_kept() -> None:
    body = envelope("calling.collect", control("collect"), tag="t", segment_id="s", final=True)
    message = json.loads(body) | {"timestamp": 1.5, "project_id": "p"}
    message["params"]["result"] = {"type": "digit", "params": {"digits": "1", "lag": 3}, "more": 1}
    found = webhooks.decode(json.dumps(message).encode(), control("collect"), 7)
    assert found.extra == {
        "timestamp": 1.5,
        "project_id": "p",
        "call_id": "c",
        "node_id": "n",
        "tag": "t",
        "segment_id": "s",
        "final": True,
        "result": {"params": {"lag": 3}, "more": 1},
    }


CALL_STATES = [
    ({"call_state": "created"}, "created", ""),
    ({"call_state": "ringing"}, "ringing", ""),
    ({"call_state": "answered"}, "answered", ""),
    ({"call_state": "ending"}, "ending", ""),
    ({"call_state": "ended"}, "ended", ""),
    ({"call_state": "ended", "end_reason": "hangup"}, "ended", "hangup"),
    ({"call_state": "ended", "end_reason": "cancel"}, "ended", "cancel"),
    ({"call_state": "ended", "end_reason": "canceled"}, "ended", "cancel"),
    ({"call_state": "ended", "end_reason": "busy"}, "ended", "busy"),
    ({"call_state": "ended", "end_reason": "noAnswer"}, "ended", "no_answer"),
    ({"call_state": "ended", "end_reason": "no_answer"}, "ended", "no_answer"),
    ({"call_state": "ended", "end_reason": "no-answer"}, "ended", "no_answer"),
    ({"call_state": "ended", "end_reason": "decline"}, "ended", "decline"),
    ({"call_state": "ended", "end_reason": "declined"}, "ended", "decline"),
    ({"call_state": "ended", "end_reason": "error"}, "ended", "error"),
    ({"call_state": "ended", "end_reason": "abandoned"}, "ended", "abandoned"),
    ({"call_state": "ended", "end_reason": "max_duration"}, "ended", "max_duration"),
    ({"call_state": "ended", "end_reason": "maxDuration"}, "ended", "max_duration"),
    ({"call_state": "ended", "end_reason": "not_found"}, "ended", "not_found"),
]


@pytest.mark.parametrize(("body", "state", "reason"), CALL_STATES)
def test_both_shapes_of_a_call_state_say_the_same(body: dict[str, Any], state: str, reason: str) -> None:
    message = {"call_id": "c", "node_id": "n", "segment_id": "s", **body}
    found = webhooks.decode(json.dumps(message).encode(), CALL, 7)
    assert isinstance(found, CallStateReported)
    assert (found.call_state, found.end_reason, found.call_id) == (state, reason, "c")
    assert (found.node_id, found.segment_id, found.extra) == ("n", "s", {})
    assert found.end_reason in ("", *END_REASONS)
    wrapped = {"event_type": "calling.call.state", "params": message}
    assert webhooks.decode(json.dumps(wrapped).encode(), CALL, 7) == found


def test_an_end_reason_that_nobody_documented_is_error_and_kept() -> None:
    found = webhooks.decode(b'{"call_state": "ended", "end_reason": "zapped"}', CALL, 7)
    assert isinstance(found, CallStateReported)
    assert (found.end_reason, found.extra) == ("error", {"end_reason": "zapped"})


def test_every_reason_is_one_of_the_models() -> None:
    assert set(reasons.SPELLINGS.values()) <= set(END_REASONS)


@pytest.mark.parametrize(
    ("verb", "query", "mark", "fields"),
    [
        ("play", {"state": "finished", "call_id": "c"}, "finished", {}),
        (
            "record",
            {"state": "finished", "url": "https://r", "duration": "3"},
            "finished",
            {"url": "https://r", "duration": 3.0},
        ),
        ("collect", {"state": "collecting"}, "collecting", {}),
        ("stream", {"event_type": "calling.call.stream", "params[state]": "streaming"}, "streaming", {}),
        ("stream", {"event_type": "calling.call.stream", "params": '{"state": "finished"}'}, "finished", {}),
        ("stream", {"state": "finished", "url[": "x", "url[a][]": "y", "state[x]": "z"}, "finished", {}),
        (
            "detect",
            {"detect[type]": "machine", "detect[params][event]": "READY", "detect[params][beep]": "true"},
            "ready",
            {"type": "machine", "event": "READY", "value": "ready", "beep": True},
        ),
        (
            "collect",
            {"result": '{"type": "digit", "params": {"digits": "1"}}', "final": "false"},
            "partial",
            {"value": "1", "digits": "1", "terminator": ""},
        ),
    ],
)
def test_a_query_is_a_flat_webhook(verb: str, query: dict[str, str], mark: str, fields: dict[str, Any]) -> None:
    found = webhooks.decode_query(query.items(), control(verb), 7)
    assert isinstance(found, OperationReported)
    assert (found.mark, found.fields) == (mark, fields)


def test_a_query_that_contradicts_itself_loses_nothing() -> None:
    found = webhooks.decode_query({"state[x]": "z", "state": "finished", "a[b][c]": "1"}, control("stream"), 7)
    assert isinstance(found, OperationReported)
    assert (found.mark, found.extra) == ("finished", {"state[x]": "z", "a": {"b": {"c": "1"}}})


@pytest.mark.parametrize(
    ("event_type", "mark"), [("calling.transcript.completed", "completed"), ("calling.transcript.failed", "failed")]
)
def test_a_transcript_is_the_end_of_its_transcribe(event_type: str, mark: str) -> None:
    params = {"id": "t", "call_id": "c", "segment_id": "s"}
    for message in ({"event_type": event_type, "params": params}, {"event_type": event_type, **params}):
        found = webhooks.decode(json.dumps(message).encode(), control("transcribe"), 7)
        assert isinstance(found, OperationReported)
        assert (found.mark, found.fields, found.extra) == (mark, {}, params)


def test_a_detectors_rest_is_kept() -> None:
    body = flat(control("detect"), detect={"type": "digit", "params": {"event": "5", "lag": 3}, "more": 1})
    found = webhooks.decode(body, control("detect"), 7)
    assert found.extra == {"call_id": "c", "node_id": "n", "detect": {"params": {"lag": 3}, "more": 1}}


def test_a_continuous_collects_state_is_kept_beside_its_result() -> None:
    body = flat(control("collect"), result={"type": "no_input"}, state="collecting")
    found = webhooks.decode(body, control("collect"), 7)
    assert isinstance(found, OperationReported)
    assert (found.mark, found.extra["state"]) == ("no_input", "collecting")


SCHEMAS = sorted(SCHEMA_FOLDER.glob("*.json"), key=lambda path: path.name)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_example_of_the_schemas_is_understood(path: Path) -> None:
    schema = json.loads(path.read_text())
    verb = VERB_OF.get(path.name.removesuffix(".schema.json"), path.name.split(".")[1])
    for example in schema["examples"]:
        message = {**example, "params": dict(example["params"])} if "params" in example else dict(example)
        fields = message.get("params", message)
        named = ControlId(f"{RUN}.call") if verb == "call" else control(verb)
        if "control_id" in fields:
            fields["control_id"] = named
        found = webhooks.decode(json.dumps(message).encode(), named, 7)
        assert not isinstance(found, UnknownReported), found
