"""A wait for something that has not been begun, or is not there any more.

## What it does
Reports a `wait` for a handle, and a `subflow` that is given one, whose step has not been entered on some way that leads there, or whose
playback, collect or detection an `excursion` or a `connect` may have ended since, here or in a flow that was called; unless the
step says where it goes on `error`. An error where the handle's step has not been entered on any way.

## Why
There is nothing to wait for: what plays, collects or detects is stopped and forgotten when the call leaves for SWML, since
none of it can go on there. So the step ends with `error`, code `no-operation`, and the caller lands in the flow's handler
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
Handles that a flow is given are looked at where they are given. What may have ended by itself before the call left is reported as
well: mostly it has not.

## Source
[The language: wait](../language.md#wait), and the codes of [an outcome](../language.md#next-and-what-an-outcome-is).
"""

from collections.abc import Iterator
from itertools import islice

from engine.compile.located import Mapping as Entries
from engine.compile.located import Node
from engine.compile.scope import StepNode
from engine.lint.calls import Kind
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at, text_at
from engine.model.diagnostics import Severity
from engine.model.graph import Step, SubflowValue, WaitValue
from engine.model.ids import StepName

RULE = Rule(code="API007", name="wait-before-start", severity="warning", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps("wait", "subflow"):
        compiled = graph.steps[step.name]
        if "error" in compiled.next.named:
            continue
        handles = _handles(compiled)
        found = (found for handle in handles for kind in _KINDS if (found := _found(subject, step, handle, kind)))
        yield from islice(found, 1)


def _handles(step: Step) -> tuple[StepName, ...]:
    match step.value:
        case WaitValue(handles=handles):
            return handles
        case SubflowValue(handles=given):
            return tuple(given.values())
    return ()


def _place(step: StepNode, handle: str) -> Node:
    """The handle among what a flow is given, or all that the `wait` says."""
    given = node_at(step.value, "with")
    named = (node for _, node in given.entries if text_at(node) == handle) if isinstance(given, Entries) else ()
    return next(iter(named), step.value)


_LIVES = (False, True)
_KINDS: tuple[Kind, ...] = ("never", "forgotten")


def _found(subject: Subject, step: StepNode, handle: str, kind: Kind) -> Found | None:
    calls = subject.calls
    way = next((way for over in _LIVES if (way := calls.way(kind, handle, step.name, over=over))), ())
    if not way:
        return None
    begun = not subject.is_whole or any(calls.may("begun", handle, step.name, over=over) for over in _LIVES)
    problem = f"`{handle}` has not been begun on {'this way' if begun else 'any way'} to `{step.name}`."
    advice = f"Begin it before, or lead around `{step.name}` where there is nothing to wait for."
    if kind == "forgotten":
        problem = f"On this way to `{step.name}` the call has left for SWML, which has ended `{handle}`."
        advice = "Wait for it before the call leaves, or begin it again when it is back."
    severity: Severity | None = None if begun else "error"
    return subject.found(_place(step, handle), problem, help=advice, path=step.path, witness=way, severity=severity)
