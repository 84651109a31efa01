"""An answering machine is asked for an answer, and a person is not.

## What it does
Reports a `detect` of machines where a step asks something (`ask`, `collect`) after `machine` or `machine_ready`, and none does after `human`.

## Why
A machine presses no keys. Mostly the outcomes were mixed up: then people hear what was meant for their mailbox, and mailboxes
the menu.

## Bad
```yaml
who:
  detect: {type: machine}
  next: {human: message, machine_ready: menu, otherwise: bye}
menu:
  ask:
    prompt: "To confirm your appointment, press 1."
    digits: {max: 1}
    attempts: 1
    choices:
      confirmed: {keys: ["1"]}
  next: bye
message:
  play: "This is a message from your dentist. Please call back."
  next: bye
bye:
  end: hangup
```

## Good
```yaml
who:
  detect: {type: machine}
  next: {human: menu, machine_ready: message, otherwise: bye}
menu:
  ask:
    prompt: "To confirm your appointment, press 1."
    digits: {max: 1}
    attempts: 1
    choices:
      confirmed: {keys: ["1"]}
  next: bye
message:
  play: "This is a message from your dentist. Please call back."
  next: bye
bye:
  end: hangup
```

## Limits
Where people are asked as well, or both lead to the same step, nothing is said: a machine may have been taken for one. What handlers
lead to is not counted.

## Source
[The language: detect](../language.md#detect).
"""

from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from engine.compile.scope import StepNode
from engine.lint.routes import reached
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, text_at
from engine.model.ids import StepName

RULE = Rule(code="FLW032", name="machine-is-asked", severity="warning", needs="graph")

_MACHINE = ("machine_ready", "machine")
_ASKING = ("ask", "collect")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps("detect"):
        follows = graph.steps[step.name].next
        person = follows.target("human")
        if text_at(step.value, "type") != "machine" or person is None or _asks(subject, person):
            continue
        for outcome in _MACHINE:
            target = follows.target(outcome)
            if target is not None and (asking := _asks(subject, target)):
                yield subject.found(
                    _target(step, outcome),
                    f"After `{outcome}`, `{asking}` asks for an answer, and after `human` nothing does.",
                    help="Exchange the two: a machine can only be left a message.",
                    path=(*step.path[:-1], "next"),
                )
                break


def _asks(subject: Subject, begin: StepName) -> StepName | None:
    """The first step on the ways from there that wants an answer."""
    graph = subject.graph
    assert graph is not None
    return next((name for name in reached(subject.ways, [begin]) if graph.steps[name].verb in _ASKING), None)


def _target(step: StepNode, outcome: str) -> Scalar:
    follows = step.node.get("next")
    if not isinstance(follows, Mapping):
        return step.node.key("next") or step.key
    named = follows.get(outcome) or follows.get("otherwise")
    return named if isinstance(named, Scalar) else step.key
