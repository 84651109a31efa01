"""Texts that fit a regular expression, made from what it is made of: of each part a few, the plainest first.

What stands around a place (`(?=...)`, `\\b`) and what refers back are not made for: whoever takes the texts looks whether they fit.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

KEYS = "7391024568*#"
"""What can be pressed, as entries are made of it."""
LETTERS = "aeionrstbcdfghjklmpquvwxyz 7391024568ABCDEFGHIJKLMNOPQRSTUVWXYZ-'.,:+_/@"
_MOST = 200
_OF_A_CLASS = 3
_OF_A_COUNT = 40
_MORE = 12
"""So often more than has to be is something repeated."""
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)


@lru_cache(maxsize=256)
def fitting(pattern: str, signs: str, longest: int, *, any_case: bool = False) -> tuple[str, ...]:
    """Texts of at most `longest` of these signs in which the pattern is found, as a call looks for it."""
    found = dict.fromkeys(one for one in _texts(_parser.parse(pattern), signs, longest) if set(one) <= set(signs))
    flags = re.IGNORECASE if any_case else 0
    return tuple(one for one in found if one and re.search(pattern, one, flags))


def _texts(parsed: Any, signs: str, longest: int) -> list[str]:
    """Of what stands one after the other."""
    found = [""]
    for operator, argument in parsed:
        each = _of(operator, argument, signs, longest)
        found = _joined(found, each, longest)
    return found


def _joined(firsts: Iterable[str], seconds: list[str], longest: int) -> list[str]:
    both = (first + second for first in firsts for second in seconds)
    found: dict[str, None] = {}
    for one in both:
        if len(one) <= longest:
            found[one] = None
        if len(found) == _MOST:
            break
    return list(found)


def _of(operator: Any, argument: Any, signs: str, longest: int) -> list[str]:
    if operator in _REPEATS:
        least, most, body = argument
        return _repeated(_texts(body, signs, longest), least, most, longest)
    match operator:
        case _constants.LITERAL:
            return [chr(argument)]
        case _constants.BRANCH:
            return [text for one in argument[1] for text in _texts(one, signs, longest)]
        case _constants.SUBPATTERN:
            return _texts(argument[-1], signs, longest)
        case _constants.ATOMIC_GROUP:
            return _texts(argument, signs, longest)
        case _constants.ANY | _constants.NOT_LITERAL | _constants.IN:
            return [one for one in signs if _is_in(operator, argument, one)][:_OF_A_CLASS]
    return [""]


def _repeated(body: list[str], least: int, most: int, longest: int) -> list[str]:
    """At least once where it may be there, then as often as has to be, then more often."""
    by_count: dict[int, list[str]] = {}
    texts = [""]
    for count in range(min(most, least + _MORE) + 1):
        if count >= least:
            by_count[count] = texts[:_OF_A_COUNT]
        texts = _joined(texts, body, longest)
    first = by_count.get(max(least, 1), [])
    return list(dict.fromkeys((*first, *(text for each in by_count.values() for text in each))))


def _is_in(operator: Any, argument: Any, sign: str) -> bool:
    if operator is _constants.ANY:
        return True
    if operator is _constants.NOT_LITERAL:
        return bool(ord(sign) != argument)
    negated = bool(argument) and argument[0][0] is _constants.NEGATE
    return any(_is_of(kind, value, sign) for kind, value in argument) != negated


def _is_of(kind: Any, value: Any, sign: str) -> bool:
    match kind:
        case _constants.LITERAL:
            return bool(ord(sign) == value)
        case _constants.RANGE:
            return bool(value[0] <= ord(sign) <= value[1])
        case _constants.CATEGORY:
            return re.fullmatch(_CATEGORIES.get(value, "(?!)"), sign) is not None
    return False


_CATEGORIES = {
    _constants.CATEGORY_DIGIT: r"\d",
    _constants.CATEGORY_NOT_DIGIT: r"\D",
    _constants.CATEGORY_SPACE: r"\s",
    _constants.CATEGORY_NOT_SPACE: r"\S",
    _constants.CATEGORY_WORD: r"\w",
    _constants.CATEGORY_NOT_WORD: r"\W",
}
