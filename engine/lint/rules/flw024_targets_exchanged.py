"""Two outcomes lead to each other's steps.

## What it does
Reports two outcomes of one `next` where each leads to a step that has the other one's name in its own, and not its own:
`balance: tell_payments` beside `payments: tell_balance`; and a `fetch` whose `ok` leads to `not_booked` while others lead to
`booked`.

## Why
Who asks for the one thing gets the other. The words are the author's own, and they contradict each other.

## Bad
```yaml
menu:
  ask:
    prompt: "Press 1 for your balance, 2 for your payments."
    digits: {max: 1}
    attempts: 1
    choices:
      balance: {keys: ["1"]}
      payments: {keys: ["2"]}
  next: {balance: tell_payments, payments: tell_balance, otherwise: bye}
tell_balance:
  play: "Your balance is zero."
  next: bye
tell_payments:
  play: "You have no payments."
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "Press 1 for your balance, 2 for your payments."
    digits: {max: 1}
    attempts: 1
    choices:
      balance: {keys: ["1"]}
      payments: {keys: ["2"]}
  next: {balance: tell_balance, payments: tell_payments, otherwise: bye}
tell_balance:
  play: "Your balance is zero."
  next: bye
tell_payments:
  play: "You have no payments."
  next: bye
bye:
  end: hangup
```

## Limits
Names that have nothing in common say nothing.

## Source
[The language: next](../language.md#next-and-what-an-outcome-is).
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from engine.compile.located import Mapping, Scalar
from engine.compile.scope import StepNode
from engine.lint.offers import content, share
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="FLW024", name="targets-exchanged", severity="warning")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps():
        node = step.node.get("next")
        named = (
            [(key, one) for key, one in node.entries if isinstance(one, Scalar)] if isinstance(node, Mapping) else []
        )
        for (a, one), (b, other) in combinations(named, 2):
            if _crossed(a.text, one.text, b.text, other.text):
                yield _found(subject, step, one, a.text, other.text)
        yield from _denied(subject, step, named)


def _crossed(a: str, one: str, b: str, other: str) -> bool:
    return _in(a, other) and not _in(a, one) and _in(b, one) and not _in(b, other)


def _in(outcome: str, name: str) -> bool:
    return share(_words(outcome), _words(name))


@lru_cache(maxsize=1024)
def _words(name: str) -> frozenset[str]:
    return content(name.replace("_", " "))


def _denied(subject: Subject, step: StepNode, named: list[tuple[Scalar, Scalar]]) -> Iterator[Found]:
    good = next((one for key, one in named if key.text == "ok"), None)
    if good is None or not good.text.startswith(("not_", "no_")):
        return
    positive = good.text.partition("_")[2]
    if any(one.text == positive for key, one in named if key.text != "ok"):
        yield _found(subject, step, good, "ok", positive)


def _found(subject: Subject, step: StepNode, at: Scalar, outcome: str, other: str) -> Found:
    return subject.found(
        at,
        f"`{outcome}` leads to `{at.text}`, and another outcome of `{step.name}` to `{other}`.",
        help="Exchange the two targets.",
        path=(*step.path[:-1], "next"),
    )
