"""A use of another kind than its place wants: a calendar where a number is dialled.

## What it does
Reports a `to`, `from`, `dest` or `url` that is one use alone, where that use is declared as something that cannot stand there: a
calendar or a `url` as a number, a calendar or a `number` as the address of a `fetch`. And the `url` of a `fetch` that begins with a use which
is the address of a file: a `play` has it alone as `audio`.

## Why
Uses of these kinds are all texts, so the flow compiles; what the environment gives for it is refused when a caller comes there.

## Bad
```yaml
uses: {desk: number, desk_hours: calendar}
steps:
  desk:
    connect: {to: "${{ uses.desk_hours }}"}
    next: bye
  bye:
    end: hangup
```

## Good
```yaml
uses: {desk: number, desk_hours: calendar}
steps:
  desk:
    connect: {to: "${{ uses.desk }}"}
    next: bye
  bye:
    end: hangup
```

## Limits
A use of type `string` may be anything. Only a use that stands alone is looked at, and the beginning of a URL.

## Source
[The language: uses](../language.md#inputs-uses-vars).
"""

import re
from collections.abc import Iterator

from engine.compile.located import Node, Scalar
from engine.compile.scope import StepNode
from engine.lint.rule import Found, Rule
from engine.lint.spoken import items
from engine.lint.subject import Subject, node_at, text_at
from engine.lint.uses import WANTING, wanted_instead

RULE = Rule(code="VAR011", name="use-of-another-kind", severity="error")

_ALONE = re.compile(r"\$\{\{\s*uses\.(\w+)\s*\}\}")
_CALLED = {"calendar": "a calendar", "number": "a `number`", "url": "a `url`"}


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps(*WANTING):
        for key in WANTING[step.verb.name]:
            node = node_at(step.value, key)
            use = _use(node, is_url=key == "url") if isinstance(node, Scalar) else ""
            kind = text_at(subject.section("uses"), use)
            wanted = wanted_instead(step.verb.name, key, kind)
            if node is not None and wanted:
                yield _found(
                    subject,
                    step,
                    node,
                    key,
                    f"`{key}` wants {wanted}, and `uses.{use}` is declared as {_CALLED[kind]}.",
                )
    yield from _files(subject)


def _files(subject: Subject) -> Iterator[Found]:
    """Requests to what is a file of a `play`."""
    asked = [(step, node) for step in subject.steps("fetch") if isinstance(node := node_at(step.value, "url"), Scalar)]
    behind = [(step, node, use) for step, node in asked if (use := _use(node, is_url=True)) and _goes_on(node)]
    files = {_use(one, is_url=False) for one in _audio(subject)} if behind else set[str]()
    for step, node, use in behind:
        if use in files:
            yield _found(
                subject, step, node, "url", f"`uses.{use}` is the address of a file, which is played elsewhere."
            )


def _goes_on(url: Scalar) -> bool:
    found = _ALONE.match(url.text)
    return found is not None and url.text.startswith("/", found.end())


def _audio(subject: Subject) -> Iterator[Scalar]:
    for step in subject.steps("play", "ask"):
        for item in items(node_at(step.value, "prompt") or step.value):
            found = node_at(item, "audio") or node_at(item, "params", "url")
            if isinstance(found, Scalar):
                yield found


def _found(subject: Subject, step: StepNode, node: Node, key: str, problem: str) -> Found:
    return subject.found(node, problem, help="Name another use, or declare it as what it is.", path=(*step.path, key))


def _use(scalar: Scalar, *, is_url: bool) -> str:
    found = _ALONE.match(scalar.text) if is_url else _ALONE.fullmatch(scalar.text)
    return found[1] if found else ""
