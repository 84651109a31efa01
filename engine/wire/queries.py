"""A webhook by GET: its fields as the query's.

How the platform writes an envelope or a nested field into a query is not documented, so the two
usual ways are read: `params[state]=finished`, and JSON as the value of a field that nests.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.model.errors import WireError
from engine.wire import parsing

_NESTING = frozenset(("params", "result", "record", "detect", "peer"))
_MAX_PARTS = 6
"""The platform's own messages nest four deep."""


def unfold(params: Mapping[str, str] | Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The message; what does not fit (`a=1&a[b]=2`) keeps the name that it came under."""
    message: dict[str, Any] = {}
    for name, value in sorted(dict(params).items(), key=_is_nested):
        parts = _parts(name)
        _put(message, parts, _value(parts[-1], value)) or message.setdefault(name, value)
    return message


def _is_nested(field: tuple[str, str]) -> bool:
    return "[" in field[0]


def _parts(name: str) -> list[str]:
    """`detect[params][event]` as its three names."""
    first, bracket, rest = name.partition("[")
    if not bracket or not first or not rest.endswith("]"):
        return [name]
    parts = [first, *rest[:-1].split("][")]
    return parts if all(parts) and len(parts) <= _MAX_PARTS else [name]


def _put(message: dict[str, Any], parts: list[str], value: Any) -> bool:
    inner = message
    for part in parts[:-1]:
        inner = inner.setdefault(part, {})
        if not isinstance(inner, dict):
            return False
    if parts[-1] in inner:
        return False
    inner[parts[-1]] = value
    return True


def _value(name: str, value: str) -> Any:
    if name not in _NESTING or not value.startswith("{"):
        return value
    try:
        return parsing.parse(value.encode(errors="replace"), "the query")
    except WireError:
        return value
