"""Whether somebody has answered makes no difference.

## What it does
Reports a `connect` that goes on in the same way after a talk (`bridge_ended`) as when nobody has answered (`no_answer`).

## Why
One of the two is wrong: who has talked to somebody hears that everybody is busy, or who has reached nobody is thanked and hung
up on.

## Bad
```yaml
uses: {agents: number}
steps:
  agent:
    connect: {to: "${{ uses.agents }}"}
    next: bye
  bye:
    end: hangup
```

## Good
```yaml
uses: {agents: number}
steps:
  agent:
    connect: {to: "${{ uses.agents }}"}
    next: {bridge_ended: bye, otherwise: nobody}
  nobody:
    play: "I am sorry, nobody is free. Please call again later."
    next: bye
  bye:
    end: hangup
```

## Limits
A `branch` right after it may tell the two apart, and so may a step that reads an outcome of the `connect`; then nothing is
reported.

## Source
[The language: connect](../language.md#connect).
"""

import re
from collections.abc import Iterator

from engine.compile.located import Scalar
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="FLW023", name="talk-is-no-answer", severity="warning", needs="graph")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps("connect"):
        follows = graph.steps[step.name].next
        talked = follows.target("bridge_ended")
        if talked is None or talked != follows.target("no_answer") or _is_told_apart(subject, step.name):
            continue
        node = step.node.get("next")
        yield subject.found(
            node if isinstance(node, Scalar) else step.node.key("next") or step.key,
            f"After a talk, and when nobody has answered, the call goes on alike: at `{talked}`.",
            help="Name `bridge_ended` and what happens `otherwise`.",
            path=(*step.path[:-1], "next"),
        )


def _is_told_apart(subject: Subject, name: str) -> bool:
    read = re.compile(rf"\bsteps\.{name}\.")
    return any(read.search(scalar.text) for _, scalar in subject.scalars())
