"""Webhooks as events.

Two shapes are accepted, flat `{control_id, call_id, state, ...}` and an envelope
`{event_type, timestamp, ..., params: {control_id, ...}}`; both give the same event. The verb is
known from the URL that the webhook came to, so nothing is guessed from the body. Nothing is
refused for a field that nobody expected: what is not mapped is kept under `extra`; of what means nothing
here as a whole, a few known fields.

What each verb's webhook says is in `reports.py`, what GET makes of both shapes in `queries.py`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from engine.model.errors import WireError
from engine.model.events import CallState, CallStateReported, OperationReported, UnknownReported
from engine.model.ids import CallId, ControlId, op_of, verb_of
from engine.wire import parsing, queries, reasons, reports

Reported = OperationReported | CallStateReported | UnknownReported

_KEPT_OF_UNKNOWN = (
    *("call_id", "node_id", "segment_id", "control_id", "project_id", "space_id", "tag"),
    *("state", "call_state", "connect_state", "end_reason", "code", "message", "status", "timestamp"),
)
"""What means nothing here has no effect: who it is about and how it stands is enough, whatever else it brings."""
_MOST_CHARACTERS = 200

_CALL_STATES: tuple[CallState, ...] = get_args(CallState)


def decode(body: bytes, control_id: ControlId, at_ms: int) -> Reported:
    """The event of a webhook's body that came to the URL of `control_id` at `at_ms` (Unix time).

    `WireError` for what is not JSON, not an object, or has a known field of a wrong type;
    `UnknownReported` for what is well-formed and means nothing here.
    """
    return event_of(parsing.parse_object(body, "the webhook"), control_id, at_ms)


def decode_query(params: Mapping[str, str] | Iterable[tuple[str, str]], control_id: ControlId, at_ms: int) -> Reported:
    """The same for a webhook by GET, whose fields are its query's and all of them text."""
    return event_of(queries.unfold(params), control_id, at_ms)


def event_of(message: dict[str, Any], control_id: ControlId, at_ms: int) -> Reported:
    """The same for a message that is parsed already. It is taken apart: give it a copy."""
    event_type = parsing.text(message, "event_type", "the webhook")
    fields = message
    if isinstance(message.get("params"), dict):
        fields = message.pop("params")
        # The envelope's own fields stay below the event's.
        fields = {**message, **fields} if message else fields
    named = parsing.text(fields, "control_id", "the webhook")
    if named and named != control_id:
        return _unknown(event_type, f"it is about {named}, not {control_id}", fields, at_ms)
    verb = verb_of(op_of(control_id))
    if not reports.belongs(event_type, verb):
        return _unknown(event_type, f"{event_type} came to the URL of a {verb}", fields, at_ms)
    if verb == "call":
        return _call(fields, event_type, at_ms)
    found = reports.read(fields, verb, event_type)
    if isinstance(found, str):
        return _unknown(event_type, found, fields, at_ms)
    mark, values = found
    return OperationReported(
        at_ms=at_ms, control_id=control_id, verb=verb, mark=mark.lower(), fields=values, extra=fields
    )


def _unknown(event_type: str, reason: str, extra: dict[str, Any], at_ms: int) -> UnknownReported:
    return UnknownReported(
        at_ms=at_ms,
        event_type=event_type[:_MOST_CHARACTERS],
        reason=reason[: 3 * _MOST_CHARACTERS],
        extra={name: _bounded(extra[name]) for name in _KEPT_OF_UNKNOWN if name in extra},
    )


def _bounded(value: object) -> object:
    if isinstance(value, str):
        return value[:_MOST_CHARACTERS]
    return value if value is None or isinstance(value, bool | int | float) else f"({parsing.kind(value)})"


def _call(message: dict[str, Any], event_type: str, at_ms: int) -> Reported:
    what = "the call state webhook"
    said = parsing.text(message, "call_state", what)
    state = next((known for known in _CALL_STATES if known == said), None)
    if state is None:
        return _unknown(event_type, _no_state(message, said, event_type), message, at_ms)
    word = parsing.text(message, "end_reason", what)
    if word and not reasons.is_known(word):
        message["end_reason"] = word
    return CallStateReported(
        at_ms=at_ms,
        call_state=state,
        call_id=CallId(parsing.text(message, "call_id", what)),
        node_id=parsing.text(message, "node_id", what),
        segment_id=parsing.text(message, "segment_id", what),
        end_reason=reasons.end_reason(word),
        extra=message,
    )


def _no_state(message: dict[str, Any], said: str, event_type: str) -> str:
    if said:
        return f"nothing here knows the call state {said!r}"
    if reports.is_error(message, event_type):
        return f"an error of the call: {message.get('code') or 'without a code'}"
    return "it has no `call_state`"


__all__ = ["Reported", "WireError", "decode", "decode_query", "event_of"]
