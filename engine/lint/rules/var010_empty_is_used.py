"""Where a value is known to be empty, it is said or sent.

## What it does
Reports a `branch` whose condition `x == ''` leads to a step that says or sends `${{ x }}`, and one whose `x != ''` leaves
that step for the others. And a field of an entry that never has a value: `text` where no speech is taken, `digits` where no keys are,
`terminator` where there are no `terminators`.

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
Looks at the step that the branch leads to, no further, and at conditions that ask for nothing else. A variable that is empty may be
meant in the `json` of a `fetch`, and is not reported there. A field that never has a value is reported there as well, also within `or`,
unless `value` or `digits` of the same entry are sent along with it.

## Source
[The language: branch](../language.md#branch).
"""

import re
from collections.abc import Iterator

from engine.compile.located import Path, Scalar, Sequence
from engine.compile.scope import StepNode
from engine.lint.branches import rest
from engine.lint.entered import entered_at
from engine.lint.rule import Found, Rule
from engine.lint.spoken import spoken
from engine.lint.subject import Subject, node_at, text_at

RULE = Rule(code="VAR010", name="empty-is-used", severity="warning")

_NAME = r"(?:vars|inputs|steps|call)\.[\w.]+"
_EMPTY = re.compile(rf"([\s!(]*)(?:or\(\s*({_NAME})\s*,\s*''\s*\)|({_NAME}))\s*(==|!=)\s*''[\s)]*")

_FIELD = re.compile(r"\bsteps\.(\w+)\.(text|digits|terminator)\b")
_LOOKED_AT = re.compile(r"==|!=|\?|<|>|\bsize\(")
_RUN = ("steps", "finally")
_PLACEHOLDER = re.compile(r"\$\{\{((?:(?!\$\{\{|\}\}).)*)\}\}", re.DOTALL)


def check(subject: Subject) -> Iterator[Found]:
    if subject.is_whole:
        yield from _never_filled(subject)
    for step in subject.steps("branch"):
        items = step.value.items if isinstance(step.value, Sequence) else ()
        for index, item in enumerate(items):
            asked = _EMPTY.fullmatch(text_at(item, "if"))
            if asked is None:
                continue
            name = asked[2] or asked[3]
            is_empty = (asked[4] == "==") == (asked[1].count("!") % 2 == 0)
            target = node_at(item, "next") if is_empty else rest(items, index)
            if isinstance(target, Scalar) and _uses(subject.step(target.text), name):
                yield subject.found(
                    target,
                    f"On this way `{name}` is empty, and `{target.text}` uses it.",
                    help="Exchange the targets, or turn the comparison round.",
                    path=step.path,
                )


def _never_filled(subject: Subject) -> Iterator[Found]:
    """Fields of an entry that can have no value. What is compared or replaced is VAR012's."""
    assert subject.graph is not None
    for path, scalar in subject.scalars() if _may_be_read(subject) else ():
        if path[0] not in _RUN or "steps." not in scalar.text or not _is_expression(path, scalar):
            continue
        for found in _FIELD.finditer(scalar.text) if not _LOOKED_AT.search(scalar.text) else ():
            entry = entered_at(subject.graph, found[1])
            why = entry.why_not(found[1], found[2]) if entry is not None else ""
            if why and not _is_told_besides(subject, path, found[1]):
                yield subject.found(
                    scalar,
                    f"`{found[0]}` is used here, and has nothing in it ever.",
                    help=f"{why} Use `steps.{found[1]}.value`, which is whatever was entered.",
                    path=path,
                    part=found.span(),
                )


def _may_be_read(subject: Subject) -> bool:
    """At a glance: most flows read what was entered, and take it as it is read."""
    text = subject.places.text
    if any(one in text for one in (".text", ".terminator")):
        return True
    return ".digits" in text and any(node_at(one.value, "digits") is None for one in subject.steps("ask", "collect"))


def _is_told_besides(subject: Subject, path: Path, name: str) -> bool:
    """Is it sent to a service along with what was entered?"""
    texts = (scalar.text for other, scalar in subject.scalars() if other[:4] == path[:4]) if "json" in path else ()
    return any(f"steps.{name}.{field}" in text for text in texts for field in ("value", "digits"))


def _is_expression(path: Path, scalar: Scalar) -> bool:
    return "${{" in scalar.text or path[-1] == "if" or path[2:3] == ("set",)


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
