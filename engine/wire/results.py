"""What an operation found: the platform's nesting as the flat fields of expressions."""

from typing import Any

from engine.model.errors import WireError
from engine.wire import parsing

_COLLECT = "the collect webhook"
_DETECT = "the detect webhook"
_RECORD = "the record webhook"
_REFER = "the refer webhook"
_TRANSCRIBE = "the transcribe webhook"
_OVER = ("finished", "error")
_TONES = ("CED", "CNG")
_DASH = str.maketrans("- ", "__")


def collect_result(result: dict[str, Any], message: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The mark and the fields of a collect's `result` (`{type, params}`).

    digit   value, digits, terminator (`""` where the platform names none)
    speech  value, text, confidence (0-100; 0.0 where the platform gives none; one example has a
            fraction, so what is at most 1 is taken for one)

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
        fields = {"value": text, "text": text, "confidence": _percent(confidence)}
    _keep(message, "result", result, params)
    if fields and _is_false(message.get("final")):
        mark = "partial"
    return mark, fields


def detection(detect: dict[str, Any], message: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The mark and the fields of a detector's `detect` (`{type, params: {event, beep}}`).

    machine  the event in lower case; beep (where the platform says) true or false
    fax      `fax`; tone CED or CNG
    digit    `digit`; digit the key

    `type` and `event` are the platform's words, `value` what was heard: the mark, tone or digit,
    and `""` with `finished` and `error`. What `detect` has beyond that goes back to `message`.
    """
    kind = parsing.text(detect, "type", f"{_DETECT}'s detect")
    params = parsing.mapping(detect, "params", f"{_DETECT}'s detect") or {}
    event = parsing.word(params, "event", _DETECT)
    fields: dict[str, Any] = {"type": kind, "event": event, "value": ""}
    mark = event.lower().translate(_DASH)
    if "beep" in params:
        fields["beep"] = parsing.flag(params, "beep", _DETECT)
    _keep(message, "detect", detect, params)
    if mark in _OVER or not mark:
        return mark, fields
    if kind == "fax" or event.upper() in _TONES:
        return "fax", {**fields, "value": event.upper(), "tone": event.upper()}
    if kind == "digit":
        return "digit", {**fields, "value": event, "digit": event}
    return mark, {**fields, "value": mark}


def transcript(message: dict[str, Any]) -> dict[str, Any]:
    """The fields of a transcription and of its transcript, each only where the platform gave it:
    text, url and recording_id (of the recording under it), duration (seconds), size (bytes)."""
    fields: dict[str, Any] = {}
    for key in ("text", "url", "recording_id"):
        if found := parsing.text(message, key, _TRANSCRIBE):
            fields[key] = found
    for key in ("duration", "size"):
        if (number := parsing.number(message, key, _TRANSCRIBE)) is not None:
            fields[key] = number if key == "duration" else _bytes(number, _TRANSCRIBE)
    return fields


def referral(message: dict[str, Any]) -> dict[str, Any]:
    """The fields of a REFER: sip_refer_to, and the SIP codes of the two answers where they are there.
    A code that is not a number stays where it was."""
    fields: dict[str, Any] = {}
    if to := parsing.text(message, "sip_refer_to", _REFER):
        fields["sip_refer_to"] = to
    for key in ("sip_refer_response_code", "sip_notify_response_code"):
        code = str(message.get(key, ""))
        if len(code) == 3 and code.isascii() and code.isdecimal():
            fields[key] = int(message.pop(key))
    return fields


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
            fields[key] = found_number if key == "duration" else _bytes(found_number, _RECORD)
    if nested:
        message["record"] = nested
    return fields


def _keep(message: dict[str, Any], name: str, outer: dict[str, Any], params: dict[str, Any]) -> None:
    """What was not mapped of `name: {..., params: {...}}` goes back to where it came from."""
    if params:
        outer["params"] = params
    if outer:
        message[name] = outer


def _percent(confidence: float) -> float:
    return round(confidence * 100, 6) if 0 < confidence <= 1 else confidence


def _bytes(size: float, what: str) -> int:
    if not 0 <= size < 2**53:
        raise WireError(f"{what}: `size` is not a number of bytes")
    return int(size)


def _is_false(value: object) -> bool:
    """`false`, also as a query string has it."""
    return value is False or value == "false"
