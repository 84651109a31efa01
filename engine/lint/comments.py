"""`# offhook: ignore[API012, UX001] reason`: what an author has decided to leave as it is.

Behind something on its line, it holds for that line. On a line of its own it holds for the step that it stands in or
before, for the next line outside of steps, and at the head of the file, before anything else, for all of it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct

from engine.compile.located import Mapping, Node, Scalar, Sequence
from engine.lint.places import Places

_COMMENT = re.compile(r"(?:(?<=[ \t\r\n])|\A)#[ \t]*offhook:[^\r\n]*")
_IGNORE = re.compile(r"#[ \t]*offhook:[ \t]*ignore\[([A-Z0-9, \t]{0,1000})\][ \t]*(.*)")
_EVERYWHERE = 10**9


class Ignore(Struct, frozen=True):
    """`codes` is empty when the comment cannot be understood. Lines `first` to `last` are meant."""

    start: int
    end: int
    codes: tuple[str, ...]
    reason: str
    first: int
    last: int

    def covers(self, code: str, line: int) -> bool:
        return code in self.codes and self.first <= line <= self.last


def ignores(root: Node | None, places: Places) -> tuple[Ignore, ...]:
    """In the order of the file. What stands in a text is no comment; in a file that cannot be read nobody knows."""
    if root is None or "offhook:" not in places.text:
        return ()
    found = list(_COMMENT.finditer(places.text))
    spans = sorted((one.start, one.end) for one in _scalars(root))
    steps = tuple(_steps(root, places))
    filled = [number for number, line in enumerate(places.text.split("\n"), 1) if _has_content(line)]
    comments = (one for one in found if not _inside(spans, one.start()))
    return tuple(_ignore(one, places, steps, filled) for one in comments)


def _ignore(found: re.Match[str], places: Places, steps: tuple["_Lines", ...], filled: list[int]) -> Ignore:
    said = found.group().rstrip()
    meant = _IGNORE.fullmatch(said)
    codes = tuple(code for one in meant[1].split(",") if (code := one.strip())) if meant else ()
    first, last = _scope(found.start(), places, steps, filled)
    return Ignore(found.start(), found.start() + len(said), codes, meant[2] if meant else "", first, last)


def _inside(spans: list[tuple[int, int]], at: int) -> bool:
    before = bisect_right(spans, (at, _EVERYWHERE)) - 1
    return before >= 0 and at < spans[before][1]


class _Lines(Struct, frozen=True):
    """A step: the column of its key, its first and its last line."""

    column: int
    first: int
    last: int


def _steps(root: Node | None, places: Places) -> Iterator[_Lines]:
    section = root.get("steps") if isinstance(root, Mapping) else None
    for key, node in section.entries if isinstance(section, Mapping) else ():
        end = max(one.end for one in (key, *_scalars(node)))
        yield _Lines(
            key.start - places.line_start(key.start), places.line_of(key.start), places.line_of(max(end - 1, 0))
        )


def _scope(at: int, places: Places, steps: tuple[_Lines, ...], filled: list[int]) -> tuple[int, int]:
    """The first and the last line that a comment is about. `filled`: the lines with more than a comment in them."""
    line, start = places.line_of(at), places.line_start(at)
    if places.text[start:at].strip():
        return line, line
    behind = bisect_right(filled, line)
    if behind == 0:
        return 1, _EVERYWHERE
    following = filled[behind] if behind < len(filled) else line
    later = bisect_right([step.first for step in steps], line)
    if later < len(steps) and steps[later].first == following and at - start <= steps[later].column:
        return steps[later].first, steps[later].last
    if later > 0 and at - start > steps[later - 1].column and filled[behind - 1] <= steps[later - 1].last:
        return steps[later - 1].first, steps[later - 1].last
    return following, following


def _has_content(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith("#")


def _scalars(node: Node) -> Iterator[Scalar]:
    """Keys and values."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
    else:
        for key, value in node.entries:
            yield key
            yield from _scalars(value)
