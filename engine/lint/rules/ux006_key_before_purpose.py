"""A menu that says the key before what it is for, or its keys in no order.

## What it does
Reports a prompt of an `ask` with `choices` that says `press 1 for sales`, one that says a key after a higher one, and one of three keys
or more that leaves a single number out.

## Why
Who hears the key first has forgotten it when they know that it is theirs, and listens again. Numbers in their order need not be
remembered at all.

## Bad
```yaml
menu:
  ask:
    prompt: "Press 2 for service, or press 1 for sales."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
      service: {keys: ["2"]}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "For sales, press 1. For service, press 2."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
      service: {keys: ["2"]}
  next: bye
bye:
  end: hangup
```

## Limits
Understands prompts in English, Spanish, German and French. The keys 9, 0, `*` and `#` are often the same in all menus, and have no
order. One finding for each prompt.

## Source
Guidelines for voice menus: what a key is for, then the key; ascending, without gaps.
"""

from collections.abc import Iterator
from itertools import pairwise

from engine.compile.scope import StepNode
from engine.lint.offers import key_before_purpose, offers
from engine.lint.rule import Found, Rule
from engine.lint.spoken import scalars
from engine.lint.subject import Subject, node_at

RULE = Rule(code="UX006", name="key-before-purpose", severity="info")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("ask"):
        if node_at(step.value, "choices") is not None:
            found = _early(subject, step) or _unordered(subject, step)
            if found is not None:
                yield found


def _early(subject: Subject, step: StepNode) -> Found | None:
    for scalar in scalars(node_at(step.value, "prompt")):
        part = key_before_purpose(scalar.text)
        if part is not None:
            message = f"“{scalar.text[slice(*part)]}” is said before what the key is for."
            return subject.found(
                scalar,
                message,
                help="Say it the other way round: `for ..., press ...`.",
                path=(*step.path, "prompt"),
                part=part,
            )
    return None


def _unordered(subject: Subject, step: StepNode) -> Found | None:
    said = list(scalars(node_at(step.value, "prompt")))
    keys = [one.key for scalar in said for one in offers(scalar.text)]
    numbers = [int(key) for key in dict.fromkeys(keys) if key in "12345678"]
    problem = _problem(numbers)
    if not problem:
        return None
    return subject.found(
        said[0], problem, help="Give the choices keys that ascend from 1.", path=(*step.path, "prompt")
    )


def _problem(numbers: list[int]) -> str:
    for before, after in pairwise(numbers):
        if after < before:
            return f"The key {after} is said after {before}."
    left = sorted({*range(1, max(numbers, default=0))} - {*numbers})
    return f"The menu goes to {max(numbers)}, and {left[0]} is left out." if len(left) == 1 and len(numbers) > 2 else ""
