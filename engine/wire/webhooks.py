"""Webhooks as events.

Two shapes are accepted, flat `{control_id, call_id, state, ...}` and an envelope
`{event_type, timestamp, ..., params: {control_id, ...}}`; both give the same event. The verb is
known from the URL that the webhook came to, so nothing is guessed from the body. Nothing is
refused for a field that nobody expected: what is not mapped is kept under `extra`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

from engine.model.errors import WireError
from engine.model.events import CallState, CallStateReported, OperationReported, UnknownReported
from engine.model.ids import CallId, ControlId, op_of, verb_of
from engine.model.verbs import VERB
from engine.wire import parsing, reasons
from engine.wire.results import collect_result, recording

Reported = OperationReported | CallStateReported | UnknownReported

_CALL_STATES: tuple[CallState, ...] = get_args(CallState)


def decode(body: bytes, control_id: ControlId, at_ms: int) -> Reported:
    """The event of a webhook's body that came to the URL of `control_id` at `at_ms` (Unix time).

    `WireError` for what is not JSON, not an object, or has a known field of a wrong type;
    `UnknownReported` for what is well-formed and means nothing here.
    """
    return _event(parsing.parse_object(body, "the webhook"), control_id, at_ms)


def decode_query(params: Mapping[str, str] | Iterable[tuple[str, str]], control_id: ControlId, at_ms: int) -> Reported:
    """The same for a webhook by GET: its fields are the query's, flat, and all of them text."""
    return _event(dict(params), control_id, at_ms)


def _event(message: dict[str, Any], control_id: ControlId, at_ms: int) -> Reported:
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
    read = _READERS.get(verb, _read_state)
    if event_type and event_type not in _EVENT_TYPES.get(verb, (f"calling.{verb}", f"calling.call.{verb}")):
        return _unknown(event_type, f"{event_type} came to the URL of a {verb}", fields, at_ms)
    return read(fields, control_id, at_ms, verb, event_type)


def _unknown(event_type: str, reason: str, extra: dict[str, Any], at_ms: int) -> UnknownReported:
    return UnknownReported(at_ms=at_ms, event_type=event_type, reason=reason, extra=extra)


def _read_state(message: dict[str, Any], control_id: ControlId, at_ms: int, verb: str, event_type: str) -> Reported:
    """Play, and every later verb whose webhook is a `state` and nothing more."""
    if verb not in VERB:
        return _unknown(event_type, f"nothing here knows the verb {verb!r}", message, at_ms)
    mark = parsing.text(message, "state", f"the {verb} webhook")
    if not mark:
        return _unknown(event_type, "it has no `state`", message, at_ms)
    return OperationReported(at_ms=at_ms, control_id=control_id, verb=verb, mark=mark, extra=message)


def _read_record(message: dict[str, Any], control_id: ControlId, at_ms: int, verb: str, event_type: str) -> Reported:
    mark = parsing.text(message, "state", "the record webhook")
    if not mark:
        return _unknown(event_type, "it has no `state`", message, at_ms)
    return OperationReported(
        at_ms=at_ms,
        control_id=control_id,
        verb=verb,
        mark=mark,
        fields=recording(message),
        extra=message,
    )


def _read_collect(message: dict[str, Any], control_id: ControlId, at_ms: int, verb: str, event_type: str) -> Reported:
    result = parsing.mapping(message, "result", "the collect webhook")
    if result is None:
        return _read_state(message, control_id, at_ms, verb, event_type)
    mark, fields = collect_result(result, message)
    if not mark:
        return _unknown(event_type, "its `result` has no `type`", message, at_ms)
    return OperationReported(at_ms=at_ms, control_id=control_id, verb=verb, mark=mark, fields=fields, extra=message)


def _read_call(message: dict[str, Any], control_id: ControlId, at_ms: int, verb: str, event_type: str) -> Reported:
    what = "the call state webhook"
    said = parsing.text(message, "call_state", what)
    state = next((known for known in _CALL_STATES if known == said), None)
    if state is None:
        reason = f"nothing here knows the call state {said!r}" if said else "it has no `call_state`"
        return _unknown(event_type, reason, message, at_ms)
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


_Reader = Callable[[dict[str, Any], ControlId, int, str, str], Reported]

_READERS: Mapping[str, _Reader] = {
    "call": _read_call,
    "collect": _read_collect,
    "record": _read_record,
}
_EVENT_TYPES: Mapping[str, tuple[str, ...]] = {"call": ("calling.call.state",)}
"""Where the event type is not `calling.<verb>` or, as other pages spell it, `calling.call.<verb>`."""

__all__ = ["Reported", "WireError", "decode", "decode_query"]
