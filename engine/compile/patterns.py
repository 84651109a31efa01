"""Regular expressions of authors: whether they compile, and whether they can take for ever.

Python's `re` tries one way after another. When the same characters can be shared out in many ways
between an inner and an outer repetition, as in `([0-9]+)+`, that is more ways than there is time.
Such a pattern is refused, unless something that the inner one cannot match separates its turns.
"""

import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

Said = tuple[int, int, str, str]
"""Offset, length, message, help."""

MAX_LENGTH = 1_000
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
_MANY = 10
"""So few turns cannot take long."""


@lru_cache(maxsize=256)
def mistake(pattern: str) -> Said | None:
    if len(pattern) > MAX_LENGTH:
        return 0, len(pattern), f"The regular expression is longer than {MAX_LENGTH} characters.", ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _parser.parse(pattern)
            re.compile(pattern)
    except re.error as error:
        at = min(error.pos or 0, max(len(pattern) - 1, 0))
        return at, 1, f"This regular expression does not compile: {error.msg}.", ""
    except (OverflowError, RecursionError):
        return 0, len(pattern), "This regular expression is too large.", ""
    if any(_explodes(body) for body in _repeated(parsed)):
        return 0, len(pattern), "This regular expression can take for ever: it repeats what is repeated.", _ADVICE
    return None


@lru_cache(maxsize=256)
def least(pattern: str) -> int:
    """How many characters a text has at least that the pattern fits; 0 where it does not compile."""
    if mistake(pattern) is not None:
        return 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return int(_parser.parse(pattern).getwidth()[0])


_ADVICE = "Write one repetition: [0-9]+ instead of ([0-9]+)+."


def _repeated(parsed: Any) -> list[Any]:
    """The bodies of all repetitions with many turns."""
    found = []
    for operator, argument in parsed:
        if operator in _REPEATS and argument[1] >= _MANY:
            found.append(argument[2])
        found.extend(body for one in _inside(argument) for body in _repeated(one))
    return found


def _inside(argument: Any) -> list[Any]:
    """The patterns in an operator's argument."""
    if isinstance(argument, _parser.SubPattern):
        return [argument]
    if isinstance(argument, list | tuple):
        return [one for part in argument for one in _inside(part)]
    return []


def _explodes(body: Any) -> bool:
    items = _in_line(body)
    inner = [item for item in items if _varies(item)]
    if inner:
        taken = frozenset().union(*map(_characters, inner))
        return not any(_characters(item) and not _characters(item) & taken for item in items if not _varies(item))
    return any(operator is _constants.BRANCH and _overlaps(argument[1]) for operator, argument in items)


def _in_line(body: Any) -> list[Any]:
    """The items of a pattern, those of its groups in their place."""
    found: list[Any] = []
    for operator, argument in body:
        found.extend(_in_line(argument[-1]) if operator is _constants.SUBPATTERN else [(operator, argument)])
    return found


def _varies(item: Any) -> bool:
    operator, argument = item
    return operator in _REPEATS and bool(argument[0] != argument[1] or any(map(_varies, _in_line(argument[2]))))


_OTHERS = 128
_ALL = frozenset(range(_OTHERS + 1))
"""The characters of ASCII, and one for all others together."""


def _characters(item: Any) -> frozenset[int]:
    """The characters that may stand where the item matches; none for a mere place such as `^`."""
    operator, argument = item
    if operator is _constants.LITERAL:
        return _either_case(argument)
    if operator is _constants.NOT_LITERAL:
        return _ALL - {argument} | {_OTHERS}
    if operator is _constants.IN:
        members = [one for one in argument if one[0] is not _constants.NEGATE]
        if len(members) < len(argument):
            return _ALL.difference(*(_member(one, _just) for one in members)) | {_OTHERS}
        return frozenset().union(*(_member(one, _either_case) for one in members))
    if operator is _constants.AT:
        return frozenset()
    if operator in _REPEATS:
        return frozenset().union(*map(_characters, _in_line(argument[2])))
    return _ALL


def _member(member: tuple[Any, Any], read: Callable[[int], frozenset[int]]) -> frozenset[int]:
    kind, what = member
    if kind is _constants.LITERAL:
        return read(what)
    if kind is _constants.RANGE:
        inside = range(what[0], min(what[1], _OTHERS) + 1)
        return frozenset().union(*map(read, inside)) or frozenset([_OTHERS])
    return _CATEGORIES.get(what, _ALL)


def _just(code: int) -> frozenset[int]:
    return frozenset([min(code, _OTHERS)])


def _either_case(code: int) -> frozenset[int]:
    return frozenset(min(one, _OTHERS) for one in _cases(code))


def _cases(code: int) -> frozenset[int]:
    """A character and its other cases: a pattern may be one that ignores case."""
    one = chr(code)
    found = {code, *map(ord, one.lower()[:1] + one.upper()[:1])}
    return frozenset(found.union(*(odd for odd in _ODD_CASES if odd & found)))


_ODD_CASES = ({*map(ord, "iI\u0130\u0131")}, {*map(ord, "kK\u212a")}, {*map(ord, "sS\u017f")})
"""Letters of ASCII with cases beyond it."""

_CATEGORIES = {
    _constants.CATEGORY_DIGIT: frozenset([*map(ord, "0123456789"), _OTHERS]),
    _constants.CATEGORY_SPACE: frozenset([*map(ord, " \t\n\r\f\v"), _OTHERS]),
}


def _overlaps(branches: list[Any]) -> bool:
    """May two branches begin alike, in any case? Then one text can be read in several ways."""
    firsts = [branch[0] if len(branch) else None for branch in branches]
    literals = [_cases(first[1]) for first in firsts if first is not None and first[0] is _constants.LITERAL]
    return len(literals) < len(branches) or len(frozenset().union(*literals)) < sum(map(len, literals))
