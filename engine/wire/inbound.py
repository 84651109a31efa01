"""The platform's requests for SWML: an inbound call's, which starts a run, and a call's that comes back to one."""

import hashlib
from typing import Any, get_args

from engine.model.errors import WireError
from engine.model.events import CallArrived, CallReturned, CallState
from engine.model.ids import CallId, ControlId
from engine.wire import parsing

_WHAT = "the inbound call"
_BACK = "the call that comes back"
_CALL_STATES: tuple[CallState, ...] = get_args(CallState)


def decode(body: bytes, at_ms: int) -> CallArrived:
    """`{call: {call_id, from, to, ...}, vars, envs, params}` as `CallArrived` at `at_ms` (Unix).

    `WireError` when it is not JSON, has no `call.call_id`, or a field of a wrong type. `from` and
    `to` fall back to `from_number` and `to_number`, and to `""` (a withheld number).
    """
    call = parsing.mapping(parsing.parse_object(body, _WHAT), "call", _WHAT)
    if call is None:
        raise WireError(f"{_WHAT} has no `call`", help="Is this URL set as the number's SWML?")
    call_id = parsing.text(call, "call_id", _WHAT)
    if not call_id:
        raise WireError(f"{_WHAT} has no `call.call_id`")
    return CallArrived(
        at_ms=at_ms,
        call_id=CallId(call_id),
        to=parsing.text(call, "to", _WHAT) or parsing.text(call, "to_number", _WHAT),
        from_=parsing.text(call, "from", _WHAT) or parsing.text(call, "from_number", _WHAT),
        node_id=parsing.text(call, "node_id", _WHAT),
        segment_id=parsing.text(call, "segment_id", _WHAT),
        type=parsing.text(call, "type", _WHAT) or "phone",
        call_state=_call_state(parsing.text(call, "call_state", _WHAT)),
        headers=_headers(call.get("headers")),
    )


def decode_return(body: bytes, control_id: ControlId, outcome: str, at_ms: int) -> CallReturned:
    """`{call: {call_id, ...}, vars, params}` as `CallReturned`. `WireError` as above; what is missing of `vars`
    and `params` is empty."""
    found = parsing.parse_object(body, _BACK)
    call = parsing.mapping(found, "call", _BACK) or {}
    call_id = parsing.text(call, "call_id", _BACK)
    if not call_id:
        raise WireError(f"{_BACK} has no `call.call_id`")
    return CallReturned(
        at_ms=at_ms,
        control_id=control_id,
        outcome=outcome,
        call_id=CallId(call_id),
        vars=dict(parsing.mapping(found, "vars", _BACK) or {}),
        params=dict(parsing.mapping(found, "params", _BACK) or {}),
        digest=hashlib.sha256(body).hexdigest(),
    )


def _call_state(word: str) -> CallState:
    """Ours answers the call, so what has no state that we know is as good as answered."""
    return next((state for state in _CALL_STATES if state == word), "answered")


def _headers(found: Any) -> dict[str, str]:
    """SIP headers, `[{name, value}, ...]` or a dictionary; a repeated name's values joined by `, `.

    They are the far side's and only for reading, so what does not fit is left out, never refused.
    """
    pairs = list(found.items()) if isinstance(found, dict) else []
    if isinstance(found, list):
        pairs = [(h.get("name"), h.get("value")) for h in found if isinstance(h, dict)]
    headers: dict[str, str] = {}
    for name, value in pairs:
        if isinstance(name, str) and isinstance(value, str):
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
