"""The names that an expression reads, found without CEL: what is half written counts as well."""

import re
from collections.abc import Iterator

from engine.expr import expressions

_QUOTED = re.compile(r"(?<!\\)'(?:\\.|[^'\\])*+'|(?<!\\)\"(?:\\.|[^\"\\])*+\"|//[^\n]*")
_NAME = re.compile(r"(?<![\w.])(steps|vars|inputs|uses|signal)\s*\.\s*([A-Za-z_]\w*)")
_KINDS = {"steps": "step", "vars": "variable", "inputs": "input", "uses": "use", "signal": "field"}


def in_text(text: str, *, whole: bool) -> Iterator[tuple[str, str, int]]:
    """Kind, name and offset of each name in the expressions of a text, or in the `whole` text, which is one."""
    if whole:
        yield from _in_expression(text, 0)
        return
    for piece in expressions(text):
        yield from _in_expression(piece.text, piece.offset)


def _in_expression(text: str, offset: int) -> Iterator[tuple[str, str, int]]:
    bare = _QUOTED.sub(lambda found: " " * len(found.group()), text)
    for found in _NAME.finditer(bare):
        yield _KINDS[found[1]], found[2], offset + found.start(2)
