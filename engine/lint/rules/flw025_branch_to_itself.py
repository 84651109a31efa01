"""A `branch` or a `set` that leads straight back to itself.

## What it does
Reports a `branch` with its own name as a target, and a `set` whose `next` is itself.

## Why
Nothing has happened in between, so it goes the same way again, at once, until a limit ends the call. The caller hears nothing.

## Bad
```yaml
which:
  branch:
    - if: call.from == ''
      next: bye
    - else: which
bye:
  end: hangup
```

## Good
```yaml
which:
  branch:
    - if: call.from == ''
      next: bye
    - else: hello
hello:
  play: "Good day."
  next: bye
bye:
  end: hangup
```

## Limits
Loops of several steps are another rule's ([FLW005](flw005.md)).

## Source
[The language: branch](../language.md#branch).
"""

from collections.abc import Iterator

from engine.compile.located import Scalar, Sequence
from engine.compile.scope import StepNode
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at

RULE = Rule(code="FLW025", name="branch-to-itself", severity="error")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("branch", "set"):
        for target in _targets(step):
            if target.text == step.name:
                yield subject.found(
                    target,
                    f"`{step.name}` leads straight back to itself, and nothing happens in between.",
                    help="Lead to the step that was meant.",
                    path=step.path,
                )


def _targets(step: StepNode) -> Iterator[Scalar]:
    for item in step.value.items if isinstance(step.value, Sequence) else ():
        for name in ("next", "else"):
            if isinstance(found := node_at(item, name), Scalar):
                yield found
    if step.verb.name == "set" and isinstance(found := step.node.get("next"), Scalar):
        yield found
