"""Expressions whose type is plain from their form, as most are: a name, a literal, or a name, an operator and a literal
(`vars.tries + 1`, `steps.a.digits == '1'`).

CEL need not be asked, neither to check them nor for their value, as long as what the name stands for is what was declared and
not too large to be sure of. When it is not (a service's reply may hold 5 where a double stands), CEL decides as for every
other expression.
"""

import operator
import re
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from msgspec import Struct

from engine.expr.checked import How, Read
from engine.expr.expression import CelExpression, LaterExpression
from engine.expr.words import CEL_WORDS
from engine.model.graph import ExpressionFailed, Lookup

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+\Z")
_LITERAL = r"""(?: (?P<number> \d{1,9}) | '(?P<one>[ !#-&(-\[\]-~]*)' | "(?P<two>[ !#-&(-\[\]-~]*)" )"""
_FORM = re.compile(
    rf"""[ \t\r\n]* (?: (?P<truth> true | false)
    | (?: (?P<name> [A-Za-z_][A-Za-z0-9_.]*) [ \t\r\n]* (?P<sign> [=!<>]=|[<>+-]) [ \t\r\n]* )? {_LITERAL} ) [ \t\r\n]* \Z""",
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
_COUNTED = ("+", "-")
_SURE = 2**62
"""Nothing that is added here to a number of this size leaves CEL's 64 bits."""
_MAX_INT = 2**63
_AS_DECLARED: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: type(value) is str and value.isascii(),  # Others may hold what UTF-8 has no bytes for.
    "int": lambda value: type(value) is int and -_MAX_INT <= value < _MAX_INT,
    "double": lambda value: type(value) is float and isfinite(value),
    "bool": lambda value: type(value) is bool,
}


class Form(Struct, frozen=True):
    """`name` is empty for a literal. `compute` gives the value, given the name's; None: CEL is to be asked."""

    name: str
    type: str
    how: How
    compute: Callable[[Any], Any]


class PlainExpression(LaterExpression):
    """One that CEL may never be asked for."""

    def __init__(self, source: str, form: Form, by_cel: Callable[[], CelExpression]) -> None:
        super().__init__(source, form.type, (form.name,) if form.name else (), by_cel)
        self._how = form.how
        self._compute = form.compute

    @property
    def reads(self) -> tuple[Read, ...]:
        return tuple(Read(one, self.source.index(one) + one.rindex("."), self._how) for one in self.names)

    def evaluate(self, lookup: Lookup) -> Any:
        found = None
        for name in self.names:
            try:
                found = lookup(name)
            except KeyError:
                raise ExpressionFailed(f"{name} is not set") from None
        value = self._compute(found)
        return value if value is not None else super().evaluate(lookup)


def form(source: str, declared: Mapping[str, str]) -> Form | None:
    """None: the expression is of another form."""
    name = source.strip()
    if name in declared:
        return _bare(name, declared[name])
    found = _FORM.match(source)
    if found is None:
        return None
    if found["truth"] is not None:
        return _always(found["truth"] == "true", "bool")
    text = found["one"] if found["one"] is not None else found["two"]
    name, sign = found["name"], found["sign"]
    if name is None:
        return _always(text, "string") if text is not None else _always(int(found["number"]), "int")
    kind = declared.get(name)
    if not CEL_WORDS.isdisjoint(name.split(".")):
        return None
    if kind == "int" and text is None:
        return _of_int(name, sign, int(found["number"]))
    return _of_text(name, sign, text) if kind == "string" and text is not None and sign in _COMPARED else None


def _bare(name: str, kind: str) -> Form | None:
    fits = _AS_DECLARED.get(kind)
    if fits is None or _NAME.match(name) is None or not CEL_WORDS.isdisjoint(name.split(".")):
        return None
    return Form(name, kind, "whole", lambda value: value if fits(value) else None)


def _always(value: Any, kind: str) -> Form:
    return Form("", kind, "other", lambda _: value)


def _of_int(name: str, sign: str, other: int) -> Form:
    compute = _COMPUTED[sign]

    def computed(value: Any) -> Any:
        return compute(value, other) if type(value) is int and -_SURE < value < _SURE else None

    return Form(name, "int" if sign in _COUNTED else "bool", "compared" if sign in _COMPARED else "other", computed)


def _of_text(name: str, sign: str, other: str) -> Form:
    compare = _COMPARED[sign]
    # Texts beyond ASCII may hold what UTF-8 has no bytes for, which is an error of its own.
    return Form(
        name,
        "bool",
        "compared",
        lambda value: compare(value, other) if type(value) is str and value.isascii() else None,
    )
