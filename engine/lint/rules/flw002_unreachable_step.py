"""A step that no way leads to.

## What it does
Reports each step that is reached neither from `start`, nor from a handler, nor from `limits.next`, by any outcome,
condition, choice or `visits`.

## Why
It is never run, and a reviewer reads it as if it were. Mostly a `next` was meant to lead to it.

## Bad
```yaml
welcome:
  play: "Thank you for calling."
  next: bye
menu:
  play: "Our office is in Main Street."
  next: bye
bye:
  end: hangup
```

## Good
```yaml
welcome:
  play: "Thank you for calling."
  next: menu
menu:
  play: "Our office is in Main Street."
  next: bye
bye:
  end: hangup
```

## Limits
A condition that never holds still counts as a way; [FLW009](flw009.md) reports those that are certain. The unsafe fix
removes the step; it is not written when something else still names it.

## Source
[The language: next, and what an outcome is](../language.md#next-and-what-an-outcome-is).
"""

from collections import defaultdict
from collections.abc import Iterator

from engine.compile.scope import StepNode
from engine.lint.finding import Edit, Fix
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="FLW002", name="unreachable-step", severity="warning", fixability="unsafe", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    assert subject.graph is not None
    if not subject.is_led:
        return
    found, seen = subject.ways, subject.reached
    leading: dict[str, list[str]] = defaultdict(list)
    for name in (one for one in found if one not in seen):
        for way in found[name]:
            leading[way.to].append(name)
    for step in subject.steps():
        if step.name not in seen:
            yield _report(subject, step, [name for name in leading[step.name] if name != step.name])


def _report(subject: Subject, step: StepNode, before: list[str]) -> Found:
    only = f" Only `{before[0]}` leads to it, which is never entered either." if before else ""
    return subject.found(
        step.key,
        f"No way leads to `{step.name}`.{only}",
        help="Name it in a `next`, or remove it.",
        path=("steps", step.name),
        fix=_removal(subject, step),
    )


def _removal(subject: Subject, step: StepNode) -> Fix | None:
    lines = subject.whole_lines(step.key, step.node)
    if lines is None:
        return None
    return Fix(title=f"Remove `{step.name}`", safety="unsafe", edits=(Edit(*lines, ""),))
