"""Something that is said is cut off at its first word.

## What it does
Reports a `play` in the background with words in it, after which the call at once ends, is connected or handed on, or is
recorded for a message.

## Why
In the background means that the flow does not wait. The goodbye is never heard, and the message begins with the prompt.

## Bad
```yaml
goodbye:
  play: "Thank you for calling. Goodbye."
  background: true
  next: bye
bye:
  end: hangup
```

## Good
```yaml
goodbye:
  play: "Thank you for calling. Goodbye."
  next: bye
bye:
  end: hangup
```

## Limits
Files and music are not judged: they may be short, or meant to end there. What comes after a `wait`, a `fetch` or another step
that takes time is not reported.

## Source
[The language: background](../language.md#a-step). Before an excursion playbacks are stopped.
"""

from collections.abc import Iterator

from engine.lint.at_once import at_once, speaks, way_at_once
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import Step

RULE = Rule(code="FLW020", name="speech-cut-off", severity="warning", needs="graph")

_AWAY = ("connect", "excursion", "redirect", "transfer", "refer", "end", "return")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps("play"):
        if not step.background or not speaks(graph.steps[step.name]):
            continue
        for name in at_once(subject, step.name):
            what = _what(graph.steps[name])
            way = way_at_once(subject, step.name, name) if what else ()
            if way:
                yield subject.found(
                    step.node.key("background") or step.key,
                    f"`{step.name}` has hardly begun to speak when `{name}` {what}.",
                    help="Leave `background` out, or wait for it before.",
                    path=step.path,
                    witness=way,
                )
                break


def _what(step: Step) -> str:
    if step.verb == "record":
        return "" if step.background else "records"
    if step.verb not in _AWAY:
        return ""
    return (
        "ends the call" if step.verb == "end" else "leaves the flow" if step.verb == "return" else "sends the call away"
    )
