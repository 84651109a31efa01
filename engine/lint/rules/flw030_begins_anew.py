"""After a failure or at a limit the call begins anew, without a word.

## What it does
Reports `handlers.error`, `handlers.rejected`, `handlers.lost` and `limits.next` that name the step which the flow starts with.

## Why
Whoever has come through a menu, a number and a PIN hears the welcome again and is not told why. What has failed comes again on the
same way; the second time the handler is not entered, and the line is dead. A limit is there to end a call, and
its landing has 60 seconds and 100 steps, which a whole flow does not fit into.

## Bad
```yaml
steps:
  welcome:
    play: "Thank you for calling."
    next: bye
  bye:
    end: hangup
handlers:
  error: welcome
```

## Good
```yaml
steps:
  welcome:
    play: "Thank you for calling."
    next: bye
  sorry:
    play: "I am sorry, something went wrong."
    next: bye
  bye:
    end: hangup
handlers:
  error: sorry
```

## Limits
A step that says sorry, and leads to the start, is not reported. A flow that starts with its end has nothing to begin with, and one that
starts with a `branch`, a `set` or a `wait` may find out there how far the call had come: these are not reported.

## Source
[The language: handlers](../language.md#handlers) and [limits](../language.md#limits): each handler is entered once.
"""

from collections.abc import Iterator

from engine.compile.located import Node, Path, Scalar
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="FLW030", name="begins-anew", severity="warning")

_FAILURES = ("error", "rejected", "lost")
_FINDS_OUT = ("branch", "set", "wait", "end", "return", "redirect", "transfer")


def check(subject: Subject) -> Iterator[Found]:
    start = subject.root.get("start")
    first = subject.step(start.text) if isinstance(start, Scalar) else None
    if first is None or first.verb.name in _FINDS_OUT:
        return
    for path, target, when in _landings(subject):
        if isinstance(target, Scalar) and target.text == first.name:
            yield subject.found(
                target,
                f"{when} the call begins anew at `{first.name}`, and the caller is not told why.",
                help="Name a step that says what is wrong, and ends the call or offers somebody.",
                path=path,
            )


def _landings(subject: Subject) -> Iterator[tuple[Path, Node, str]]:
    for key, target in subject.section("handlers").entries:
        if key.text in _FAILURES:
            yield ("handlers", key.text), target, "After a failure"
    landing = subject.section("limits").get("next")
    if landing is not None:
        yield ("limits", "next"), landing, "At a limit"
