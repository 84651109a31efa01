"""Texts with `${{ }}` in them. SWML's own `${...}` and `%{...}` pass through untouched."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from engine.expr.as_text import as_text
from engine.model.graph import Expression, ExpressionFailed, Lookup, Tree

OPEN, CLOSE = "${{", "}}"
_BRACE = re.compile(r"""[{}]|'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?""", re.DOTALL)
"""A brace, or a quoted text, in which braces do not count; one that is not closed goes on to the end."""


class Piece(Struct, frozen=True):
    """A part of a text: literal, or the inside of `${{ }}`. `offset` is where `text` begins in the whole.
    `closed` is False when the `}}` is missing."""

    text: str
    offset: int
    expression: bool
    closed: bool = True


def has_template(text: str) -> bool:
    return OPEN in text


def split(text: str) -> Iterator[Piece]:
    at = 0
    while (start := text.find(OPEN, at)) >= 0:
        if start > at:
            yield Piece(text[at:start], at, False)
        end = _close(text, start + 3)
        if end < 0:
            yield Piece(text[start + 3 :], start + 3, True, closed=False)
            return
        yield Piece(text[start + 3 : end], start + 3, True)
        at = end + 2
    if at < len(text):
        yield Piece(text[at:], at, False)


def expressions(text: str) -> Iterator[Piece]:
    """The insides of its `${{ }}`."""
    return (one for one in split(text) if one.expression)


def _close(text: str, at: int) -> int:
    """Where the `}}` stands that is not inside a quoted CEL string or closes a map."""
    depth = 0
    for found in _BRACE.finditer(text, at):
        brace = found.group()
        if brace == "{":
            depth += 1
        elif brace == "}" and depth:
            depth -= 1
        elif brace == "}":
            return found.start() if text.startswith(CLOSE, found.start()) else -1
    return -1


class TextTemplate:
    """Literal texts and expressions in turn; one that is exactly one `${{ }}` keeps its type. `inert`: it stands in SWML, which must not
    take a value for one of its own expressions."""

    __slots__ = ("_inert", "_parts", "names")

    def __init__(self, parts: tuple[str | Expression, ...], *, inert: bool = False) -> None:
        self._parts = parts
        self._inert = inert
        self.names = tuple(name for part in parts if not isinstance(part, str) for name in part.names)

    @property
    def source(self) -> str:
        """As its author has written it, but for blanks within `${{ }}`."""
        return "".join(part if isinstance(part, str) else f"{OPEN} {_one_line(part)} {CLOSE}" for part in self._parts)

    @property
    def type(self) -> str:
        """CEL's name for the type of what it gives."""
        alone = self._parts[0] if len(self._parts) == 1 else ""
        return "string" if isinstance(alone, str) else str(getattr(alone, "type", "dyn"))

    @property
    def parts(self) -> tuple[str | Expression, ...]:
        return self._parts

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return tuple(part for part in self._parts if not isinstance(part, str))

    def render(self, lookup: Lookup) -> Any:
        parts = self._parts
        if len(parts) == 1 and not isinstance(parts[0], str):
            return self._value(parts[0], lookup)
        if self._inert:
            return _apart([one if isinstance(one, str) else as_text(self._value(one, lookup)) for one in parts])
        text = ""
        for part in parts:
            text += part if isinstance(part, str) else as_text(part.evaluate(lookup))
        return text

    def beginning(self, known: Mapping[str, Any]) -> tuple[str, bool]:
        """The text up to the first expression that reads a name which is not `known`; and: is that all of it?"""
        text = ""
        for part in self._parts:
            if not isinstance(part, str) and not known.keys() >= set(part.names):
                return text, False
            text += part if isinstance(part, str) else as_text(part.evaluate(known.__getitem__))
        return text, True

    def _value(self, part: Expression, lookup: Lookup) -> Any:
        value = part.evaluate(lookup)
        return _inert(value) if self._inert else value


def _one_line(expression: Expression) -> str:
    return " ".join(expression.source.split())


def _inert(value: Any) -> Any:
    """SWML has no way to quote its `${...}` and `%{...}`, so a value's are broken up."""
    if isinstance(value, str):
        return value.replace("${", "$ {").replace("%{", "% {")
    if isinstance(value, Mapping):
        return {_inert(key): _inert(one) for key, one in value.items()}
    return [_inert(one) for one in value] if isinstance(value, list | tuple) else value


def _apart(pieces: list[str]) -> str:
    """None of these may begin what the next one ends: `$` of one value and `{` of another."""
    text = ""
    for piece in pieces:
        text += f" {piece}" if text[-1:] in ("$", "%") and piece[:1] == "{" else piece
    return text


def beginning(tree: Tree, known: Mapping[str, Any]) -> tuple[str, bool]:
    """Of a text with or without templates, what `TextTemplate.beginning` says. Nothing, where it has no value."""
    if not isinstance(tree, TextTemplate):
        return str(tree), True
    try:
        return tree.beginning(known)
    except ExpressionFailed:
        return "", False


def render(tree: Tree, lookup: Lookup) -> Any:
    """The tree with every template in it replaced by its value. Raises `ExpressionFailed`."""
    # Loops: a comprehension is a function call, and this stands in the way of every prompt.
    kind = type(tree)
    if kind is dict:
        new = {}
        for key, value in tree.items():
            new[key] = value if type(value) is str or type(value) in _LEAVES else render(value, lookup)
        return new
    if kind is list:
        items = []
        for value in tree:
            items.append(render(value, lookup))
        return items
    return tree.render(lookup) if kind is TextTemplate else tree


_LEAVES = frozenset((str, int, float, bool))
"""Most of what stands in a tree; it stays as it is."""


def written(tree: Tree) -> Tree:
    """The tree with every template in it as its author has written it."""
    if isinstance(tree, Mapping):
        return {key: written(value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [written(value) for value in tree]
    return tree.source if isinstance(tree, TextTemplate) else tree


def names_in(tree: Tree) -> frozenset[str]:
    """The names that the templates in a tree read."""
    if isinstance(tree, dict):
        return frozenset().union(*(names_in(value) for value in tree.values()))
    if isinstance(tree, list):
        return frozenset().union(*(names_in(value) for value in tree))
    return frozenset(tree.names) if isinstance(tree, TextTemplate) else frozenset()
