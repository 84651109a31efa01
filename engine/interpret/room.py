"""What a run may keep: its state is written to the journal with every event, so it stays small, whatever comes from
outside and whatever a flow puts together."""

from typing import Any

import msgspec

from engine.interpret.turn import Turn
from engine.model.limits import MAX_HEADERS_BYTES, MAX_KEPT, MAX_STATE_BYTES, MAX_UNREAD, MAX_UNREAD_BYTES
from engine.model.state import Result

TOO_LARGE = "state-too-large"
"""The code of a step that failed since there was no room for what it brought."""


def fits(turn: Turn, more: Any, *, vars: dict[str, Any] | None = None) -> bool:
    """Is there room for this beside all that the run keeps already? `vars`: the current frame's, as they would be."""
    frame = (turn.vars if vars is None else vars, turn.frame.inputs, turn.results)
    return _size((frame, turn.callers, turn.signals, turn.signal, more)) <= MAX_STATE_BYTES


def kept(fields: dict[str, Any]) -> dict[str, Any]:
    """What a report says, its texts no longer than `MAX_KEPT`."""
    if not fields:
        return fields
    return {name: value[:MAX_KEPT] if isinstance(value, str) else value for name, value in fields.items()}


def unread(results: tuple[Result, ...]) -> tuple[Result, ...]:
    """Of results that nobody has taken, the latest for which there is room."""
    results = results[-MAX_UNREAD:]
    while len(results) > 1 and _size(results) > MAX_UNREAD_BYTES:
        results = results[1:]
    return results


def headers(given: dict[str, str]) -> dict[str, str]:
    """The first of a call's headers."""
    found, left = {}, MAX_HEADERS_BYTES
    for name, value in given.items():
        left -= _size((name, value))
        if left < 0:
            break
        found[name] = value
    return found


def _size(value: Any) -> int:
    return len(msgspec.msgpack.encode(value))
