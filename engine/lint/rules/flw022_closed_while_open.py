"""While it is open, callers hear that it is closed.

## What it does
Reports a `branch` that asks for `open(calendar, now)` and leads callers in opening hours to a step that says when that calendar
opens next (`next_open`), or that it is closed: as the target of the condition, or as `else` behind `!open(calendar, now)`.

## Why
Two targets are exchanged. In opening hours nobody gets through, and at night it rings.

## Bad
```yaml
uses: {desk_hours: calendar}
steps:
  hours:
    branch:
      - if: open(uses.desk_hours, now)
        next: closed
      - else: bye
  closed:
    play: "We are closed, and open again ${{ when(next_open(uses.desk_hours, now)) }}."
    next: bye
  bye:
    end: hangup
```

## Good
```yaml
uses: {desk_hours: calendar}
steps:
  hours:
    branch:
      - if: open(uses.desk_hours, now)
        next: bye
      - else: closed
  closed:
    play: "We are closed, and open again ${{ when(next_open(uses.desk_hours, now)) }}."
    next: bye
  bye:
    end: hangup
```

## Limits
Looks at the first step that says something. Knows a few ways to say that it is closed now, in English, Spanish, German and
French: a sentence that says so and hardly anything else. That it is closed on a date, on a day of the week, next week, over the
holidays or at noon is another thing, and so is that it closes soon, or that something else is open.

## Source
[The language: calendars](../language.md#calendars).
"""

import re
from collections.abc import Iterator

from engine.compile.located import Node, Scalar, Sequence
from engine.compile.scope import StepNode
from engine.lint.branches import rest
from engine.lint.closed import says_closed_now
from engine.lint.rule import Found, Rule
from engine.lint.spoken import spoken
from engine.lint.subject import Subject, node_at, text_at

RULE = Rule(code="FLW022", name="closed-while-open", severity="warning")

_OPEN = re.compile(r"([\s!(]*)open\(\s*uses\.(\w+)\s*,\s*now\s*\)[\s)]*(?:==\s*(true|false)[\s)]*)?")
_FAR = 8


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("branch"):
        items = step.value.items if isinstance(step.value, Sequence) else ()
        for at, item in enumerate(items):
            asked = _OPEN.fullmatch(text_at(item, "if"))
            if asked is None:
                continue
            turned = asked[1].count("!") + (asked[3] == "false")
            target = rest(items, at) if turned % 2 else node_at(item, "next")
            first = _first_words(subject, target.text) if isinstance(target, Scalar) else None
            if target is not None and first is not None and _says_closed(first, asked[2]):
                yield subject.found(
                    target,
                    f"This is the way of callers in opening hours, and `{first.name}` tells them that it is closed.",
                    help="Exchange the targets of this condition and of `else`.",
                    path=step.path,
                )


def _first_words(subject: Subject, name: str) -> StepNode | None:
    """The step itself, or the one that speaks after a few that only set something."""
    for _ in range(_FAR):
        step = subject.step(name)
        if step is None or step.verb.name != "set":
            return step
        name = _plain(step.node.get("next"))
    return None


def _plain(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _says_closed(step: StepNode, calendar: str) -> bool:
    told = " ".join(scalar.text for _, scalar in spoken(step)) if step.verb.name in ("play", "ask") else ""
    return says_closed_now(told, calendar)
