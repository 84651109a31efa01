"""Two outcomes lead to each other's steps.

## What it does
Reports two outcomes of one `next` where each leads to a step that has the other one's name in its own, and not its own:
`balance: tell_payments` beside `payments: tell_balance`; and a `fetch` whose `ok` leads to `not_booked` while others lead to
`booked`. So are `finished` of a `record`, where callers hear that nothing was heard, and `ok` of a `fetch`, where they hear
that it was refused, if what they hear after `no_input`, `http_403` and the like is that it went well.

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
Names that have nothing in common say nothing. Of what callers hear the first text is looked at, in English, Spanish, German and French.
A `404` may be the good answer, and a service that is down no reason to refuse anybody, so nothing is made of these.

## Source
[The language: next](../language.md#next-and-what-an-outcome-is).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from engine.compile.located import Mapping, Scalar
from engine.compile.scope import StepNode
from engine.lint.offers import content, share
from engine.lint.rule import Found, Rule
from engine.lint.spoken import spoken
from engine.lint.subject import Subject, text_at

RULE = Rule(code="FLW024", name="targets-exchanged", severity="warning")

_NOT_HEARD = re.compile(
    r"\b(?:did not|didn't|could not|couldn't) hear|\bheard nothing|\bno message\b|\bnothing (?:was )?(?:recorded|heard|said)"
    r"|\bno (?:le |he |hemos |pude |pudimos )*(?:oí|oído|oír|escuch)|\b(?:nichts|nicht) gehört|\bkeine nachricht"
    r"|(?:n'ai|n'avons) (?:rien|pas) (?:entendu|reçu)",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:could not|cannot|can't|couldn't|unable|not (?:right|correct|valid|allowed|possible)|wrong|refused|denied)\b"
    r"|\bno (?:podemos|puedo|pude|pudimos|se pudo)\b|\bincorrect[oa]s?\b|\b(?:nicht möglich|falsch|abgelehnt)\b|\b(?:impossible|refusée?)\b",
    re.IGNORECASE,
)
_WENT_WELL = re.compile(
    r"\b(?:thank you|thanks|welcome|hello|(?:is|are|have been|has been) (?:noted|booked|confirmed|saved|kept|done|paid|cancelled|accepted))\b"
    r"|\b(?:gracias|bienvenid[oa]|confirmad[oa]|danke|vielen dank|willkommen|bestätigt|gebucht|notiert|merci|bienvenue|confirmée?|notée?)\b",
    re.IGNORECASE,
)
_OPPOSITES = {
    "record": ("finished", ("no_input",), _NOT_HEARD),
    "fetch": ("ok", ("http_400", "http_401", "http_403", "http_422"), _REFUSED),
}
"""By verb: the good outcome, those that are none, and what callers hear of these."""
_FAR = 8


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
        if step.verb.name in _OPPOSITES:
            yield from _contradicted(subject, step, {key.text: one for key, one in named})


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


def _contradicted(subject: Subject, step: StepNode, named: dict[str, Scalar]) -> Iterator[Found]:
    good, bad, denial = _OPPOSITES[step.verb.name]
    if (
        good not in named
        or not any(one in named for one in bad)
        or not denial.search(_heard(subject, named[good].text))
    ):
        return
    for outcome in bad:
        told = _heard(subject, named[outcome].text) if outcome in named else ""
        if _WENT_WELL.search(told) and not denial.search(told):
            yield _found(subject, step, named[good], good, named[outcome].text)
            return


def _heard(subject: Subject, name: str) -> str:
    """What is said there first, but for steps that only set something."""
    for _ in range(_FAR):
        step = subject.step(name)
        if step is None or step.verb.name != "set":
            return " ".join(scalar.text for _, scalar in spoken(step)) if step is not None else ""
        name = text_at(step.node, "next")
    return ""


def _found(subject: Subject, step: StepNode, at: Scalar, outcome: str, other: str) -> Found:
    return subject.found(
        at,
        f"`{outcome}` leads to `{at.text}`, and another outcome of `{step.name}` to `{other}`.",
        help="Exchange the two targets.",
        path=(*step.path[:-1], "next"),
    )
