"""What an operation found: the platform's nesting as the flat fields of expressions."""

from typing import Any

from engine.model.errors import WireError
from engine.wire import parsing

_COLLECT = "the collect webhook"
_RECORD = "the record webhook"


def collect_result(result: dict[str, Any], message: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The mark and the fields of a collect's `result` (`{type, params}`).

    digit   value, digits, terminator (`""` where the platform names none)
    speech  value, text, confidence (0-100; 0.0 where the platform gives none)

    A digit or speech result with `final: false` is marked `partial`. What `result` has beyond
    that goes back to `message["result"]`, so that nothing is lost.
    """
    mark = parsing.text(result, "type", f"{_COLLECT}'s result")
    params = parsing.mapping(result, "params", f"{_COLLECT}'s result") or {}
    fields: dict[str, Any] = {}
    if mark == "digit":
        digits = parsing.text(params, "digits", _COLLECT)
        terminator = parsing.text(params, "terminator", _COLLECT)
        fields = {"value": digits, "digits": digits, "terminator": terminator}
    elif mark == "speech":
        text = parsing.text(params, "text", _COLLECT)
        confidence = parsing.number(params, "confidence", _COLLECT) or 0.0
        fields = {"value": text, "text": text, "confidence": confidence}
    if params:
        result["params"] = params
    if result:
        message["result"] = result
    if fields and _is_false(message.get("final")):
        mark = "partial"
    return mark, fields


def recording(message: dict[str, Any]) -> dict[str, Any]:
    """The fields of a recording, out of `record: {...}` or else out of the top level.

    url, duration (seconds), size (bytes), format; each only where the platform gave it.
    """
    nested = parsing.mapping(message, "record", _RECORD) or {}
    fields: dict[str, Any] = {}
    for key in ("url", "format"):
        if found := parsing.text(nested, key, _RECORD) or parsing.text(message, key, _RECORD):
            fields[key] = found
    for key in ("duration", "size"):
        found_number = parsing.number(nested, key, _RECORD)
        if found_number is None:
            found_number = parsing.number(message, key, _RECORD)
        if found_number is not None:
            fields[key] = found_number if key == "duration" else _bytes(found_number)
    if nested:
        message["record"] = nested
    return fields


def _bytes(size: float) -> int:
    if not 0 <= size < 2**53:
        raise WireError(f"{_RECORD}: `size` is not a number of bytes")
    return int(size)


def _is_false(value: object) -> bool:
    """`false`, also as a query string has it."""
    return value is False or value == "false"
