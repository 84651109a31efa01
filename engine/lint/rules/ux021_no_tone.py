"""Callers are told to speak after the tone, and there is none.

## What it does
Reports a `record` without `beep: true` that a `play` leads to which says "after the tone".

## Why
Callers wait for it. Either they say nothing, or the recording has begun long before they do.

## Bad
```yaml
invite:
  play: "Please leave a message after the tone."
  next: message
message:
  record: {max_length: 120}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
invite:
  play: "Please leave a message after the tone."
  next: message
message:
  record: {beep: true, max_length: 120}
  next: bye
bye:
  end: hangup
```

## Limits
Reads English, Spanish, German and French. A `play` with a file in it, or with a `ringtone` at its end, may have a tone of its own.

## Source
The calling API's record: `beep` is false where it is not given.
"""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Node, Scalar
from engine.compile.scope import StepNode
from engine.lint.finding import Edit, Fix
from engine.lint.rule import Found, Rule
from engine.lint.spoken import items, spoken
from engine.lint.subject import Subject, node_at, text_at

RULE = Rule(code="UX021", name="no-tone", severity="warning", fixability="unsafe")

_TONE = re.compile(
    r"\b(?:after|at|following) the (?:tone|beep|signal)\b|\bdespués (?:del tono|de la señal)"
    r"|\bnach dem (?:ton|signalton|piep\w*)\b|\baprès le (?:bip|signal|ton)\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Found]:
    told = {target for step in subject.steps("play") if _speaks_of_it(step) for target in _targets(step)}
    for step in subject.steps("record"):
        if step.name not in told or not isinstance(step.value, Mapping):
            continue
        beep = step.value.get("beep")
        if beep is not None and not _is_off(beep):
            continue
        edit, action = _edit(subject, step.value, beep), "Write" if beep else "Add"
        yield subject.found(
            beep or step.node.key("record") or step.key,
            f"Callers are told of a tone, and `{step.name}` records without one.",
            help=f"{action} `beep: true`.",
            path=step.path,
            fix=Fix(title=f"{action} `beep: true`", safety="unsafe", edits=(edit,)) if edit else None,
        )


def _is_off(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is False


def _edit(subject: Subject, params: Mapping, beep: Node | None) -> Edit | None:
    return subject.adding(params, "beep: true") if beep is None else Edit(beep.start, beep.end, "true")


def _speaks_of_it(step: StepNode) -> bool:
    played = list(items(step.value))
    if any(_is(item, "audio") for item in played) or any(_is(last, "ringtone") for last in played[-1:]):
        return False
    return any(_TONE.search(scalar.text) for _, scalar in spoken(step))


def _is(item: Node, kind: str) -> bool:
    """In the short form, or as the API has it."""
    return node_at(item, kind) is not None or text_at(item, "type") == kind


def _targets(step: StepNode) -> Iterator[str]:
    found: Node | None = step.node.get("next")
    nodes = (
        [found]
        if isinstance(found, Scalar)
        else [one for _, one in found.entries]
        if isinstance(found, Mapping)
        else []
    )
    yield from (one.text for one in nodes if isinstance(one, Scalar))
