"""Choices have phrases, and nobody listens for speech.

## What it does
Reports an `ask` whose own choices have `phrases` while it has no `speech`.

## Why
Somebody has written down what callers may say. Who says it hears that nothing was heard, and then the prompt again.

## Bad
```yaml
menu:
  ask:
    prompt: "For sales, press 1, or say sales."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"], phrases: [sales]}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "For sales, press 1, or say sales."
    digits: {max: 1}
    speech: {}
    choices:
      sales: {keys: ["1"], phrases: [sales]}
  next: bye
bye:
  end: hangup
```

## Limits
Phrases under `defaults.choices` are there for every `ask`, those of keys alone among them, and are not reported.

## Source
[The language: ask](../language.md#ask).
"""

from collections.abc import Iterator

from engine.compile.located import Mapping
from engine.lint.finding import Fix
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at

RULE = Rule(code="UX014", name="phrases-not-heard", severity="warning", fixability="unsafe")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("ask"):
        choices = node_at(step.value, "choices")
        if not isinstance(choices, Mapping) or node_at(step.value, "speech") is not None:
            continue
        node = next(
            (key for _, one in choices.entries if isinstance(one, Mapping) and (key := one.key("phrases"))), None
        )
        if node is not None and isinstance(step.value, Mapping):
            edit = subject.adding(step.value, "speech: {}")
            yield subject.found(
                node,
                f"Callers may say this, and `{step.name}` listens to keys only.",
                help="Add `speech: {}`, or leave the phrases out.",
                path=step.path,
                fix=Fix(title="Listen for speech", safety="unsafe", edits=(edit,)) if edit else None,
            )
