"""Edits for what the compiler finds: lines that it leaves out anyway, and names that are nearly right."""

import re

from engine.compile.located import Mapping, Node, Scalar, Sequence
from engine.lint.finding import Edit, Fix
from engine.lint.subject import Subject
from engine.model.diagnostics import Diagnostic

_MEANT = re.compile(r"Did you mean `([\w.]+)`\?")
_INSTEAD = re.compile(r"Write `([^`]+)`[.:]")


def repair(subject: Subject, found: Diagnostic, start: int, end: int) -> Fix | None:
    if found.code == "SYN006":
        return _without(subject, start)
    if found.code == "API006" and (instead := _INSTEAD.match(found.help)):
        return _instead(subject, start, end, instead[1])
    meant = _MEANT.fullmatch(found.help)
    if (
        meant
        and found.code in ("SYN003", "FLW001", "FLW013", "VAR001", "API008")
        and re.fullmatch(r"[\w.]+", subject.places.text[start:end])
    ):
        return Fix(title=f"Write `{meant[1]}`", safety="unsafe", edits=(Edit(start, end, meant[1]),))
    return None


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
