"""Two choices of a menu come to the same.

## What it does
Reports a choice of an `ask` whose way is named and leads to the step that the way of an earlier choice leads to, where
nothing in the flow reads what was chosen.

## Why
The prompt offers two things, and the caller gets one of them whatever key is pressed. A line was copied, or two steps were merged
and the menu was forgotten.

## Bad
```yaml
menu:
  ask:
    prompt: "To keep your appointment, press 1. To cancel it, press 2."
    digits: {max: 1}
    choices:
      keep: {keys: ["1"]}
      cancel: {keys: ["2"]}
  next: {keep: kept, cancel: kept, otherwise: bye}
kept:
  play: "Your appointment stays as it is."
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "To keep your appointment, press 1. To cancel it, press 2."
    digits: {max: 1}
    choices:
      keep: {keys: ["1"]}
      cancel: {keys: ["2"]}
  next: {keep: kept, cancel: cancelled, otherwise: bye}
kept:
  play: "Your appointment stays as it is."
  next: bye
cancelled:
  play: "Your appointment is cancelled."
  next: bye
bye:
  end: hangup
```

## Limits
Choices whose way is not named (`otherwise`, a plain `next`) are not judged, nor are the choices of `defaults`, nor those that lead to where
silence or a wrong key leads too ("for anything else, press 3"), nor those that lead to somebody (`connect`, `transfer`, `redirect`,
`refer`) or to a `branch`: one desk may be there for several things. Two keys for one thing are one choice with both: `keys: ["1", "2"]`.

## Source
[The language: ask](../language.md#ask).
"""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from engine.compile.scope import StepNode
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at, text_at

RULE = Rule(code="UX025", name="choice-of-nothing", severity="warning")

_FOR_ALL = ("connect", "transfer", "redirect", "refer", "branch")
"""One desk may serve whoever asks for sales and whoever asks for a person; a branch is often the way there."""
_NAMED = re.compile(r"\bsteps\.(\w+)\.")


def check(subject: Subject) -> Iterator[Found]:
    alike = [(step, *one) for step in subject.steps("ask") for one in _alike(step) if not _is_for_all(subject, one[-1])]
    read = _read(subject) if alike else frozenset()
    for step, name, other, target in alike:
        if step.name not in read:
            yield subject.found(
                target,
                f"`{name}` leads where `{other}` leads, and nothing asks which of them it was.",
                help="Lead it to a step of its own, or make one choice of the two.",
                path=step.path,
            )


def _alike(step: StepNode) -> Iterator[tuple[str, str, Scalar]]:
    """A choice, an earlier one, and where both lead."""
    first: dict[str, str] = {}
    for name, target in _ways(step):
        other = first.setdefault(target.text, name)
        if other != name and target.text not in _fallbacks(step):
            yield name, other, target


def _is_for_all(subject: Subject, target: Scalar) -> bool:
    step = subject.step(target.text)
    return step is None or step.verb.name in _FOR_ALL


def _ways(step: StepNode) -> Iterator[tuple[str, Scalar]]:
    """Of the step's own choices, as far as they are named."""
    choices = node_at(step.value, "choices")
    for name, choice in choices.entries if isinstance(choices, Mapping) else ():
        target = node_at(choice, "next") or node_at(step.node, "next", name.text)
        if isinstance(target, Scalar):
            yield name.text, target


def _fallbacks(step: StepNode) -> set[str]:
    """Where callers come who choose nothing."""
    return {text_at(step.node, "next", outcome) for outcome in ("otherwise", "no_input", "no_match")}


def _read(subject: Subject) -> frozenset[str]:
    """The steps of which something is read."""
    return frozenset(name for _, scalar in subject.scalars() for name in _NAMED.findall(scalar.text))
