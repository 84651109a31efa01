"""A condition that is never asked, because one above it has held already.

## What it does
Reports an entry of a `branch` whose condition is the same as one above it, or holds only where that one does: the
same name compared with another number or text.

## Why
The first condition that holds decides. The entry below it is dead, and its step may be too.

## Bad
```yaml
vars:
  tries: 0
steps:
  count:
    set: {tries: vars.tries + 1}
    next: again
  again:
    branch:
      - if: vars.tries < 5
        next: menu
      - if: vars.tries < 3
        next: hint
      - else: bye
```

## Good
```yaml
vars:
  tries: 0
steps:
  count:
    set: {tries: vars.tries + 1}
    next: again
  again:
    branch:
      - if: vars.tries < 3
        next: hint
      - if: vars.tries < 5
        next: menu
      - else: bye
```

## Limits
Only comparisons of one name with a number or a text are understood, and conditions that are written alike. Choices
that cannot be told apart do not compile (overlapping-choices, the same code).

## Source
[The language: branch](../language.md#branch).
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from engine.compile.located import Scalar, Sequence
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at

RULE = Rule(code="FLW008", name="shadowed-branch", severity="warning")

_COMPARED = re.compile(
    r"\s*(size\([\w.]+\)|[\w.]+)\s*(==|!=|<=|>=|<|>)\s*(?:(-?\d+(?:\.\d+)?)|'([^'\\]*)'|\"([^\"\\]*)\")\s*"
)
_BLANKS = re.compile(r"""('[^']*'|"[^"]*")|\s+""")


class _Comparison(Struct, frozen=True):
    name: str
    operator: str
    value: float | str

    def holds(self, value: float | str) -> bool:
        if isinstance(value, str) or isinstance(self.value, str):
            return (value == self.value) == (self.operator == "==")
        match self.operator:
            case "==":
                return value == self.value
            case "!=":
                return value != self.value
            case "<":
                return value < self.value
            case "<=":
                return value <= self.value
            case ">":
                return value > self.value
        return value >= self.value


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("branch"):
        above: list[Scalar] = []
        for index, item in enumerate(step.value.items if isinstance(step.value, Sequence) else ()):
            condition = node_at(item, "if")
            if not isinstance(condition, Scalar):
                continue
            first = next((one for one in above if _covers(one.text, condition.text)), None)
            above.append(condition)
            if first is not None:
                line = subject.places.line_of(first.start)
                yield subject.found(
                    condition,
                    f"Whenever this holds, `{first.text}` in line {line} has held before: it never decides.",
                    help="Put the narrower condition first, or remove one of them.",
                    path=(*step.path, index, "if"),
                )


def _covers(first: str, second: str) -> bool:
    """Does the first hold wherever the second does?"""
    if _same(first) == _same(second):
        return True
    one, other = _comparison(first), _comparison(second)
    if one is None or other is None or one.name != other.name:
        return False
    are_texts = [isinstance(each.value, str) for each in (one, other)]
    if are_texts[0] != are_texts[1] or (are_texts[0] and {one.operator, other.operator} - {"==", "!="}):
        return False
    return all(one.holds(value) for value in _samples(one.value, other.value) if other.holds(value))


def _samples(one: float | str, other: float | str) -> list[float | str]:
    """A value in each part into which two values divide all others, and the values themselves."""
    if isinstance(one, str) or isinstance(other, str):
        return [one, other, f"{one}{other}?"]
    return [one, other, (one + other) / 2, min(one, other) - 1, max(one, other) + 1]


def _same(text: str) -> str:
    return _BLANKS.sub(lambda found: found[1] or "", text)


def _comparison(text: str) -> _Comparison | None:
    found = _COMPARED.fullmatch(text)
    if found is None:
        return None
    name, operator, number, single, double = found.groups()
    value: float | str = float(number) if number else single if single is not None else double or ""
    return _Comparison(name, operator, value)
