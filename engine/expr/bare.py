"""An expression that is nothing but a name, as most are: its type is declared, and its value is looked up.

CEL need not be asked, neither to check it nor for its value, as long as that is what was declared. When it is not
(a service's reply may hold 5 where a double stands), CEL decides as for every other expression.
"""

import re
from collections.abc import Callable
from functools import cached_property
from math import isfinite
from typing import Any

from engine.expr.checked import Read
from engine.expr.expression import CelExpression
from engine.model.graph import ExpressionFailed, Lookup

CEL_WORDS = frozenset(
    [
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
        "true",
        "false",
        "null",
    ]
)
"""No name of CEL's, nor a part of one."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+\Z")
_MAX_INT = 2**63
_AS_DECLARED: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: type(value) is str and value.isascii(),  # Others may hold what UTF-8 has no bytes for.
    "int": lambda value: type(value) is int and -_MAX_INT <= value < _MAX_INT,
    "double": lambda value: type(value) is float and isfinite(value),
    "bool": lambda value: type(value) is bool,
}


def is_bare(text: str, kind: str) -> bool:
    """Is the text, a declared name of this type, one that is as good as its value?"""
    return kind in _AS_DECLARED and _NAME.match(text) is not None and CEL_WORDS.isdisjoint(text.split("."))


class BareName:
    """As `CelExpression`, which `by_cel` makes of the same source."""

    def __init__(self, source: str, name: str, kind: str, by_cel: Callable[[], CelExpression]) -> None:
        self.source = source
        self.names = (name,)
        self.type = kind
        self._as_declared = _AS_DECLARED[kind]
        self._make = by_cel

    @property
    def reads(self) -> tuple[Read, ...]:
        return (Read(self.names[0], self.source.rindex("."), "whole"),)

    def evaluate(self, lookup: Lookup) -> Any:
        name = self.names[0]
        try:
            value = lookup(name)
        except KeyError:
            raise ExpressionFailed(f"{name} is not set") from None
        return value if self._as_declared(value) else self._by_cel.evaluate(lookup)

    @cached_property
    def _by_cel(self) -> CelExpression:
        return self._make()
