"""Applies the edits of findings to a text, again and again until nothing changes."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from engine.lint import registry
from engine.lint.finding import Edit, Finding, Fix

MAX_ROUNDS = 20

Check = Callable[[str], tuple[Finding, ...]]
"""A text's findings."""


class Fixed(Struct, frozen=True, kw_only=True):
    """`findings` are those of `text`; `titles` say what was done, in its order."""

    text: str
    findings: tuple[Finding, ...]
    titles: tuple[str, ...] = ()


def fix(text: str, check: Check, *, unsafe: bool) -> Fixed:
    """Edits that overlap wait for the next round. What makes it worse is undone, and not tried again."""
    findings, titles, refused = check(text), list[str](), set[tuple[str, ...]]()
    for _ in range(MAX_ROUNDS):
        chosen = _chosen(findings, text, unsafe, refused)
        if not chosen:
            break
        after = check(apply(text, _edits(chosen)))
        if badness(after) > badness(findings):
            # Alone, some may be fine: the first of these is done, the others are looked at again in the next round.
            fine = [one for one in chosen if badness(check(apply(text, one.edits))) <= badness(findings)]
            refused.update(_name(one, text) for one in chosen if one not in fine)
            chosen = fine[:1]
            after = check(apply(text, _edits(chosen)))
        titles += [one.title for one in chosen]
        text, findings = apply(text, _edits(chosen)), after
    return Fixed(text=text, findings=findings, titles=tuple(titles))


def apply(text: str, edits: Iterable[Edit]) -> str:
    for edit in sorted(edits, key=lambda one: (one.start, one.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _edits(fixes: list[Fix]) -> list[Edit]:
    return [edit for one in fixes for edit in one.edits]


def _chosen(
    findings: tuple[Finding, ...],
    text: str,
    unsafe: bool,
    refused: set[tuple[str, ...]],
) -> list[Fix]:
    offered = (one.fix for one in findings if one.fix is not None)
    return apart(one for one in offered if (one.safety == "safe" or unsafe) and _name(one, text) not in refused)


def apart(fixes: Iterable[Fix]) -> list[Fix]:
    """Those that can be applied at once; of some that overlap the first."""
    found: list[Fix] = []
    taken: list[Edit] = []
    for one in fixes:
        if not any(_overlap(edit, other) for edit in one.edits for other in taken):
            found.append(one)
            taken += one.edits
    return found


def _overlap(one: Edit, other: Edit) -> bool:
    """What is put in where another edit begins or ends overlaps with it as well."""
    touch = one.start <= other.end and other.start <= one.end
    inserts = one.start == one.end or other.start == other.end
    return touch and (inserts or (one.start < other.end and other.start < one.end))


def _name(one: Fix, text: str) -> tuple[str, ...]:
    """A fix by what it does, as places move."""
    return (one.title, *(part for edit in one.edits for part in (text[edit.start : edit.end], edit.text)))


def badness(findings: Sequence[Finding]) -> tuple[int, int]:
    """What keeps it from compiling weighs more than any other errors."""
    errors = [one for one in findings if one.severity == "error"]
    return sum(registry.is_compilers(one.code, one.name) for one in errors), len(errors)
