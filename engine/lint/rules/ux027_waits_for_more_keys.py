"""A menu waits for more keys than any choice has.

## What it does
Reports an `ask` whose `digits.max` is above the longest key of its choices, and that has neither `terminators` nor an `accept`.

## Why
After the key the platform waits for the next one, for the whole `digit_timeout` (five seconds), and then goes on: every caller hears
silence after every choice.

## Bad
```yaml
menu:
  ask:
    prompt: "For sales, press 1. For billing, press 2."
    digits: {max: 2}
    choices:
      sales: {keys: ["1"]}
      billing: {keys: ["2"]}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "For sales, press 1. For billing, press 2."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
      billing: {keys: ["2"]}
  next: bye
bye:
  end: hangup
```

## Limits
The choices of `defaults` count, where the menu has them. A `digit_timeout` of a second or less is taken for meant.

## Source
[The language: ask](../language.md#ask), with what ends an entry.
"""

from collections.abc import Iterator

from engine.compile.located import Scalar
from engine.compile.scope import StepNode
from engine.lint.finding import Edit, Fix
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at
from engine.model.graph import AskValue

RULE = Rule(code="UX027", name="waits-for-more-keys", severity="warning", fixability="safe", needs="graph")

_DIGIT_TIMEOUT = 5
"""Seconds, where none is given."""
_SHORT = 1


def check(subject: Subject) -> Iterator[Found]:
    assert subject.graph is not None
    for step in subject.steps("ask"):
        value = subject.graph.steps[step.name].value
        if isinstance(value, AskValue) and value.choices and value.accept is None:
            yield from _found(subject, step, value)


def _found(subject: Subject, step: StepNode, value: AskValue) -> Iterator[Found]:
    longest = max((len(key) for choice in value.choices for key in choice.keys), default=0)
    place, pause = node_at(step.value, "digits", "max"), _waits(value, longest)
    if pause and isinstance(place, Scalar):
        keys = f"{longest} {'key' if longest == 1 else 'keys'}"
        yield subject.found(
            place,
            f"No choice of `{step.name}` has more than {keys}, so it waits {pause:g} s for another one after each.",
            help=f"Write `max: {longest}`.",
            path=(*step.path, "digits", "max"),
            fix=Fix(
                title=f"Write `max: {longest}`", safety="safe", edits=(Edit(place.start, place.end, str(longest)),)
            ),
        )


def _waits(value: AskValue, longest: int) -> float:
    """For another key, in seconds; 0 where it does not, or not for long."""
    digits = value.collect.get("digits") if isinstance(value.collect, dict) else None
    if not longest or not isinstance(digits, dict) or digits.get("terminators"):
        return 0
    most, pause = digits.get("max"), digits.get("digit_timeout", _DIGIT_TIMEOUT)
    known = isinstance(most, int) and most > longest and isinstance(pause, int | float)
    return pause if known and pause > _SHORT else 0
