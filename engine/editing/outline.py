"""The sections of a document and what is in them, line by line: it need not be YAML."""

import re
from collections.abc import Iterator

from msgspec import Struct

from engine.model.verbs import VERB

_LINE = re.compile(r"""^( *)("[^"\n]*"|'[^'\n]*'|[\w.+-]+)[ ]*:(?=[ \t\r]|$)[ \t]*([^\n\r]*)""", re.MULTILINE)
_LISTED = (
    "steps",
    "vars",
    "inputs",
    "uses",
    "signals",
    "handlers",
    "cases",
    "hours",
    "holidays",
    "exceptions",
    "routes",
)
"""Sections whose entries are of the author's making."""


class Entry(Struct, frozen=True, kw_only=True):
    """From `start` to `end` stands all of it, from `key` to `key_end` its name."""

    name: str
    detail: str
    start: int
    end: int
    key: int
    key_end: int
    inner: tuple["Entry", ...] = ()


def outline(text: str) -> tuple[Entry, ...]:
    return tuple(_entries(text, 0, len(text), 0))


def _entries(text: str, start: int, end: int, column: int) -> Iterator[Entry]:
    found = [one for one in _LINE.finditer(text, start, end) if len(one[1]) == column]
    for at, one in enumerate(found):
        until = _trimmed(text, one.start(), found[at + 1].start() if at + 1 < len(found) else end)
        name = one[2].strip("\"'")
        inner = tuple(_inner(text, one.end(), until)) if column == 0 and name in _LISTED else ()
        detail = _verb(text, one.end(), until, column) if column else ""
        yield Entry(
            name=name,
            detail=detail or (one[3] if not inner and not detail else "")[:60],
            start=one.start() + column,
            end=until,
            key=one.start(2),
            key_end=one.end(2),
            inner=inner,
        )


def _inner(text: str, start: int, end: int) -> Iterator[Entry]:
    first = re.compile(r"^( +)[^\s#-]", re.MULTILINE).search(text, start, end)
    return _entries(text, first.start(), end, len(first[1])) if first else iter(())


def _verb(text: str, start: int, end: int, column: int) -> str:
    """Of a step: its first key that is one."""
    keys = (one for one in _LINE.finditer(text, start, end) if len(one[1]) > column)
    return next((one[2] for one in keys if one[2] in VERB), "")


def _trimmed(text: str, start: int, end: int) -> int:
    """Without blank lines and comments at the end, which belong to what follows."""
    lines = text[start:end].split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return start + len("\n".join(lines))
