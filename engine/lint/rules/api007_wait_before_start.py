"""A wait for something that has not been begun.

## What it does
Reports a `wait` for a handle whose step has not been entered on some way that leads there, unless the `wait` says where it
goes on `error`. An error where it has not been entered on any way.

## Why
There is nothing to wait for, so the step ends with `error`, code `no-operation`, and the caller lands in the flow's handler
or is hung up on.

## Bad
```yaml
menu:
  ask:
    prompt: "To leave a message, press 1."
    digits: {max: 1}
    choices:
      message: {keys: ["1"]}
  next: {message: message, otherwise: kept}
message:
  record: {max_length: 60}
  background: true
  next: kept
kept:
  wait: message
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "To leave a message, press 1."
    digits: {max: 1}
    choices:
      message: {keys: ["1"]}
  next: {message: message, otherwise: bye}
message:
  record: {max_length: 60}
  background: true
  next: kept
kept:
  wait: message
  next: bye
bye:
  end: hangup
```

## Limits
Handles that a flow is given are not looked at.

## Source
[The language: wait](../language.md#wait), and the codes of [an outcome](../language.md#next-and-what-an-outcome-is).
"""

from collections.abc import Iterator

from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import WaitValue

RULE = Rule(code="API007", name="wait-before-start", severity="warning", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps("wait"):
        compiled = graph.steps[step.name]
        value = compiled.value
        if not isinstance(value, WaitValue) or "error" in compiled.next.named:
            continue
        for handle in value.handles:
            begun = any(subject.calls.may("begun", handle, step.name, over=over) for over in (False, True))
            begun = begun or not subject.is_whole
            way = next((way for over in (False, True) if (way := _way(subject, handle, step.name, over))), ())
            if way:
                yield subject.found(
                    step.value,
                    f"`{handle}` has not been begun on {'this way' if begun else 'any way'} to `{step.name}`.",
                    help=f"Begin it before, or lead around `{step.name}` where there is nothing to wait for.",
                    path=step.path,
                    witness=way,
                    severity=None if begun else "error",
                )
                break


def _way(subject: Subject, handle: str, step: str, over: bool) -> tuple[str, ...]:
    calls = subject.calls
    return calls.way("never", handle, step, over=over) if calls.may("never", handle, step, over=over) else ()
