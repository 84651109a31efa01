"""Expressions of a name, an operator and a literal, as most conditions and counters are: `vars.tries + 1`, `steps.a.digits == '1'`.

CEL has checked them, and decides whenever the value is not what was declared, or too large to be sure of; for all others the
answer is known without it, at a tenth of the cost.
"""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

_FORM = re.compile(
    r"""\s* (?P<name> [A-Za-z_][A-Za-z0-9_.]*) \s* (?P<sign> [=!<>]=|[<>+-]) \s*
    (?: (?P<number> \d{1,9}) | '(?P<one>[ !#-&(-\[\]-~]*)' | "(?P<two>[ !#-&(-\[\]-~]*)" ) \s* \Z""",
    re.VERBOSE | re.ASCII,
)
_COMPARED: dict[str, Callable[[Any, Any], Any]] = {"==": operator.eq, "!=": operator.ne}
_COMPUTED: dict[str, Callable[[Any, Any], Any]] = {
    **_COMPARED,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
}
_SURE = 2**62
"""Nothing that is added here to a number of this size leaves CEL's 64 bits."""

Plain = Callable[[Any], Any]
"""The expression's value, given the name's; None: CEL is to be asked."""


def plain(source: str, declared: Mapping[str, str]) -> Plain | None:
    """None: the expression is of another form."""
    found = _FORM.match(source)
    if found is None:
        return None
    kind = declared.get(found["name"])
    if kind == "int" and found["number"] is not None:
        return _of_int(_COMPUTED[found["sign"]], int(found["number"]))
    text = found["one"] if found["one"] is not None else found["two"]
    if kind == "string" and text is not None and found["sign"] in _COMPARED:
        return _of_text(_COMPARED[found["sign"]], text)
    return None


def _of_int(compute: Callable[[Any, Any], Any], other: int) -> Plain:
    return lambda value: compute(value, other) if type(value) is int and -_SURE < value < _SURE else None


def _of_text(compare: Callable[[Any, Any], Any], other: str) -> Plain:
    # Texts beyond ASCII may hold what UTF-8 has no bytes for, which is an error of its own.
    return lambda value: compare(value, other) if type(value) is str and value.isascii() else None
