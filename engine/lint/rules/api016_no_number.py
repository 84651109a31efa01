"""A telephone number that cannot be called as it is written.

## What it does
Reports numbers of `dial`, `connect`, `transfer`, `refer` and `outbound` that are not in E.164: a `+`, the country code, and digits without
anything between, fifteen at the most. And a `username` or `password` for a leg that is no SIP address, where they do nothing.

## Why
The platform takes no other form. A number without its country is somebody else's in another country, or nobody's.

## Bad
```yaml
desk:
  connect: {to: "(555) 010-0142"}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
desk:
  connect: {to: "+15550100142"}
  next: bye
bye:
  end: hangup
```

## Limits
Fewer than seven digits may be an extension. Numbers that come from `${{ }}` are not looked at here: those of `uses` are checked when an environment is loaded. Whether
somebody has the number is not known. The fix, which takes blanks and dashes out of a number with a `+`, is safe; the one that puts a `+`
before eleven digits or more is unsafe. Which country a shorter one is in has to be said by its author. A `dial` without `url` and `swml`, or without `to`, does not compile
([API001](api001.md), [SYN013](syn013.md)).

## Source
The calling API's dial, and ITU-T E.164.
"""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Node, Path, Scalar, walk
from engine.lint.finding import Edit, Fix, Safety
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at, text_at

RULE = Rule(code="API016", name="no-number", severity="error", fixability="safe")

_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_DIGITS = re.compile(r"\+?[\d\s().\-/]+")
_SHORTEST = 7
"""Digits; shorter ones are extensions."""
_BETWEEN = re.compile(r"[\s().\-/]")
_ADVICE = "Write it with + and its country code, and digits alone, such as +15550100142."


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("dial", "connect", "transfer", "refer"):
        for path, scalar in walk(step.value):
            if path[-1:] in (("to",), ("from",), ("dest",)):
                yield from _number(subject, scalar, (*step.path, *path))
    for step in subject.steps("dial"):
        yield from _credentials(subject, step.value, step.path)
    caller = node_at(subject.root, "outbound", "from")
    if isinstance(caller, Scalar):
        yield from _number(subject, caller, ("outbound", "from"))


def _number(subject: Subject, scalar: Scalar, path: Path) -> Iterator[Found]:
    if not _DIGITS.fullmatch(scalar.text) or _E164.fullmatch(scalar.text):
        return
    if sum(char.isdigit() for char in scalar.text) < _SHORTEST:
        return
    meant = _BETWEEN.sub("", scalar.text)
    wrong = "has no `+` and country code" if not meant.startswith("+") else "is no number in E.164"
    yield subject.found(
        scalar,
        f"`{scalar.text}` {wrong}, so it cannot be called.",
        help=f"Write {meant}." if _E164.fullmatch(meant) else _ADVICE,
        path=path,
        fix=_fix(subject, scalar, meant),
    )


def _fix(subject: Subject, scalar: Scalar, meant: str) -> Fix | None:
    """A number of a length that only those with a country have is likely to have lost its plus."""
    at, safety = subject.places.text.find(scalar.text, scalar.start, scalar.end), _safety(meant)
    number = meant if meant.startswith("+") else f"+{meant}"
    edit = Edit(at, at + len(scalar.text), number)
    return Fix(title=f"Write {number}", safety=safety, edits=(edit,)) if at >= 0 and safety else None


def _safety(meant: str) -> Safety | None:
    if _E164.fullmatch(meant):
        return "safe"
    return "unsafe" if re.fullmatch("[1-9][0-9]{10,14}", meant) else None


def _credentials(subject: Subject, value: Node, path: Path) -> Iterator[Found]:
    keys = [value.key(name) for name in ("username", "password")] if isinstance(value, Mapping) else []
    given = [key for key in keys if key is not None]
    if given and _E164.fullmatch(text_at(value, "to")):
        names = " and ".join(f"`{key.text}`" for key in given)
        yield subject.found(
            given[0],
            f"{names} {'are' if len(given) > 1 else 'is'} for a SIP address, and this leg is a telephone number.",
            help="Remove that, or call a SIP address.",
            path=path,
            severity="warning",
        )
