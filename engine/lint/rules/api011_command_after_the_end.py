"""A step that sends something when the call is over.

## What it does
Reports a step that can be reached after the hang-up (from the handler of `hangup`), or after an `update` that has completed
the call, and whose verb sends a command.

## Why
There is no call to send it to. The run ends at this step, and those behind it are never entered.

## Bad
```yaml
steps:
  hello:
    play: "Hello."
    next: bye
  bye:
    end: hangup
  gone:
    play: "It was nice to talk to you."
    next: over
  over:
    end: done
handlers:
  hangup: gone
```

## Good
```yaml
vars:
  ended: none
steps:
  hello:
    play: "Hello."
    next: bye
  bye:
    end: hangup
  gone:
    set: {ended: "'by the caller'"}
    next: over
  over:
    end: done
handlers:
  hangup: gone
```

## Limits
A `subflow` may be called when the call is over; what it does then is its own file's. Failures of a `set` or a `fetch` in there
that go to the flow's handler are not followed.

## Source
[The language: handlers](../language.md#handlers).
"""

from collections.abc import Iterator

from engine.compile.paths.edges import SILENT
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="API011", name="command-after-the-end", severity="error", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    ends = "hangup" in graph.handlers or any(step.verb == "update" for step in graph.steps.values())
    for step in subject.steps() if ends else ():
        if step.verb.name in SILENT or not subject.calls.may("straight", "", step.name, over=True):
            continue
        way = subject.calls.way("straight", "", step.name, over=True)
        if not way:
            continue
        yield subject.found(
            step.node.key(step.verb.name) or step.key,
            f"The call is over on this way, so `{step.name}` cannot send anything, and the run ends here.",
            help="Use `set`, `branch`, `wait`, `fetch` and `end: done` there, or ask with a `branch` before.",
            path=step.path,
            witness=way,
        )
