"""Expressions whose values must be spelled differently from how they are read elsewhere."""

from collections.abc import Callable
from typing import Any

from engine.expr.as_text import as_text
from engine.model.graph import Expression, Lookup


class Spelled:
    """An `Expression` whose value is a text, as `spell` writes it."""

    __slots__ = ("_expression", "_spell", "names", "source", "type")

    def __init__(self, expression: Expression, spell: Callable[[str], str]) -> None:
        self._expression = expression
        self._spell = spell
        self.names = expression.names
        self.source = expression.source
        self.type = "string"

    def evaluate(self, lookup: Lookup) -> Any:
        return self._spell(as_text(self._expression.evaluate(lookup)))
