"""Where a place in a YAML text stands, from the text before it: the path, and whether a key or a value is written there.

The document need not be YAML: lines are read one by one, by their indentation, and a bracket or a quote that is not closed
is just open. Reading begins at the step (or section) in which the place lies.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from engine.compile.located import Path

_KEY = re.compile(r"""("[^"\n]*"|'[^'\n]*'|[\w.+-]+)[ ]*:(?=[ \t\r\n]|$)""")
_DASH = re.compile(r"-(?:[ \t]+|(?=\r?$|\n))")
_BLOCK = re.compile(r"[|>][0-9+-]*[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_WORD = re.compile(r"[\w.-]*")
_KEYED = re.compile(rf"\n( *)(?:- +)?{_KEY.pattern}")
_SECTION = re.compile(r"^(?=[^\s#\-\]}])", re.MULTILINE)


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


class _Open(Struct):
    """A bracket that is open: the keys so far, or the number of the entry; `key` is the one whose value is written."""

    kind: str
    start: int
    keys: list[str]
    index: int = 0
    key: str | None = None


def cursor_at(text: str, offset: int) -> Cursor:
    """At the end of the word in which the place lies."""
    offset = min(max(offset, 0), len(text))
    word = _WORD.match(text, offset)
    return _Reading(text, word.end() if word else offset).cursor()


class _Reading:
    def __init__(self, text: str, stop: int) -> None:
        self.text = text
        self.stop = stop
        self.levels: list[_Level] = []

    def cursor(self) -> Cursor:
        at = self._begin()
        while True:
            end = _line_end(self.text, at)
            if self.stop <= end:
                return self._line(at, end) or self._here(self.stop, "key", self._column(self.stop))
            found = self._line(at, end)
            if found is not None:
                return found
            at = self.next

    def _begin(self) -> int:
        """The section, or the entry of a section, that the place is in."""
        start = 0
        for found in _SECTION.finditer(self.text, 0, self.stop + 1):
            if found.start() <= self.stop:
                start = found.start()
        if not self.text.startswith("steps:", start):
            return start
        first = re.compile(r"\n( +)[^\s#]").search(self.text, start)
        if first is None or first.start() >= self.stop:
            return start
        entries = re.compile(rf"^ {{{len(first[1])}}}(?=[\w\"'])", re.MULTILINE)
        found_at = [one.start() for one in entries.finditer(self.text, start, self.stop)]
        if found_at:
            self.levels = [_Level(0, "steps")]
        return found_at[-1] if found_at else start

    def _line(self, at: int, end: int) -> Cursor | None:
        """Reads the line, and the value that begins in it. The cursor if the place lies within; else `next` is where to go on."""
        self.next = end + 1
        text, stop = self.text, min(self.stop, end)
        here = at + len(text[at:end]) - len(text[at:end].lstrip(" "))
        if text[here:end].strip() == "" or text.startswith("#", here):
            return (
                self._here(self.stop, "comment", 0)
                if here < self.stop <= end and text[here : here + 1] == "#"
                else None
            )
        role = "key"
        while here < stop and (dash := _DASH.match(text, here)):
            self._dash(here - at)
            here, role = min(dash.end(), end), "item"
        key = _KEY.match(text, here)
        if key is None or key.end() > end:
            return self._value(here, at, role) if here <= self.stop else None
        if self.stop < key.end():
            self._pop(here - at)
            return self._here(here, "key", here - at, word=here)
        self._pop(here - at)
        self.levels.append(_Level(here - at, key[1].strip("\"'")))
        here = key.end() + len(text[key.end() : end]) - len(text[key.end() : end].lstrip(" \t"))
        if here > self.stop:
            here = self.stop
        return self._value(here, at, "value")

    def _value(self, here: int, line: int, role: str) -> Cursor | None:
        """From where a value may begin to its end."""
        text, end = self.text, _line_end(self.text, here)
        first = text[here : here + 1]
        if here < self.stop and first in ("{", "["):
            return self._brackets(here)
        if here < self.stop and first in ("'", '"'):
            close = min(_quote_end(text, here), self._limit(here))
            self.next = _line_end(text, close) + 1
            return self._here(here, "value", 0) if self.stop < close or self.stop <= end else None
        if here < self.stop and _BLOCK.match(text, here):
            return self._block(here, end)
        if self.stop > end:
            return None
        if role == "key":
            self._pop(here - line)
        comment = re.search(r"(?:^|[ \t])#", text[here : self.stop])
        return self._here(here, "comment" if comment else role, here - line)

    def _block(self, here: int, end: int) -> Cursor | None:
        """The lines of a block are deeper than the key that it belongs to."""
        column = self.levels[-1].column if self.levels else -1
        if self.stop <= end:
            return self._here(here, "value", 0)
        at = end + 1
        while at <= len(self.text):
            line = self.text[at : _line_end(self.text, at)]
            depth = len(line) - len(line.lstrip(" "))
            if line.strip() and depth <= column:
                break
            if at <= self.stop <= at + len(line):
                return self._here(end + 1, "value", 0) if self.stop - at > column else None
            at += len(line) + 1
        self.next = at
        return None

    def _brackets(self, at: int) -> Cursor | None:
        text, open_, limit = self.text, list[_Open](), self._limit(at)
        while at < self.stop:
            char = text[at]
            if at >= limit:
                self.next = limit + 1
                return None
            if char in "'\"" and text[at - 1 : at] in " {[,\n\t":
                close = _quote_end(text, at)
                if close >= self.stop:
                    return self._inside(open_, at)
                at = self._key_in(open_, at, close)
                continue
            if char in "{[":
                open_.append(_Open(char, at, []))
            elif char in "}]" and open_:
                open_.pop()
                if not open_:
                    self.next = _line_end(text, at) + 1
                    return self._here(at + 1, "none", 0) if self.stop <= _line_end(text, at) else None
            elif char == ",":
                open_[-1].index, open_[-1].key = open_[-1].index + 1, None
            elif not char.isspace():
                word = _plain_end(text, at)
                if word >= self.stop:
                    return self._inside(open_, at)
                at = self._key_in(open_, at, word)
                continue
            at += 1
        return self._inside(open_, self.stop)

    def _limit(self, at: int) -> int:
        """Where the line ends after which a key follows that does not stand deeper: a bracket or a quote that is open
        up to there was forgotten."""
        column = self.levels[-1].column if self.levels else -1
        for found in _KEYED.finditer(self.text, _line_end(self.text, at), self.stop):
            if len(found[1]) <= column:
                return found.start()
        return len(self.text) + 1

    def _key_in(self, open_: list[_Open], start: int, end: int) -> int:
        """Behind a word in brackets: if a colon follows, it is a key."""
        rest = self.text[end : end + 3].lstrip(" ")
        if open_[-1].kind == "{" and open_[-1].key is None and rest.startswith(":"):
            open_[-1].key = self.text[start:end].strip("\"'")
            open_[-1].keys.append(open_[-1].key)
            return self.text.index(":", end) + 1
        return end

    def _inside(self, open_: list[_Open], start: int) -> Cursor:
        path = [level.part for level in self.levels]
        for one in open_:
            if one.kind == "[":
                path.append(one.index)
            elif one.key is not None:
                path.append(one.key)
        last = open_[-1]
        role = "item" if last.kind == "[" else "value" if last.key is not None else "key"
        keys = last.keys if role == "key" else []
        return self._cursor(tuple(path), role, start, flow=True, keys=frozenset(keys))

    def _dash(self, column: int) -> None:
        last = -1
        while self.levels and self.levels[-1].column >= column:
            top = self.levels[-1]
            if top.column == column:
                if isinstance(top.part, int):
                    last = top.part
                    self.levels.pop()
                break
            self.levels.pop()
        self.levels.append(_Level(column, last + 1))

    def _pop(self, column: int) -> None:
        while self.levels and self.levels[-1].column >= column:
            self.levels.pop()

    def _here(self, value: int, role: str, column: int, word: int = -1) -> Cursor:
        if role == "key":
            self._pop(column)
        path = tuple(level.part for level in self.levels)
        keys = self._keys(column, word if word >= 0 else self.stop) if role in ("key", "item") else frozenset[str]()
        return self._cursor(path, role, value, column=column, keys=keys)

    def _cursor(
        self,
        path: Path,
        role: str,
        value: int,
        *,
        column: int = 0,
        flow: bool = False,
        keys: frozenset[str] = frozenset(),
    ) -> Cursor:
        return Cursor(
            path=path,
            role=role,
            start=self._word(),
            end=self.stop,
            value=min(value, self.stop),
            indent=column,
            flow=flow,
            keys=keys,
        )

    def _word(self) -> int:
        at = self.stop
        while at > 0 and (self.text[at - 1].isalnum() or self.text[at - 1] in "_.-"):
            at -= 1
        return at + 2 if self.text.startswith("- ", at) else at

    def _column(self, at: int) -> int:
        return at - (self.text.rfind("\n", 0, at) + 1)

    def _keys(self, column: int, at: int) -> frozenset[str]:
        """The keys in this column above and below, as far as nothing stands further left."""
        line = self.text.rfind("\n", 0, at) + 1
        end = _line_end(self.text, at)
        own = self.text[line : min(line + column, len(self.text))].strip() != ""  # behind a dash
        above = [] if own else list(_column_keys(reversed(self.text[:line].split("\n")[:-1]), column))
        below = list(_column_keys(iter(self.text[end + 1 :].split("\n")), column, below=True))
        return frozenset((*above, *below))


def _column_keys(lines: Iterator[str], column: int, *, below: bool = False) -> Iterator[str]:
    for line in lines:
        bare = line.lstrip(" ")
        if not bare.strip() or bare.startswith("#"):
            continue
        depth = len(line) - len(bare)
        dashed = _DASH.match(bare)
        begins = dashed is not None and depth + dashed.end() == column and not below
        if depth < column and not begins:
            return
        key = _KEY.match(line, column)
        if key is not None and (depth == column or begins):
            yield key[1].strip("\"'")
        if begins:
            return


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _plain_end(text: str, at: int) -> int:
    found = re.compile(r"""(?:[^,\[\]{}:\n#]|:(?![ \t\r\n]|$)|(?<![ \t])#|\$\{\{.*?(?:\}\}|$))*""").match(text, at)
    end = found.end() if found else at
    return max(at + len(text[at:end].rstrip()), at + 1)


def _quote_end(text: str, at: int) -> int:
    """Behind the quote that closes, or the end of the text."""
    quote, here = text[at], at + 1
    while here < len(text):
        if text[here] == "\\" and quote == '"':
            here += 1
        elif text[here] == quote:
            if quote == "'" and text.startswith("''", here):
                here += 1
            else:
                return here + 1
        here += 1
    return here + 1
