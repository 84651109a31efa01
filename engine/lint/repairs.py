"""Edits for what the compiler finds: lines that it leaves out anyway, and names that are nearly right."""

import re

from engine.compile.located import Mapping, Node, Scalar, Sequence
from engine.lint.finding import Edit, Fix, Safety
from engine.lint.fixing import apply
from engine.lint.mending import landing
from engine.lint.slips import is_slip
from engine.lint.subject import Subject, text_at
from engine.lint.uses import wanted_instead
from engine.model.diagnostics import Diagnostic

_MEANT = re.compile(r"Did you mean `([\w.]+)`\?")
_NAMES = ("SYN003", "SYN005", "FLW001", "FLW013", "VAR001", "API008")
_QUOTED = re.compile(r'Quote it: "([^"]+)"\.')
_TELEPHONE = re.compile(r'Quote it, with `\+` and its country code: "(\+\d+)"\.')
_BARE = "Numbers stand without quotes."
_INSTEAD = re.compile(r"Write `([^`]+)`[.:]")
_DEFAULT = re.compile(r"or\([\w.]+, (?!\.\.\.)[^)]+\)")
_SAME: tuple[tuple[re.Pattern[str], Safety], ...] = (
    (re.compile(r"Write it with its unit: (\w+)\."), "unsafe"),  # seconds are only the likeliest
    (re.compile(r"The API takes a plain number here.*: ([\d.]+)\."), "safe"),
    (re.compile(r"Write a list: (\[.*\])\."), "safe"),
)
"""Helps that end in what has to stand there."""


def repair(subject: Subject, found: Diagnostic, start: int, end: int) -> Fix | None:
    written = subject.places.text[start:end]
    match found.code:
        case "SYN006":
            return _without(subject, start)
        case "API006" if instead := _INSTEAD.match(found.help):
            return _instead(subject, start, end, instead[1])
        case "FLW007":
            return _landing(subject, found)
        case "VAR002" if default := _DEFAULT.search(found.help):
            return _default(subject, start, end, default[0])
        case "SYN011" if written == "=":
            return _written(start, end, "==", "safe")
        case "SYN004" | "SYN005" if quoted := _QUOTED.fullmatch(found.help):
            return _quote(subject, written, quoted[1], start, "unsafe" if found.severity == "warning" else "safe")
        case "SYN005" if number := _TELEPHONE.fullmatch(found.help):
            return _written(start, end, f'"{number[1]}"', "unsafe")
        case "SYN005" if found.help == _BARE and written[:1] in ("'", '"'):
            return _written(start, end, written[1:-1], "safe")
        case code if code in _NAMES and (meant := _MEANT.fullmatch(found.help)) and re.fullmatch(r"[\w.]+", written):
            if _is_misfit(subject, found.path, meant[1]) or meant[1] in _keys_beside(subject.root, start):
                return None
            is_sure = found.code == "SYN003" and is_slip(written, meant[1])
            return _written(start, end, meant[1], "safe" if is_sure else "unsafe")
        case "SYN005":
            return next(
                (_written(start, end, one[1], safety) for form, safety in _SAME if (one := form.fullmatch(found.help))),
                None,
            )
    return None


def _landing(subject: Subject, found: Diagnostic) -> Fix | None:
    """What is not named goes where the flow goes when something goes wrong."""
    step, target = subject.section(*found.path.split(".")[:2]), landing(subject)
    follows = step.get("next")
    entry = f"otherwise: {target}"
    if not target or (follows is not None and not isinstance(follows, Mapping)):
        return None
    edit = subject.appending(follows, entry) if follows is not None else subject.appending(step, f"next: {{{entry}}}")
    return Fix(title=f"Add `{entry}`", safety="unsafe", edits=(edit,)) if edit else None


def _default(subject: Subject, start: int, end: int, text: str) -> Fix | None:
    """Of the same quotes as the scalar has; one without any gets some where a comma would end it."""
    found = next(((path, one) for path, one in subject.scalars() if one.start <= start and end <= one.end), None)
    if found is None or f"({subject.places.text[start:end]}," not in text:
        return None
    path, scalar = found
    written = subject.places.text[scalar.start : scalar.end]
    if written.startswith("'"):
        text = text.replace("''", '""')
    title, edit = f"Write `{text}`", Edit(start, end, text)
    if scalar.plain and subject.is_in_brackets(path):
        if '"' in written or "\\" in written:
            return None
        inside = apply(written, [Edit(start - scalar.start, end - scalar.start, text)])
        edit = Edit(scalar.start, scalar.end, f'"{inside}"')
    return Fix(title=title, safety="unsafe", edits=(edit,))


def _is_misfit(subject: Subject, path: str, name: str) -> bool:
    """A use of another kind than its place wants."""
    space, _, use = name.partition(".")
    _, _, verb, *key = (*path.split("."), "", "", "")[:4]
    return space == "uses" and bool(wanted_instead(verb, "".join(key), text_at(subject.section("uses"), use)))


def _written(start: int, end: int, text: str, safety: Safety) -> Fix:
    return Fix(title=f"Write `{text}`", safety=safety, edits=(Edit(start, end, text),))


def _quote(subject: Subject, written: str, text: str, start: int, safety: Safety) -> Fix | None:
    """Of a value that a comment took away the key is marked, and the text stands behind it in the line."""
    at = start if written == text else subject.places.text.find(text, start, subject.places.line_end(start))
    edit = Edit(at, at + len(text), f'"{text}"')
    return Fix(title=f'Write "{text}"', safety=safety, edits=(edit,)) if at >= 0 else None


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


def _keys_beside(node: Node, start: int) -> list[str]:
    """The keys of the mapping that has one that begins here."""
    inside = node.items if isinstance(node, Sequence) else ()
    if isinstance(node, Mapping):
        if any(key.start == start for key, _ in node.entries):
            return [key.text for key, _ in node.entries]
        inside = tuple(value for _, value in node.entries)
    return next((found for one in inside if (found := _keys_beside(one, start))), [])


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
