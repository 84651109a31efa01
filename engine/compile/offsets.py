"""From a place in a scalar's text to its place in the file, for every style of YAML's scalars.

The source of a scalar is read once more, by the rules of its style; each character of the text is
given the range of the source that it comes from. What libyaml made of it is known, so a reading is
taken only if it gives the very same text.
"""

import re
from collections.abc import Iterator

from engine.compile.located import Scalar, Source

Piece = tuple[str, int, int]
"""A character of the text, and where it begins and ends in the source of the scalar."""

_BREAK = re.compile(r"\r\n|[\r\n]")
_FOLD = re.compile(r"[ \t]*(?:\r\n|[\r\n])[ \t\r\n]*")
_BLANKS = re.compile(r"[ \t]*")
_JOINED = re.compile(r"\\(?:\r\n|[\r\n])[ \t\r\n]*")
_LONG_ESCAPES = {"x": 2, "u": 4, "U": 8}
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def source_range(source: Source, scalar: Scalar, offset: int, length: int) -> tuple[int, int]:
    """Start and end in the file of some characters of the scalar's text."""
    found = pieces(source.text[scalar.start : scalar.end], scalar.text)
    if found is None or not scalar.text:
        return scalar.start, scalar.end
    last = len(found) - 1
    if offset > last:  # just behind the text
        return scalar.start + found[last][2], scalar.start + found[last][2] + 1
    return scalar.start + found[offset][1], scalar.start + found[min(offset + max(length, 1) - 1, last)][2]


def pieces(raw: str, text: str) -> list[Piece] | None:
    """Where each character of the text comes from; None when the source cannot be read as that text."""
    for read in _readings(raw):
        found = list(read)[: len(text)]
        if "".join(char for char, _, _ in found) == text:
            return found
    return None


def _readings(raw: str) -> Iterator[Iterator[Piece]]:
    if raw[:1] == "'":
        yield _single(raw)
    elif raw[:1] == '"':
        yield _double(raw)
    elif raw[:1] in ("|", ">"):
        yield from (_block(raw, indent) for indent in _indents(raw))
    else:
        yield _flow(raw, 0, len(raw))


def _flow(raw: str, at: int, end: int) -> Iterator[Piece]:
    """Plain text: a line break is a blank, and blank lines are line breaks."""
    while at < end:
        fold = _FOLD.match(raw, at, end)
        if fold:
            yield from _folded(fold)
            at = fold.end()
        else:  # the blanks here fold nothing, so those behind the first do not either
            blanks = _BLANKS.match(raw, at, end)
            until = max(blanks.end() if blanks else 0, at + 1)
            yield from ((raw[one], one, one + 1) for one in range(at, until))
            at = until


def _folded(fold: re.Match[str]) -> Iterator[Piece]:
    breaks = [(fold.start() + one.start(), fold.start() + one.end()) for one in _BREAK.finditer(fold.group())]
    if len(breaks) == 1:
        yield " ", *breaks[0]
    else:
        yield from (("\n", start, end) for start, end in breaks[1:])


def _single(raw: str) -> Iterator[Piece]:
    end = len(raw) - 1
    at = 1
    while at < end:
        quote = raw.find("''", at, end)
        until = end if quote < 0 else quote
        yield from _flow(raw, at, until)
        if quote >= 0:
            yield "'", quote, quote + 2
        at = until + 2


def _double(raw: str) -> Iterator[Piece]:
    end = len(raw) - 1
    at = 1
    while at < end:
        escape = raw.find("\\", at, end)
        until = end if escape < 0 else escape
        yield from _flow(raw, at, until)
        if escape < 0:
            return
        joined = _JOINED.match(raw, escape, end)
        if joined:
            yield from _breaks(joined)
            at = joined.end()
        else:
            char, at = _escape(raw, escape)
            yield char, escape, at


def _breaks(joined: re.Match[str]) -> Iterator[Piece]:
    """A line break behind a backslash is nothing; blank lines after it are line breaks."""
    found = [(joined.start() + one.start(), joined.start() + one.end()) for one in _BREAK.finditer(joined.group())]
    yield from (("\n", start, end) for start, end in found[1:])


def _escape(raw: str, at: int) -> tuple[str, int]:
    """The character that an escape stands for, and where it ends."""
    kind = raw[at + 1]
    if kind in _LONG_ESCAPES:
        end = at + 2 + _LONG_ESCAPES[kind]
        return chr(int(raw[at + 2 : end], 16)), end
    return _ESCAPES.get(kind, kind), at + 2


def _indents(raw: str) -> Iterator[int]:
    """How deep the content of a block may be indented: as its first line is, or less if the header has a number.
    Blank lines alone have no content."""
    first = re.search(r"[\r\n]( *)[^ \r\n]", raw)
    blanks = re.findall(r"[\r\n]( *)", raw)
    deepest = len(first.group(1)) if first else max(map(len, blanks), default=0)
    yield from range(deepest, -1, -1)


def _block(raw: str, indent: int) -> Iterator[Piece]:
    folded, lines = raw[0] == ">", _lines(raw)
    next(lines, None)  # the header
    held: list[Piece] = []  # line breaks since the last line with something in it
    was_deeper = started = False
    for start, end, after in lines:
        start = min(start + indent, end)
        if start < end:
            deeper = raw[start] in " \t"
            folds = folded and started and not deeper and not was_deeper and bool(held)
            if folds and len(held) == 1:
                held = [(" ", held[0][1], held[0][2])]
            elif folds:
                held = held[1:]
            yield from held
            yield from ((raw[at], at, at + 1) for at in range(start, end))
            held, was_deeper, started = [], deeper, True
        held.append(("\n", end, after))
    yield from held


def _lines(raw: str) -> Iterator[tuple[int, int, int]]:
    """Start and end of each line, and where the next one starts."""
    at = 0
    for one in _BREAK.finditer(raw):
        yield at, one.start(), one.end()
        at = one.end()
    if at < len(raw):
        yield at, len(raw), len(raw)
