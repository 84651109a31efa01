"""Where a value is known to be empty, it is said or sent.

## What it does
Reports a `branch` whose condition `x == ''` leads to a step that says or sends `${{ x }}`, and one whose `x != ''` leaves
that step for the others.

## Why
Two targets are exchanged, or a comparison is turned round: callers hear a sentence with a hole in it, and those of whom
something is known hear that nothing is.

## Bad
```yaml
vars: {name: ""}
steps:
  name:
    set: {name: "call.from"}
    next: known
  known:
    branch:
      - if: vars.name == ''
        next: greet
      - else: bye
  greet:
    play: "Good day, ${{ vars.name }}."
    next: bye
  bye:
    end: hangup
```

## Good
```yaml
vars: {name: ""}
steps:
  name:
    set: {name: "call.from"}
    next: known
  known:
    branch:
      - if: vars.name != ''
        next: greet
      - else: bye
  greet:
    play: "Good day, ${{ vars.name }}."
    next: bye
  bye:
    end: hangup
```

## Limits
Looks at the step that the branch leads to, no further, and at conditions that ask for nothing else. An empty value in the
`json` of a `fetch` may be meant, and is not reported.

## Source
[The language: branch](../language.md#branch).
"""

import re
from collections.abc import Iterator

from engine.compile.located import Node, Scalar, Sequence
from engine.compile.scope import StepNode
from engine.lint.rule import Found, Rule
from engine.lint.spoken import spoken
from engine.lint.subject import Subject, node_at, text_at

RULE = Rule(code="VAR010", name="empty-is-used", severity="warning")

_NAME = r"(?:vars|inputs|steps|call)\.[\w.]+"
_EMPTY = re.compile(rf"\s*(?:or\(\s*({_NAME})\s*,\s*''\s*\)|({_NAME}))\s*(==|!=)\s*''\s*")

_PLACEHOLDER = re.compile(r"\$\{\{((?:(?!\$\{\{|\}\}).)*)\}\}", re.DOTALL)


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("branch"):
        items = step.value.items if isinstance(step.value, Sequence) else ()
        for index, item in enumerate(items):
            asked = _EMPTY.fullmatch(text_at(item, "if"))
            if asked is None:
                continue
            name = asked[1] or asked[2]
            target = node_at(item, "next") if asked[3] == "==" else _else(items, index)
            if isinstance(target, Scalar) and _uses(subject.step(target.text), name):
                yield subject.found(
                    target,
                    f"On this way `{name}` is empty, and `{target.text}` uses it.",
                    help="Exchange the targets, or turn the comparison round.",
                    path=step.path,
                )


def _else(items: tuple[Node, ...], index: int) -> Node | None:
    """Where the rest goes, if nothing else is asked for."""
    return node_at(items[-1], "else") if index == len(items) - 2 else None


def _uses(step: StepNode | None, name: str) -> bool:
    if step is None:
        return False
    texts = [scalar.text for _, scalar in spoken(step)] if step.verb.name in ("play", "ask") else []
    if step.verb.name == "fetch":
        texts = [text_at(step.value, "url")]
    return any(_is_bare(inner, name) for text in texts for inner in _PLACEHOLDER.findall(text))


def _is_bare(inner: str, name: str) -> bool:
    """Does the expression give the value as it is, and nothing in its place where it is empty?"""
    named = re.search(rf"\b{re.escape(name)}\b", inner)
    replaced = re.search(rf"\bor\(\s*{re.escape(name)}\s*,\s*'[^']", inner)
    return named is not None and replaced is None and not re.search(r"==|!=|\?", inner)
