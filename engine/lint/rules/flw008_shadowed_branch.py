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
Only comparisons of one name with a number or a text are understood, conditions that are written alike, and what is joined of such by
`||` in the earlier one and by `&&` in the later. Choices
that cannot be told apart do not compile (overlapping-choices, the same code). A comparison that always says the same is another rule's ([FLW009](flw009.md)).

## Source
[The language: branch](../language.md#branch).
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from engine.compile.located import Scalar, Sequence
from engine.lint.constant import decided
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at

RULE = Rule(code="FLW008", name="shadowed-branch", severity="warning")

_COMPARED = re.compile(
    r"\s*(size\([\w.]+\)|[\w.]+)\s*(==|!=|<=|>=|<|>)\s*(?:(-?\d+(?:\.\d+)?)|'([^'\\]*)'|\"([^\"\\]*)\")\s*"
)
_TOKENS = re.compile(r"""'[^']*'|"[^"]*"|&&|\|\||[()\[\]{}?]""")
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


class _Part(Struct, frozen=True):
    """A condition without its blanks, and as a comparison where it is one."""

    bare: str
    comparison: _Comparison | None


class _Condition(Struct, frozen=True):
    """A condition where it stands. It holds where one of `enough` does, and only where all of `needed` do; it is among both
    itself."""

    node: Scalar
    enough: tuple[_Part, ...]
    needed: tuple[_Part, ...]


def check(subject: Subject) -> Iterator[Found]:
    known = frozenset[str]() if subject.graph is None else decided(subject.graph)
    for step in subject.steps("branch"):
        above: list[_Condition] = []
        for index, item in enumerate(step.value.items if isinstance(step.value, Sequence) else ()):
            subject.check_time()
            node = node_at(item, "if")
            if not isinstance(node, Scalar):
                continue
            condition = _condition(node)
            first = next((one for one in above if _holds_before(one, condition)), None)
            above.append(condition)
            own = condition.needed[0].comparison
            if first is not None and (own is None or own.name not in known):
                line = subject.places.line_of(first.node.start)
                yield subject.found(
                    node,
                    f"Whenever this holds, `{first.node.text}` in line {line} has held before: it never decides.",
                    help="Put the narrower condition first, or remove one of them.",
                    path=(*step.path, index, "if"),
                )


def _condition(node: Scalar) -> _Condition:
    whole, either, both = _part(node.text), _split(node.text, "||"), _split(node.text, "&&")
    return _Condition(
        node,
        (whole, *map(_part, either)) if len(either) > 1 else (whole,),
        (whole, *map(_part, both)) if len(both) > 1 and len(either) == 1 else (whole,),
    )


def _part(text: str) -> _Part:
    return _Part(_BLANKS.sub(lambda found: found[1] or "", text), _comparison(text))


def _split(text: str, sign: str) -> list[str]:
    """At the signs that stand in no brackets and in no text."""
    if sign not in text:
        return [text]
    depth, found, begun = 0, [], 0
    for one in _TOKENS.finditer(text):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(one[0], 0)
        if one[0] == "?":
            return [text]
        if one[0] == sign and not depth:
            found.append(text[begun : one.start()])
            begun = one.end()
    return [*found, text[begun:]]


def _holds_before(first: _Condition, second: _Condition) -> bool:
    return any(_covers(one, other) for one in first.enough for other in second.needed)


def _covers(first: _Part, second: _Part) -> bool:
    """Does the first hold wherever the second does?"""
    if first.bare == second.bare:
        return True
    one, other = first.comparison, second.comparison
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


def _comparison(text: str) -> _Comparison | None:
    found = _COMPARED.fullmatch(text)
    if found is None:
        return None
    name, operator, number, single, double = found.groups()
    value: float | str = float(number) if number else single if single is not None else double or ""
    return _Comparison(name, operator, value)
