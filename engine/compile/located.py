"""A document as located nodes: every key and every value knows where it stands."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from msgspec import Struct

from engine.model.diagnostics import Span

Path = tuple[str | int, ...]


class Scalar(Struct, frozen=True, kw_only=True, gc=False):
    """`value` is what YAML 1.2 reads (text, int, float, bool or None), `text` the characters of it
    without quotes; `start` and `end` are character offsets into the source."""

    value: Any
    text: str
    start: int
    end: int
    plain: bool = True
    block: bool = False


class Mapping:
    """Entries in the order of the file; their keys are texts and unique."""

    __slots__ = ("_keys", "end", "entries", "get", "start")

    get: Callable[[str], "Node | None"]
    """The value of the key: of a dict, since it is asked often."""

    def __init__(self, *, entries: tuple[tuple[Scalar, "Node"], ...], start: int, end: int) -> None:
        self.entries = entries
        self.start = start
        self.end = end
        self.get = {key.text: value for key, value in entries}.get
        self._keys: dict[str, Scalar] | None = None

    def key(self, key: str) -> Scalar | None:
        if self._keys is None:
            self._keys = {one.text: one for one, _ in self.entries}
        return self._keys.get(key)


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

    @cached_property
    def _starts(self) -> list[int]:
        """Of lines. Not looked for where nothing is to be said."""
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def span(self, start: int, end: int) -> Span:
        line, column = self._place(start)
        end = max(end, start + 1)
        if line < len(self._starts) and end < self._starts[line]:  # as nearly all do
            return Span(line, column, line, column + end - start)
        return Span(line, column, *self._place(end))

    def line_after(self, offset: int) -> str:
        """The rest of the line, without blanks around it."""
        end = self.text.find("\n", offset)
        return self.text[offset : end if end >= 0 else len(self.text)].strip()

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def dotted(path: Path) -> str:
    """As a diagnostic names it: `steps.menu.ask.choices.hours`."""
    return ".".join(str(part) for part in path)


def child(node: Node, part: str | int) -> Node | None:
    if isinstance(node, Mapping) and isinstance(part, str):
        return node.get(part)
    if isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
        return node.items[part]
    return None


def entries(node: Node | None, *keys: str) -> tuple[tuple[Scalar, Node], ...]:
    """Those of the mapping under these keys, each below the one before; none where no mapping stands."""
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node.entries if isinstance(node, Mapping) else ()


def at(node: Node, path: Path) -> Node:
    """The node at the path, or the deepest that there is on the way."""
    for part in path:
        found = child(node, part)
        if found is None:
            return node
        node = found
    return node


def scalars(node: Node) -> Iterator[Scalar]:
    """Every scalar value, in no order."""
    todo = [node]
    while todo:
        one = todo.pop()
        if isinstance(one, Scalar):
            yield one
        else:
            todo += one.items if isinstance(one, Sequence) else [value for _, value in one.entries]


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Scalar]]:
    """Every scalar value with its path, in the order of the file."""
    ahead = [(path, node)]
    while ahead:
        path, node = ahead.pop()
        if isinstance(node, Scalar):
            yield path, node
        elif isinstance(node, Mapping):
            ahead += [((*path, key.text), value) for key, value in reversed(node.entries)]
        else:
            ahead += [((*path, index), node.items[index]) for index in reversed(range(len(node.items)))]
