"""An order to something that does not go on on any way.

## What it does
Reports `play.stop`, `record.pause`, `collect.start_input_timers` and their like where the handle's operation has not been
begun, or is over for sure, on every way that leads there. So it does with `until`; and with the `until` of a `play` whose collect has been
answered on some way, and that a `wait` has taken.

## Why
Nothing is sent. Usually two steps stand in the wrong order, and what should have been stopped, paused or started goes on
as it was. A prompt goes on over the keys that should stop it; and of one whose collect has been answered already nothing is heard.

## Bad
```yaml
enough:
  record.stop: tape
  next: tape
tape:
  record: {max_length: 60}
  background: true
  next: bye
bye:
  end: hangup
```

## Good
```yaml
tape:
  record: {max_length: 60}
  background: true
  next: enough
enough:
  record.stop: tape
  next: bye
bye:
  end: hangup
```

## Limits
Where it goes on on some of the ways, the order is a precaution for the others. An operation that may have ended by itself
may still go on.

## Source
[The language: play.stop](../language.md#playstop).
"""

from collections.abc import Iterator

from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import ApiValue
from engine.model.verbs import VERB

RULE = Rule(code="API008", name="dead-order", severity="warning", needs="graph")

_ORDERS = tuple(name for name, verb in VERB.items() if verb.of)


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps(*_ORDERS):
        value = graph.steps[step.name].value
        handle = value.handle if isinstance(value, ApiValue) else None
        if handle is None or handle not in graph.steps or subject.calls.may("live", handle, step.name):
            continue
        way = subject.calls.way("anything", "", step.name)
        if not way:
            continue
        begun = subject.calls.may("begun", handle, step.name)
        problem = (
            f"On every way to `{step.name}` `{handle}` is over already"
            if begun
            else f"On no way to `{step.name}` has `{handle}` been begun"
        )
        yield subject.found(
            step.value,
            f"{problem}, so nothing is sent.",
            help=f"Move it to where `{handle}` goes on, or remove it.",
            path=step.path,
            witness=way,
        )
    yield from _untils(subject)


def _untils(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps("play", "collect", "record", "detect"):
        until = graph.steps[step.name].until
        place = step.node.get("until")
        if until is None or place is None or until.handle not in graph.steps:
            continue
        path = ("steps", step.name, "until")
        answered = () if until.outcomes else subject.calls.way("answered", until.handle, step.name)
        if answered:
            yield subject.found(
                place,
                f"On this way `{until.handle}` has been answered before, so nothing of `{step.name}` is heard.",
                help=f"Begin `{until.handle}` again before it, or take `until` out.",
                path=path,
                witness=answered,
            )
        elif not subject.calls.may("live", until.handle, step.name):
            way = subject.calls.way("anything", "", step.name)
            begun = subject.calls.may("begun", until.handle, step.name)
            over = "is over on every way" if begun else "has not been begun on any way"
            if way:
                yield subject.found(
                    place,
                    f"`{until.handle}` {over} to `{step.name}`, so nothing stops it.",
                    help=f"Begin `{until.handle}` before it, or take `until` out.",
                    path=path,
                    witness=way,
                )
