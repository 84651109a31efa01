"""Lines of YAML, whole or half written: keys, dashes, quotes, and where things end."""

import re
from collections.abc import Iterable, Iterator

KEY = re.compile(r"""("[^"\n]*"|'[^'\n]*'|[\w.+-]+)[ ]*:(?=[ \t\r\n]|$)""")
DASH = re.compile(r"-(?:[ \t]+|(?=\r?$|\n))")
BLOCK = re.compile(r"[|>][0-9+-]*[ \t]*(?:#.*)?\r?$", re.MULTILINE)
COMMENT = re.compile(r"(?:^|[ \t])#")
_PLAIN = re.compile(r"(?:[^,\[\]{}:\n#]|:(?![ \t\r\n]|$)|(?<![ \t])#)*")
_KEYED = re.compile(rf"\n( *)(?:- +)?{KEY.pattern}")
_SECTION = re.compile(r"^(?=[^\s#\-\]}])", re.MULTILINE)
_STEPS = re.compile(r"steps:[^\n]*(?:\n[ \t\r]*(?:#[^\n]*)?)*\n( +)")


def line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def indent(text: str, start: int, end: int) -> int:
    """How many blanks the line from `start` to `end` begins with."""
    return end - start - len(text[start:end].lstrip(" "))


def plain_end(text: str, at: int) -> int:
    """Behind a word or a few within brackets; at least one character further."""
    found = _PLAIN.match(text, at)
    end = found.end() if found else at
    return max(at + len(text[at:end].rstrip()), at + 1)


def quote_end(text: str, at: int) -> int:
    """Behind the quote that closes; behind the end of the text if none does."""
    quote, here = text[at], at + 1
    while here < len(text):
        doubled = quote == "'" and text.startswith("''", here)
        if text[here] == quote and not doubled:
            return here + 1
        here += 2 if doubled or (text[here] == "\\" and quote == '"') else 1
    return here + 1


def forgotten(text: str, at: int, stop: int, column: int) -> int:
    """A bracket or a quote that is open before a key that stands no deeper was not closed: the end of the line above
    that key, or behind the text."""
    keys = _KEYED.finditer(text, line_end(text, at), stop)
    return next((found.start() for found in keys if len(found[1]) <= column), len(text) + 1)


def word_start(text: str, at: int) -> int:
    start = at
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] in "_.-"):
        start -= 1
    return start + 2 if text.startswith("- ", start) else start


def section_at(text: str, stop: int) -> tuple[int, bool]:
    """Where the section begins that the place is in, or under `steps` the step; is it a step?"""
    start = max((one.start() for one in _SECTION.finditer(text, 0, stop + 1) if one.start() <= stop), default=0)
    first = _STEPS.match(text, start)
    if first is None:
        return start, False
    steps = re.compile(rf"^ {{{len(first[1])}}}(?=[\w\"'])", re.MULTILINE).finditer(text, start, stop)
    found = max((one.start() for one in steps), default=-1)
    return (found, True) if found >= 0 else (start, False)


def keys_beside(text: str, at: int, column: int) -> frozenset[str]:
    """The keys in this column above and below the line of the place, as far as nothing stands further left."""
    start, end = text.rfind("\n", 0, at) + 1, line_end(text, at)
    is_first = text[start : start + column].strip() != ""  # behind a dash
    above = [] if is_first else text[:start].split("\n")[-2::-1]
    return frozenset((*_keys(above, column, up=True), *_keys(text[end + 1 :].split("\n"), column, up=False)))


def _keys(lines: Iterable[str], column: int, *, up: bool) -> Iterator[str]:
    for line in lines:
        bare = line.lstrip(" ")
        if not bare.strip() or bare.startswith("#"):
            continue
        depth, dash = len(line) - len(bare), DASH.match(bare)
        begins = up and dash is not None and depth + dash.end() == column
        if depth < column and not begins:
            return
        key = KEY.match(line, column) if depth == column or begins else None
        if key is not None:
            yield key[1].strip("\"'")
        if begins:
            return
