"""JavaScript's ideas of truth, equality, numbers and text, as far as conditions of SWML need them.

`None` stands for undefined and for null alike.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

Number = int | float


def truthy(value: Any) -> bool:
    """Empty objects and lists are true, unlike Python's."""
    return isinstance(value, dict | list) or bool(value)


def number(value: Any) -> Number:
    """NaN where it is none; an empty text is 0."""
    if isinstance(value, str):
        return _read(value.strip() or "0")
    if isinstance(value, bool | int | float):
        return value if isinstance(value, float) else int(value)
    return math.nan


def text(value: Any) -> str:
    """As a placeholder puts it into a text: nothing for undefined, JSON for objects and lists."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case dict() | list():
            return msgspec.json.encode(value).decode()
        case _:
            return str(value)


def equal(one: Any, other: Any) -> bool:
    """`==`: numbers and texts are compared as numbers."""
    if isinstance(one, str) == isinstance(other, str) or one is None or other is None:
        return bool(one == other)
    return number(one) == number(other)


def same(one: Any, other: Any) -> bool:
    """`===`: of one type too."""
    return _type(one) == _type(other) and bool(one == other)


def less(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one < other
    return number(one) < number(other)


def rounded(value: Number) -> Number:
    """Numbers of JavaScript are exact up to 2^53 only."""
    return float(value) if isinstance(value, int) and abs(value) > 2**53 else value


def plus(one: Any, other: Any) -> Any:
    if isinstance(one, str) or isinstance(other, str):
        return text(one) + text(other)
    return rounded(number(one) + number(other))


def over(one: Any, other: Any) -> Number:
    divisor = number(other)
    return number(one) / divisor if divisor else math.nan


def member(value: Any, name: Any) -> Any:
    """What `value.name` or `value[name]` is; undefined where there is no such thing."""
    if isinstance(value, dict):
        return value.get(text(name))
    if isinstance(value, str | list) and name == "length":
        return len(value)
    index = number(name)
    if isinstance(value, list) and index == index and 0 <= index < len(value):
        return value[int(index)]
    return None


def _type(value: Any) -> str:
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def _read(digits: str) -> Number:
    try:
        return rounded(int(digits))
    except ValueError:
        pass
    try:
        return float(digits)
    except ValueError:
        return math.nan


def _leading(value: Any) -> Number:
    """parseInt: the digits at the beginning."""
    digits = text(value).strip()
    sign = digits[:1] if digits[:1] in ("-", "+") else ""
    count = next((at for at, each in enumerate(digits[len(sign) :]) if not each.isascii() or not each.isdigit()), None)
    found = digits[len(sign) :][:count]
    return _read(sign + found) if found else math.nan


def _part(value: Any, first: Any = 0, last: Any = None) -> str:
    whole = text(value)
    return whole[int(number(first)) : len(whole) if last is None else int(number(last))]


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "parseInt": lambda value, base=10: _leading(value),
    "parseFloat": number,
    "Number": number,
    "String": text,
}
METHODS: Mapping[str, Callable[..., Any]] = {
    "toLowerCase": lambda value: text(value).lower(),
    "toUpperCase": lambda value: text(value).upper(),
    "trim": lambda value: text(value).strip(),
    "toString": text,
    "toFixed": lambda value, places=0: f"{number(value):.{min(20, max(0, int(places)))}f}",
    "substring": _part,
    "slice": _part,
    "startsWith": lambda value, beginning: text(value).startswith(text(beginning)),
    "endsWith": lambda value, end: text(value).endswith(text(end)),
    "includes": lambda value, part: part in value if isinstance(value, list) else text(part) in text(value),
}
