"""Webhooks that mean nothing here, that have no shape, and whatever else may come."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import codec
from engine.model.errors import WireError
from engine.model.events import UnknownReported
from engine.model.ids import ControlId
from engine.wire import webhooks
from tests.unit.wire.messages import CALL, control

UNKNOWN = [
    (control("play"), {"control_id": control("collect"), "state": "playing"}, "", "it is about"),
    (
        control("play"),
        {"event_type": "calling.collect", "params": {"state": "x"}},
        "calling.collect",
        "came to the URL of a play",
    ),
    (control("play"), {"event_type": "calling.later"}, "calling.later", "calling.later came to the URL of a play"),
    (
        control("play"),
        {"event_type": "calling.transcript.completed", "text": "x"},
        "calling.transcript.completed",
        "came to the URL of a play",
    ),
    (CALL, {"event_type": "calling.error", "params": {"code": "c1"}}, "calling.error", "an error of the call: c1"),
    (CALL, {"code": "c1"}, "", "an error of the call: c1"),
    (control("detect"), {}, "", "it has no `state`"),
    (control("detect"), {"detect": {"type": "fax"}}, "", "its `detect` has no `event`"),
    (control("refer"), {}, "", "it has no `state`"),
    (control("denoise"), {}, "", "it has no `denoised`"),
    (control("connect"), {"state": "x"}, "", "it has no `connect_state`"),
    (control("live_translate"), {"text": "hola"}, "", "it has no `state`"),
    (
        control("play"),
        {"event_type": "calling.call.state", "call_state": "ended"},
        "calling.call.state",
        "came to the URL of a play",
    ),
    (CALL, {"event_type": "calling.play", "params": {"state": "playing"}}, "calling.play", "came to the URL of a call"),
    (CALL, {"call_state": "levitating"}, "", "nothing here knows the call state 'levitating'"),
    (CALL, {}, "", "it has no `call_state`"),
    (control("play"), {}, "", "it has no `state`"),
    (control("record"), {}, "", "it has no `state`"),
    (control("collect"), {}, "", "it has no `state`"),
    (control("collect"), {"result": {}}, "", "its `result` has no `type`"),
    (control("teleport"), {"state": "playing"}, "", "nothing here knows the verb 'teleport'"),
]


@pytest.mark.parametrize(("control_id", "body", "event_type", "reason"), UNKNOWN)
def test_what_means_nothing_here_is_recorded_with_the_reason(
    control_id: ControlId, body: dict[str, Any], event_type: str, reason: str
) -> None:
    found = webhooks.decode(json.dumps(body).encode(), control_id, 7)
    assert isinstance(found, UnknownReported)
    assert found.event_type == event_type
    assert reason in found.reason


def test_of_what_means_nothing_here_little_is_kept() -> None:
    known = {"call_id": "c", "message": "m" * 9_000, "timestamp": 1.5, "code": ["y" * 9_000], "tag": None}
    body = {"call_state": "z" * 9_000, **known, "x": "y" * 9_000, **{f"x{n}": n for n in range(9_000)}}
    for message in (body, {"event_type": "calling." + "e" * 9_000, "params": body}):
        found = webhooks.decode(json.dumps(message).encode(), CALL, 7)
        assert isinstance(found, UnknownReported)
        assert len(codec.encode(found)) < 2_000
        assert {name: found.extra[name] for name in ("call_id", "timestamp", "tag")} == {
            "call_id": "c",
            "timestamp": 1.5,
            "tag": None,
        }
        assert (found.extra["message"], found.extra["code"]) == ("m" * 200, "(a list)")


WRONG = [
    (control("play"), b"", "the webhook is not JSON: Input data was truncated"),
    (control("play"), b"<html>", "the webhook is not JSON"),
    (control("play"), b"\xff\xfe", "the webhook is not JSON"),
    (control("play"), b"[]", "the webhook is a list, expected an object"),
    (control("play"), b"null", "the webhook is null, expected an object"),
    (control("play"), b'"state"', "the webhook is text, expected an object"),
    (control("play"), b'{"state": 1}', "the play webhook: `state` is a number, expected text"),
    (control("play"), b'{"event_type": {}}', "the webhook: `event_type` is an object, expected text"),
    (control("play"), b'{"x": 99999999999999999999}', "the webhook has a number that does not fit 64 bits"),
    (control("play"), b'{"x": 1e999}', "the webhook is not JSON"),
    (control("play"), b'{"x":' * 50 + b"1" + b"}" * 50, "the webhook is nested deeper than 32 levels"),
    (control("play"), b'{"x":' * 9999, "the webhook is not JSON"),
    (control("collect"), b'{"result": []}', "the collect webhook: `result` is a list, expected an object"),
    (control("collect"), b'{"result": {"type": true}}', "`type` is a boolean, expected text"),
    (
        control("collect"),
        b'{"result": {"type": "digit", "params": {"digits": 12}}}',
        "the collect webhook: `digits` is a number, expected text",
    ),
    (
        control("collect"),
        b'{"result": {"type": "speech", "params": {"text": "a", "confidence": "high"}}}',
        "the collect webhook: `confidence` is text, expected a number",
    ),
    (
        control("record"),
        b'{"state": "x", "duration": []}',
        "the record webhook: `duration` is a list, expected a number",
    ),
    (control("record"), b'{"state": "x", "size": true}', "the record webhook: `size` is a boolean, expected a number"),
    (control("record"), b'{"state": "x", "size": 1e300}', "the record webhook: `size` is not a number of bytes"),
    (control("record"), b'{"state": "x", "duration": "nan"}', "`duration` is text, expected a number"),
    (control("detect"), b'{"detect": {"type": 5}}', "the detect webhook's detect: `type` is a number, expected text"),
    (
        control("detect"),
        b'{"detect": {"type": "machine", "params": {"event": "READY", "beep": 1}}}',
        "the detect webhook: `beep` is a number, expected true or false",
    ),
    (control("transcribe"), b'{"state": "finished", "size": -1}', "`size` is not a number of bytes"),
    (control("play"), b'{"code": []}', "the error webhook: `code` is a list, expected text"),
    (control("denoise"), b'{"denoised": "maybe"}', "`denoised` is text, expected true or false"),
    (CALL, b'{"call_state": 5}', "the call state webhook: `call_state` is a number, expected text"),
    (CALL, b'{"call_state": "ended", "end_reason": 5}', "`end_reason` is a number, expected text"),
]


@pytest.mark.parametrize(("control_id", "body", "message"), WRONG)
def test_what_has_no_shape_is_refused_with_the_reason(control_id: ControlId, body: bytes, message: str) -> None:
    with pytest.raises(WireError) as caught:
        webhooks.decode(body, control_id, 7)
    assert message in caught.value.message


OTHERS = [control(verb) for verb in ("detect", "tap", "stream", "transcribe", "refer", "denoise", "connect")]
IDS = st.sampled_from([control("play"), control("record"), control("collect"), *OTHERS, CALL, control("what")])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
KEYS = st.sampled_from(
    [
        "event_type",
        "params",
        "control_id",
        "state",
        "result",
        "final",
        "record",
        "url",
        "duration",
        "size",
        "format",
        "call_state",
        "end_reason",
        "call_id",
        "type",
        "digits",
        "text",
        "confidence",
        "detect",
        "event",
        "beep",
        "code",
        "message",
        "denoised",
        "connect_state",
        "sip_refer_response_code",
        "params[state]",
    ]
)
MESSAGES = st.recursive(
    JSON | st.sampled_from(["digit", "speech", "finished", "ended", "calling.play", 1, 0.5]),
    lambda inner: st.dictionaries(KEYS, inner),
    max_leaves=12,
)


@given(st.binary(), IDS)
def test_bytes_of_any_kind_never_raise_anything_else(body: bytes, control_id: ControlId) -> None:
    with suppress(WireError):
        codec.encode(webhooks.decode(body, control_id, 7))


@given(MESSAGES, IDS)
def test_messages_of_any_kind_can_be_journalled_or_are_refused(message: object, control_id: ControlId) -> None:
    try:
        event = webhooks.decode(json.dumps(message).encode(), control_id, 7)
    except WireError:
        return
    assert codec.decode_event(codec.encode(event)) == event


@given(st.dictionaries(KEYS | st.text(), st.text()), IDS)
def test_queries_of_any_kind_can_be_journalled_or_are_refused(query: dict[str, str], control_id: ControlId) -> None:
    try:
        event = webhooks.decode_query(query, control_id, 7)
    except WireError:
        return
    assert codec.decode_event(codec.encode(event)) == event
