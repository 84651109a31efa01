"""A branch whose entries all lead to one step.

## What it does
Reports a `branch` with the same step behind every condition and behind `else`.

## Why
It decides nothing: what leads to it could lead there at once. Often one of the steps is the wrong one.

## Bad
```yaml
which:
  branch:
    - if: call.from == ''
      next: bye
    - else: bye
bye:
  end: hangup
```

## Good
```yaml
which:
  branch:
    - if: call.from == ''
      next: no_number
    - else: bye
no_number:
  play: "I cannot see your number."
  next: bye
bye:
  end: hangup
```

## Limits
The conditions may still fail, which `next: {error: step}` tells apart; a branch with such a `next` is not reported.

## Source
[The language: branch](../language.md#branch).
"""

from collections.abc import Iterator

from engine.compile.located import Sequence
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, text_at

RULE = Rule(code="STY005", name="pointless-branch", severity="warning")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("branch"):
        items = step.value.items if isinstance(step.value, Sequence) else ()
        targets = {text_at(item, "next") or text_at(item, "else") for item in items}
        if len(targets) == 1 and step.node.get("next") is None:
            (target,) = targets
            yield subject.found(
                step.node.key("branch") or step.key,
                f"Whatever holds, `{step.name}` goes on to `{target}`.",
                help=f"Go to `{target}` directly, or correct one of the entries.",
                path=step.path,
            )
