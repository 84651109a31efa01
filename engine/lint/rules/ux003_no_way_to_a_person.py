"""A menu from which no caller ever reaches a person.

## What it does
Reports an `ask` with choices in an inbound flow from which neither a `redirect`, `transfer`, `refer`, `connect`,
`excursion` or `dial` is reached, nor a `record` for a message.

## Why
Somebody whose matter is not on the list has no way on.

## Bad
```yaml
menu:
  ask:
    prompt: "For our address, press 1."
    digits: {max: 1}
    choices:
      address: {keys: ["1"]}
  next: address
address:
  play: "We are in Main Street. Goodbye."
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "For our address, press 1. For a person, press 0."
    digits: {max: 1}
    choices:
      address: {keys: ["1"]}
      person: {keys: ["0"], next: to_desk}
  next: address
address:
  play: "We are in Main Street. Goodbye."
  next: bye
to_desk:
  transfer: {dest: "https://example.com/desk"}
bye:
  end: hangup
```

## Limits
Whether somebody answers there is not known. Outbound flows and subflows (with a `return`) are not looked at.

## Source
Guidelines for voice menus: a person, a callback or a mailbox from every menu.
"""

from collections.abc import Iterator

from engine.lint.routes import leading_to, reached
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import AskValue

RULE = Rule(code="UX003", name="no-way-to-a-person", severity="warning", needs="ways")

_PERSON = ("redirect", "transfer", "refer", "connect", "excursion", "dial", "record", "subflow")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    if graph.outbound is not None or any(step.verb == "return" for step in graph.steps.values()):
        return
    helping = (step.name for step in graph.steps.values() if step.verb in _PERSON)
    found = subject.ways
    seen = reached(found, [graph.start])
    helped = leading_to(found, (*helping, *subject.broken))
    for step in subject.steps("ask"):
        value = graph.steps[step.name].value
        if not isinstance(value, AskValue) or not value.choices or step.name not in seen:
            continue
        if step.name not in helped:
            yield subject.found(
                step.key,
                f"From `{step.name}` no caller reaches a person, and none can leave a message.",
                help="Add a choice, such as 0, that leads to a person or to a `record`.",
                path=("steps", step.name),
            )
