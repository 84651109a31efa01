"""A document as located nodes: every key and every value knows where it stands."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from engine.model.diagnostics import Span

Path = tuple[str | int, ...]


class Scalar(Struct, frozen=True, kw_only=True):
    """`value` is what YAML 1.2 reads (text, int, float, bool or None), `text` the characters of it
    without quotes; `start` and `end` are character offsets into the source."""

    value: Any
    text: str
    start: int
    end: int
    plain: bool = True
    block: bool = False


class Mapping(Struct, frozen=True, kw_only=True):
    entries: tuple[tuple[Scalar, "Node"], ...]
    start: int
    end: int

    def get(self, key: str) -> "Node | None":
        return next((value for name, value in self.entries if name.text == key), None)

    def key(self, key: str) -> Scalar | None:
        return next((name for name, _ in self.entries if name.text == key), None)


class Sequence(Struct, frozen=True, kw_only=True):
    items: tuple["Node", ...]
    start: int
    end: int


Node = Scalar | Mapping | Sequence


class Source:
    """A file's name and text, and the way from offsets to lines and columns."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self._starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]

    def span(self, start: int, end: int) -> Span:
        line, column = self._place(start)
        end_line, end_column = self._place(max(end, start + 1))
        return Span(line, column, end_line, end_column)

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def child(node: Node, part: str | int) -> Node | None:
    if isinstance(node, Mapping) and isinstance(part, str):
        return node.get(part)
    if isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
        return node.items[part]
    return None


def at(node: Node, path: Path) -> Node:
    """The node at the path, or the deepest that there is on the way."""
    for part in path:
        found = child(node, part)
        if found is None:
            return node
        node = found
    return node


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Scalar]]:
    """Every scalar value with its path."""
    if isinstance(node, Scalar):
        yield path, node
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            yield from walk(value, (*path, key.text))
    else:
        for index, item in enumerate(node.items):
            yield from walk(item, (*path, index))


def source_offset(source: Source, scalar: Scalar, offset: int) -> int:
    """Where in the file the character `offset` of the scalar's text stands.

    Works for every style: characters other than white space stand in the source in the same order,
    but for escapes of quoted texts, which are stepped over.
    """
    raw = source.text[scalar.start : scalar.end]
    at_source = _content_start(raw)
    quote = raw[:1] if raw[:1] in "'\"" else ""
    for char in scalar.text[:offset]:
        at_source = _after(raw, at_source, char, quote)
    while at_source < len(raw) and offset < len(scalar.text) and _skippable(raw, at_source, scalar, offset):
        at_source += 1
    return scalar.start + min(at_source, max(len(raw) - 1, 0))


def _content_start(raw: str) -> int:
    if raw[:1] in ("|", ">"):
        return raw.find("\n") + 1
    return 1 if raw[:1] in ("'", '"') else 0


def _skippable(raw: str, at_source: int, scalar: Scalar, offset: int) -> bool:
    return raw[at_source].isspace() and not scalar.text[offset].isspace()


def _after(raw: str, at_source: int, char: str, quote: str) -> int:
    if char.isspace():
        if at_source < len(raw) and raw[at_source] == char:
            return at_source + 1
        return at_source
    while at_source < len(raw) and raw[at_source].isspace():
        at_source += 1
    if quote == '"' and raw[at_source : at_source + 1] == "\\":
        return at_source + _escape_length(raw, at_source)
    if quote == "'" and raw[at_source : at_source + 2] == "''":
        return at_source + 2
    return at_source + 1


def _escape_length(raw: str, at_source: int) -> int:
    return {"x": 4, "u": 6, "U": 10}.get(raw[at_source + 1 : at_source + 2], 2)
