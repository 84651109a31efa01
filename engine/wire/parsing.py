"""JSON from outside, as values that the journal can hold.

Whatever bytes come in, the only exception that leaves is `WireError`. What passes can be encoded
by `engine.model.codec`: no integer beyond 64 bits, no text that is not UTF-8, no deep nesting.
"""

from typing import Any

import msgspec

from engine.model.errors import WireError

MAX_DEPTH = 32
"""The platform's own messages nest four deep; the codecs recurse and must not run out of stack."""

_decoder = msgspec.json.Decoder()
_probe = msgspec.msgpack.Encoder()


def parse(body: bytes, what: str) -> Any:
    """Any JSON value. `what` names the message in errors (`the webhook`)."""
    try:
        value = _decoder.decode(body)
        # Counting is far cheaper than walking, and a small number of brackets cannot nest deep.
        if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _deeper_than(value, MAX_DEPTH):
            raise WireError(f"{what} is nested deeper than {MAX_DEPTH} levels")
        _probe.encode(value)
    except (ValueError, RecursionError) as error:
        raise WireError(f"{what} is not JSON: {_first_line(error)}") from None
    except OverflowError:
        raise WireError(f"{what} has a number that does not fit 64 bits") from None
    return value


def parse_object(body: bytes, what: str) -> dict[str, Any]:
    """A JSON object, or `WireError`."""
    value = parse(body, what)
    if not isinstance(value, dict):
        raise WireError(f"{what} is {kind(value)}, expected an object")
    return value


def kind(value: object) -> str:
    """JSON's name of a value's type, with its article, for messages."""
    if value is None:
        return "null"
    for type_, name in _KINDS:
        if isinstance(value, type_):
            return name
    return f"a {type(value).__name__}"


def text(values: dict[str, Any], key: str, what: str) -> str:
    """Take `key` out of `values`: its text, `""` where it is absent or null."""
    value = values.pop(key, None)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise WireError(f"{what}: `{key}` is {kind(value)}, expected text")
    return value


def word(values: dict[str, Any], key: str, what: str) -> str:
    """The same for what is written as text on one page and as a number on another: always text."""
    value = values.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        del values[key]
        return str(value)
    return text(values, key, what)


def flag(values: dict[str, Any], key: str, what: str) -> bool:
    """Take `key` out of `values`: true or false, also as a query string has them; absent is false."""
    value = values.pop(key, None)
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if value is not None and not isinstance(value, bool):
        raise WireError(f"{what}: `{key}` is {kind(value)}, expected true or false")
    return bool(value)


def number(values: dict[str, Any], key: str, what: str) -> float | None:
    """Take `key` out of `values`: a number, also one written as text (query strings), or None."""
    value = values.pop(key, None)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = _from_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WireError(f"{what}: `{key}` is {kind(value)}, expected a number")
    return float(value)


def mapping(values: dict[str, Any], key: str, what: str) -> dict[str, Any] | None:
    """Take `key` out of `values`: a copy of its object, or None where it is absent or null."""
    value = values.pop(key, None)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise WireError(f"{what}: `{key}` is {kind(value)}, expected an object")
    return dict(value)


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "a boolean"),
    (str, "text"),
    (int, "a number"),
    (float, "a number"),
    (list, "a list"),
    (dict, "an object"),
)


def _from_text(value: str) -> float | str:
    """A finite number, or the text as it was (Python would also take `nan`, `inf` and `1_0`)."""
    try:
        found = msgspec.json.decode(value.strip(), type=float)
    except (ValueError, RecursionError):
        return value
    return found


def _deeper_than(value: object, limit: int) -> bool:
    level: list[object] = [value]
    for _ in range(limit + 1):
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        if not inner:
            return False
        level = inner
    return any(isinstance(item, dict | list) for item in level)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
