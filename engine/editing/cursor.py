"""Where a place in a YAML text stands, from the text before it: the path, and whether a key or a value is written there.

The document need not be YAML: lines are read one by one, by their indentation, and a bracket or a quote that is not closed
is just open. Reading begins at the step (or section) in which the place lies.
"""

import re

from msgspec import Struct

from engine.compile.located import Path
from engine.editing.brackets import Brackets
from engine.editing.lines import (
    BLOCK,
    COMMENT,
    DASH,
    KEY,
    forgotten,
    indent,
    keys_beside,
    line_end,
    quote_end,
    section_at,
    word_start,
)

_WORD = re.compile(r"[\w.-]*")


class Cursor(Struct, frozen=True, kw_only=True):
    """`path` is that of the value, or for a key that of its mapping. `item`: a new entry of a list, which may be a value or
    begin a mapping. From `start` to `end` stands the word that is written, which may be empty; the value begins at
    `value`. `flow`: within `{}` or `[]`. `keys` are those that the mapping has already."""

    path: Path
    role: str
    start: int
    end: int
    value: int
    indent: int = 0
    flow: bool = False
    keys: frozenset[str] = frozenset()

    @property
    def is_key(self) -> bool:
        return self.role in ("key", "item")

    @property
    def is_value(self) -> bool:
        return self.role in ("value", "item")


class _Level(Struct):
    """A key or the number of an entry, and the column where it stands."""

    column: int
    part: str | int


def cursor_at(text: str, offset: int) -> Cursor:
    """At the end of the word in which the place lies."""
    offset = min(max(offset, 0), len(text))
    word = _WORD.match(text, offset)
    return _Reading(text, word.end() if word else offset).cursor()


class _Reading:
    """Each method gives the cursor if the place lies in what it reads; else `next` is where to go on."""

    def __init__(self, text: str, stop: int) -> None:
        self.text = text
        self.stop = stop
        self.levels: list[_Level] = []
        self.next = 0

    def cursor(self) -> Cursor:
        at, is_step = section_at(self.text, self.stop)
        self.levels = [_Level(0, "steps")] if is_step else []
        while (found := self._line(at)) is None:
            if self.stop <= line_end(self.text, at):
                line = self.text.rfind("\n", 0, self.stop) + 1
                return self._here(self.stop, "key", self.stop - line)
            at = self.next
        return found

    def _line(self, at: int) -> Cursor | None:
        text, end = self.text, line_end(self.text, at)
        self.next = end + 1
        here = at + indent(text, at, end)
        if text.startswith("#", here):
            return self._here(self.stop, "comment", 0) if here < self.stop <= end else None
        if not text[here:end].strip():
            return None
        role = "key"
        while here < min(self.stop, end) and (dash := DASH.match(text, here)):
            self._dash(here - at)
            here, role = min(dash.end(), end), "item"
        key = KEY.match(text, here, end + 1)
        if key is None:
            return self._value(here, role, here - at) if here <= self.stop else None
        self._pop(here - at)
        if self.stop < key.end():
            return self._here(here, "key", here - at)
        self.levels.append(_Level(here - at, key[1].strip("\"'")))
        return self._value(min(key.end() + indent(text, key.end(), end), self.stop), "value", here - at)

    def _value(self, here: int, role: str, column: int) -> Cursor | None:
        """From where a value may begin to its end."""
        end = line_end(self.text, here)
        if here < self.stop:
            first = self.text[here]
            if first in "{[":
                return self._brackets(here)
            if first in "'\"":
                return self._quoted(here)
            if BLOCK.match(self.text, here):
                return self._block(here, end)
        if self.stop > end:
            return None
        is_comment = COMMENT.search(self.text[here : self.stop])
        return self._here(here, "comment" if is_comment else role, column)

    def _quoted(self, here: int) -> Cursor | None:
        close = min(quote_end(self.text, here), self._forgotten(here))
        self.next = line_end(self.text, close) + 1
        return self._here(here, "value", 0) if self.stop < self.next else None

    def _block(self, here: int, end: int) -> Cursor | None:
        """The lines of a block are deeper than the key that it belongs to."""
        column = self.levels[-1].column if self.levels else -1
        if self.stop <= end:
            return self._here(here, "value", 0)
        at = end + 1
        while at <= len(self.text):
            until = line_end(self.text, at)
            if self.text[at:until].strip() and indent(self.text, at, until) <= column:
                break
            if at <= self.stop <= until:
                self.next = at
                return self._here(end + 1, "value", 0) if self.stop - at > column else None
            at = until + 1
        self.next = at
        return None

    def _brackets(self, here: int) -> Cursor | None:
        found = Brackets(self.text, here, self.stop, self._forgotten(here))
        if found.end is None:
            path = (*(level.part for level in self.levels), *found.path)
            return self._cursor(path, found.role, found.value, flow=True, keys=found.keys)
        self.next = line_end(self.text, found.end) + 1
        return self._here(self.stop, "none", 0) if self.stop < self.next else None

    def _forgotten(self, at: int) -> int:
        return forgotten(self.text, at, self.stop, self.levels[-1].column if self.levels else -1)

    def _dash(self, column: int) -> None:
        """Another entry of the list in this column, or the first of a new one."""
        self._pop(column + 1)
        top = self.levels[-1] if self.levels else None
        before = self.levels.pop().part if top and top.column == column and isinstance(top.part, int) else -1
        self.levels.append(_Level(column, int(before) + 1))

    def _pop(self, column: int) -> None:
        while self.levels and self.levels[-1].column >= column:
            self.levels.pop()

    def _here(self, value: int, role: str, column: int) -> Cursor:
        if role == "key":
            self._pop(column)
        keys = keys_beside(self.text, self.stop, column) if role in ("key", "item") else frozenset[str]()
        return self._cursor(tuple(level.part for level in self.levels), role, value, column=column, keys=keys)

    def _cursor(
        self, path: Path, role: str, value: int, *, keys: frozenset[str], column: int = 0, flow: bool = False
    ) -> Cursor:
        start = word_start(self.text, self.stop)
        return Cursor(
            path=path,
            role=role,
            start=start,
            end=self.stop,
            value=min(value, self.stop),
            indent=column,
            flow=flow,
            keys=keys,
        )
