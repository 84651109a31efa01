"""The keywords of JSON Schema that look at one value alone."""

import re
from collections.abc import Callable, Mapping
from types import UnionType
from typing import Any

Holding = Callable[[Any], Callable[[Any], bool]]
"""Given what a keyword wants, says whether it holds of a value."""


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: `1` is not `true`, `1.0` is `1`."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    return bool(one == other)


def repeated(items: list[Any]) -> int | None:
    """The index of the first item that was there before."""
    return next((at for at, item in enumerate(items) if any(same(item, one) for one in items[:at])), None)


_NUMBER = int | float


def _is_multiple(value: Any, of: Any) -> bool:
    return bool((value / of).is_integer() if isinstance(of, float) else value % of == 0)


def _one_of(allowed: list[Any]) -> Callable[[Any], bool]:
    texts = frozenset(one for one in allowed if isinstance(one, str))
    return lambda value: value in texts if isinstance(value, str) else any(same(value, one) for one in allowed)


def _matches(pattern: str) -> Callable[[Any], bool]:
    search = re.compile(pattern).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _of(kind: type | UnionType, holds: Callable[[Any, Any], bool]) -> Callable[[Any], Callable[[Any], bool]]:
    """Of a value of this kind `holds(value, wanted)`; of others nothing is said."""
    return lambda wanted: lambda value: not isinstance(value, kind) or isinstance(value, bool) or holds(value, wanted)


HOLDING: Mapping[str, Holding] = {
    "x-planned": lambda planned: lambda _value: not planned,
    "enum": _one_of,
    "const": lambda wanted: lambda value: same(value, wanted),
    "pattern": _matches,
    "minLength": _of(str, lambda value, least: len(value) >= least),
    "maxLength": _of(str, lambda value, most: len(value) <= most),
    "minimum": _of(_NUMBER, lambda value, least: value >= least),
    "maximum": _of(_NUMBER, lambda value, most: value <= most),
    "exclusiveMinimum": _of(_NUMBER, lambda value, below: value > below),
    "exclusiveMaximum": _of(_NUMBER, lambda value, above: value < above),
    "multipleOf": _of(_NUMBER, lambda value, of: _is_multiple(value, of)),
    "required": _of(dict, lambda value, keys: all(key in value for key in keys)),
    "minItems": _of(list, lambda value, least: len(value) >= least),
    "maxItems": _of(list, lambda value, most: len(value) <= most),
    "uniqueItems": _of(list, lambda value, on: not on or repeated(value) is None),
    "minProperties": _of(dict, lambda value, least: len(value) >= least),
    "maxProperties": _of(dict, lambda value, most: len(value) <= most),
}
"""What a value has to be, by the keyword and what it wants. Of a value of another kind they say nothing."""
