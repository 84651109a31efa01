import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import codec
from engine.model.errors import WireError
from engine.model.events import CallArrived
from engine.model.ids import CallId
from engine.wire import inbound

CALL = {
    "call_id": "c",
    "node_id": "n",
    "segment_id": "s",
    "call_state": "created",
    "direction": "inbound",
    "type": "sip",
    "from": "sip:a@b",
    "to": "sip:c@d",
    "headers": [{"name": "X-One", "value": "1"}, {"name": "X-One", "value": "2"}, {"name": "Y", "value": ""}],
    "project_id": "p",
}


def body(**changes: Any) -> bytes:
    call = {key: value for key, value in (CALL | changes).items() if value is not ...}
    return json.dumps({"call": call, "vars": {}, "envs": {}, "params": {}}).encode()


def test_a_call_arrives() -> None:
    assert inbound.decode(body(), 7) == CallArrived(
        at_ms=7,
        call_id=CallId("c"),
        to="sip:c@d",
        from_="sip:a@b",
        node_id="n",
        segment_id="s",
        type="sip",
        call_state="created",
        headers={"X-One": "1, 2", "Y": ""},
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"from": ..., "from_number": "+1"}, {"from_": "+1"}),
        ({"to": None, "to_number": "+2"}, {"to": "+2"}),
        ({"from": ...}, {"from_": ""}),
        ({"type": ...}, {"type": "phone"}),
        ({"call_state": ...}, {"call_state": "answered"}),
        ({"call_state": "levitating"}, {"call_state": "answered"}),
        ({"headers": ...}, {"headers": {}}),
        ({"headers": None}, {"headers": {}}),
        ({"headers": {"A": "1", "B": 2}}, {"headers": {"A": "1"}}),
        ({"headers": ["A: 1", {"name": "A"}, {"name": "B", "value": "2"}]}, {"headers": {"B": "2"}}),
        ({"node_id": ..., "segment_id": None}, {"node_id": "", "segment_id": ""}),
    ],
)
def test_what_is_absent_has_a_default(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    found = inbound.decode(body(**changes), 7)
    assert {key: getattr(found, key) for key in expected} == expected


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (b"", "the inbound call is not JSON"),
        (b"[]", "the inbound call is a list, expected an object"),
        (b"{}", "the inbound call has no `call`"),
        (b'{"call": "c"}', "`call` is text, expected an object"),
        (body(call_id=...), "the inbound call has no `call.call_id`"),
        (body(call_id=""), "the inbound call has no `call.call_id`"),
        (body(call_id=5), "`call_id` is a number, expected text"),
        (body(to=["+1"]), "`to` is a list, expected text"),
    ],
)
def test_what_is_no_call_is_refused_with_the_reason(sent: bytes, message: str) -> None:
    with pytest.raises(WireError) as caught:
        inbound.decode(sent, 7)
    assert message in caught.value.message


@given(st.binary() | st.from_regex(rb'\{"call": \{"call_id": "c".*\}\}'))
def test_bytes_of_any_kind_never_raise_anything_else(sent: bytes) -> None:
    with suppress(WireError):
        codec.encode(inbound.decode(sent, 7))
