"""Applies the edits of findings to a text, again and again until nothing changes."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from engine.lint.finding import Edit, Finding, Fix

MAX_ROUNDS = 20

Check = Callable[[str], tuple[Finding, ...]]
"""A text's findings."""


class Fixed(Struct, frozen=True, kw_only=True):
    """`findings` are those of `text`; `titles` say what was done, in its order."""

    text: str
    findings: tuple[Finding, ...]
    titles: tuple[str, ...] = ()


def fix(text: str, check: Check, *, unsafe: bool, only: Callable[[Finding], bool] = lambda one: True) -> Fixed:
    """Edits that overlap wait for the next round. What makes a new error is undone, and not tried again."""
    findings, titles, refused = check(text), list[str](), set[tuple[str, ...]]()
    for _ in range(MAX_ROUNDS):
        chosen = _chosen(findings, text, unsafe, only, refused)
        if not chosen:
            break
        changed = apply(text, (edit for one in chosen for edit in one.edits))
        after = check(changed)
        if _errors(after) > _errors(findings):
            # One of them is to blame: the next rounds take them one by one.
            single = [one for one in chosen if not _spoils(text, findings, one, check)]
            refused.update(_name(one, text) for one in chosen if one not in single)
            if len(single) == len(chosen):  # each is fine alone, together they are not
                refused.update(_name(one, text) for one in chosen[1:])
            continue
        titles += [one.title for one in chosen]
        text, findings = changed, after
    return Fixed(text=text, findings=findings, titles=tuple(titles))


def apply(text: str, edits: Iterable[Edit]) -> str:
    for edit in sorted(edits, key=lambda one: (one.start, one.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _chosen(
    findings: tuple[Finding, ...],
    text: str,
    unsafe: bool,
    only: Callable[[Finding], bool],
    refused: set[tuple[str, ...]],
) -> list[Fix]:
    found: list[Fix] = []
    taken: list[Edit] = []
    for finding in findings:
        one = finding.fix
        if one is None or not only(finding) or (one.safety == "unsafe" and not unsafe) or _name(one, text) in refused:
            continue
        if not any(_overlap(edit, other) for edit in one.edits for other in taken):
            found.append(one)
            taken += one.edits
    return found


def _overlap(one: Edit, other: Edit) -> bool:
    return (
        one.start <= other.end and other.start <= one.end
        if one.start == one.end or other.start == other.end
        else (one.start < other.end and other.start < one.end)
    )


def _spoils(text: str, findings: tuple[Finding, ...], one: Fix, check: Check) -> bool:
    return _errors(check(apply(text, one.edits))) > _errors(findings)


def _name(one: Fix, text: str) -> tuple[str, ...]:
    """A fix by what it does, as places move."""
    return (one.title, *(part for edit in one.edits for part in (text[edit.start : edit.end], edit.text)))


def _errors(findings: tuple[Finding, ...]) -> int:
    return sum(one.severity == "error" for one in findings)
