"""A recording of the call that has only one side of it.

## What it does
Reports a `record` in the background that does not say its `direction`.

## Why
The default is `speak`: what the party on this leg says. That is right for a message, and half a recording of a talk,
which nobody notices before it is listened to.

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
A recording that is waited for, and that nothing stops, is taken for a message. A `direction` that is written out is taken to be meant. A `tap` has to say its direction anyway; a `stream` of the caller
alone is what most receivers want, and is not reported.

## Source
The calling API's record: `direction` is `speak` where it is not given.
"""

from collections.abc import Iterator

from engine.compile.located import Mapping
from engine.lint.finding import Fix
from engine.lint.recordings import is_of_the_call
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at

RULE = Rule(code="API014", name="one-sided-recording", severity="warning", fixability="unsafe")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("record"):
        if node_at(step.value, "direction") is not None or not is_of_the_call(subject, step):
            continue
        edit = subject.adding(step.value, "direction: both") if isinstance(step.value, Mapping) else None
        yield subject.found(
            step.node.key("record") or step.key,
            f"`{step.name}` records the call in the background, and only what this party says.",
            help="Write `direction: both`, or `direction: speak` if that is what you want.",
            path=step.path,
            fix=Fix(title="Add `direction: both`", safety="unsafe", edits=(edit,)) if edit else None,
        )
