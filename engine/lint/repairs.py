"""Edits for what the compiler finds: lines that it leaves out anyway, and names that are nearly right."""

import re

from engine.compile.located import Mapping, Node, Scalar, Sequence
from engine.lint.finding import Edit, Fix
from engine.lint.subject import Subject
from engine.model.diagnostics import Diagnostic

_MEANT = re.compile(r"Did you mean `([\w.]+)`\?")
_QUOTED = re.compile(r'Quote it: "([^"]+)"\.')
_UNIT = re.compile(r"Write it with its unit: (\w+)\.")
_BARE = "Numbers stand without quotes."
_INSTEAD = re.compile(r"Write `([^`]+)`[.:]")


def repair(subject: Subject, found: Diagnostic, start: int, end: int) -> Fix | None:
    if found.code == "SYN006":
        return _without(subject, start)
    if found.code == "API006" and (instead := _INSTEAD.match(found.help)):
        return _instead(subject, start, end, instead[1])
    written = subject.places.text[start:end]
    if found.code in ("SYN004", "SYN005") and (quoted := _QUOTED.fullmatch(found.help)):
        return _quote(subject, written, quoted[1], start)
    if found.code == "SYN005" and (unit := _UNIT.fullmatch(found.help)) and unit[1].startswith(written):
        return Fix(title=f"Write `{unit[1]}`", safety="unsafe", edits=(Edit(start, end, unit[1]),))
    if found.code == "SYN005" and found.help == _BARE and written[:1] == written[-1:] and written[:1] in ("'", '"'):
        return Fix(title=f"Write {written[1:-1]}", safety="safe", edits=(Edit(start, end, written[1:-1]),))
    meant = _MEANT.fullmatch(found.help)
    if (
        meant
        and found.code in ("SYN003", "FLW001", "FLW013", "VAR001", "API008")
        and re.fullmatch(r"[\w.]+", subject.places.text[start:end])
    ):
        return Fix(title=f"Write `{meant[1]}`", safety="unsafe", edits=(Edit(start, end, meant[1]),))
    return None


def _quote(subject: Subject, written: str, text: str, start: int) -> Fix | None:
    """Of a value that a comment took away the key is marked, and the text stands behind it in the line."""
    at = start if written == text else subject.places.text.find(text, start, subject.places.line_end(start))
    edit = Edit(at, at + len(text), f'"{text}"')
    return Fix(title=f'Write "{text}"', safety="safe", edits=(edit,)) if at >= 0 else None


def _instead(subject: Subject, start: int, end: int, text: str) -> Fix:
    """In the quotes that are there."""
    quote = subject.places.text[start : start + 1]
    edit = Edit(start + 1, end - 1, text) if quote in ("'", '"') else Edit(start, end, text)
    return Fix(title=f"Write `{text}`", safety="unsafe", edits=(edit,))


def _without(subject: Subject, start: int) -> Fix | None:
    entry = _entry(subject.root, start)
    lines = subject.whole_lines(*entry) if entry else None
    if lines is None:
        return None
    return Fix(title="Remove the line", safety="safe", edits=(Edit(*lines, ""),))


def _entry(node: Node, start: int) -> tuple[Scalar, Node] | None:
    """The entry of a mapping whose key begins here, if the mapping has others."""
    if isinstance(node, Mapping):
        for key, value in node.entries:
            if key.start == start:
                return (key, value) if len(node.entries) > 1 else None
            if key.start < start and (found := _entry(value, start)):
                return found
    elif isinstance(node, Sequence):
        for item in node.items:
            if found := _entry(item, start):
                return found
    return None
