"""A recording of the call that has only one side of it.

## What it does
Reports a `record` in the background that does not say its `direction`, and one that takes a message with `direction: listen`.

## Why
The default is `speak`: what the party on this leg says. That is right for a message, and half a recording of a talk,
which nobody notices before it is listened to. With `listen` it is what the party on this leg hears: a message has nothing of the caller.

## Bad
```yaml
whole_call:
  record: {initial_timeout: 0, end_silence_timeout: 0}
  background: true
  next: bye
bye:
  end: hangup
```

## Good
```yaml
whole_call:
  record: {direction: both, initial_timeout: 0, end_silence_timeout: 0}
  background: true
  next: bye
bye:
  end: hangup
```

## Limits
A recording that is waited for, and that nothing stops, is taken for a message. Any other `direction` that is written out is taken to be meant. A `tap` has to say its direction anyway; a `stream` of the caller
alone is what most receivers want, and is not reported.

## Source
The calling API's record: `direction` is `speak` where it is not given.
"""

from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from engine.compile.scope import StepNode
from engine.lint.finding import Edit, Fix
from engine.lint.recordings import is_of_the_call
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at

RULE = Rule(code="API014", name="one-sided-recording", severity="warning", fixability="unsafe")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("record"):
        direction, of_the_call = node_at(step.value, "direction"), is_of_the_call(subject, step)
        if direction is None and of_the_call:
            yield _half(subject, step)
        is_sure = not (step.background and subject.has_broken_steps)
        if isinstance(direction, Scalar) and direction.text == "listen" and is_sure and not of_the_call:
            yield _wrong_side(subject, step, direction)


def _half(subject: Subject, step: StepNode) -> Found:
    edit = subject.adding(step.value, "direction: both") if isinstance(step.value, Mapping) else None
    return subject.found(
        step.node.key("record") or step.key,
        f"`{step.name}` records the call in the background, and only what this party says.",
        help="Write `direction: both`, or `direction: speak` if that is what you want.",
        path=step.path,
        fix=Fix(title="Add `direction: both`", safety="unsafe", edits=(edit,)) if edit else None,
    )


def _wrong_side(subject: Subject, step: StepNode, direction: Scalar) -> Found:
    edits = (Edit(direction.start, direction.end, "speak"),)
    return subject.found(
        direction,
        f"`{step.name}` takes a message, and records what this party hears, not what they say.",
        help="Write `direction: speak`.",
        path=(*step.path, "direction"),
        fix=Fix(title="Write `direction: speak`", safety="unsafe", edits=edits),
    )
