"""What a plain scalar means: YAML 1.2's core rules, and two of a telephone's.

`no`, `on`, `yes`, `0123` and `1:30` are text. So is `+15550100`: in YAML it would be a number
without its plus. A number that nobody could count with (past 64 bits, or past every float) stays a text as well.
"""

import re
from math import isfinite
from typing import Any

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NUMERIC = frozenset("+-.0123456789")
_MAX_INT = 2**63 - 1
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_TELEPHONE = re.compile(r"\+[0-9]{7,15}\Z")
_WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


def resolve(text: str) -> Any:
    """The value of a plain (unquoted) scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC:
        return text
    if _TELEPHONE.match(text) or (_LEADING_ZERO.match(text) and "." not in text):
        return text
    if _INT.match(text):
        return int(text) if len(text) <= 20 and abs(int(text)) <= _MAX_INT else text
    if _FLOAT.match(text):
        return float(text) if isfinite(float(text)) else text
    return text
