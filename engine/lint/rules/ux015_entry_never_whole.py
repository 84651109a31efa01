"""No number that callers are asked for can be entered.

## What it does
Reports an `ask` whose prompt names a number of digits that is larger than `digits.max`, and one whose `accept` wants more
digits, in a row or all together, than `digits.max` lets in.

## Why
The input ends before it is whole. Each answer is a wrong one, or is cut short, whatever the caller enters.

## Bad
```yaml
pin:
  ask:
    prompt: "Please enter your six digit code."
    digits: {max: 4}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
pin:
  ask:
    prompt: "Please enter your six digit code."
    digits: {max: 6}
  next: bye
bye:
  end: hangup
```

## Limits
Where a prompt names several numbers of digits ("the last four digits of your nine digit number", "the last four") the smallest counts; what it
says of the keypad, or after an "if", does not. Reads numbers up to twenty in English, Spanish, German and French.

## Source
[The language: ask](../language.md#ask).
"""

import re
from collections.abc import Iterator

from engine.compile.located import Node
from engine.compile.patterns import least
from engine.compile.scope import StepNode
from engine.lint.farewell import SENTENCE
from engine.lint.rule import Found, Rule
from engine.lint.spoken import texts
from engine.lint.subject import Subject, node_at, number_at, text_at

RULE = Rule(code="UX015", name="entry-never-whole", severity="warning")

_NUMBERS = (
    ("two", "dos", "zwei", "deux"),
    ("three", "tres", "drei", "trois"),
    ("four", "cuatro", "vier", "quatre"),
    ("five", "cinco", "fünf", "cinq"),
    ("six", "seis", "sechs"),
    ("seven", "siete", "sieben", "sept"),
    ("eight", "ocho", "acht", "huit"),
    ("nine", "nueve", "neun", "neuf"),
    ("ten", "diez", "zehn", "dix"),
    ("eleven", "once", "elf", "onze"),
    ("twelve", "doce", "zwölf", "douze"),
    ("thirteen", "trece", "dreizehn", "treize"),
    ("fourteen", "catorce", "vierzehn", "quatorze"),
    ("fifteen", "quince", "fünfzehn", "quinze"),
    ("sixteen", "dieciséis", "sechzehn", "seize"),
)
_NUMBER_OF = {word: 2 + at for at, named in enumerate(_NUMBERS) for word in named}
_DIGITS = re.compile(
    rf"\b({'|'.join(_NUMBER_OF)}|[1-9][0-9]?)(?:[ -](?:digits?|dígitos|cifras|ziffern|chiffres)\b|-?stellige)",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"\b(?:last|first|letzten?|ersten?|últim[oa]s|primer[oa]s|derniers?|premiers?) ({'|'.join(_NUMBER_OF)}|[1-9][0-9]?)\b"
    rf"|\b({'|'.join(_NUMBER_OF)}|[1-9][0-9]?) (?:últim[oa]s|primer[oa]s|derniers?|premiers?)\b",
    re.IGNORECASE,
)
"""`Enter only the last five.`"""
_CONDITION = re.compile(r"\b(?:if|wenn|falls|si)\b[^,]*", re.IGNORECASE)
_TELEPHONE = re.compile(r"\b(?:keypad|keyboard|keys|tastatur|tasten|teclado|teclas|clavier|touches)\b", re.IGNORECASE)
"""What some numbers have, and what the telephone has."""
_REPEATED = re.compile(r"(?:\[0-9\]|\\d)\{([0-9]{1,3})(?:,[0-9]*)?\}")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("ask"):
        most, node = number_at(step.value, "digits", "max"), node_at(step.value, "digits", "max")
        if most is None or node is None:
            continue
        said = _said(" ".join(texts(node_at(step.value, "prompt"))))
        accepted = _accept(step)
        wanted = [*(int(one[1]) for one in _REPEATED.finditer(accepted)), least(accepted)]
        if said and min(said) > most:
            yield _short(subject, step, node, f"The prompt asks for {min(said)} digits", most)
        elif max(wanted) > most:
            yield _short(subject, step, node, f"`accept` wants {max(wanted)} digits", most)


def _said(prompt: str) -> list[int]:
    """How many digits it asks for, all that it names."""
    text = ".".join(_CONDITION.sub("", one) for one in SENTENCE.findall(prompt) if not _TELEPHONE.search(one))
    return [_number(one[one.lastindex or 1]) for one in (*_DIGITS.finditer(text), *_PART.finditer(text))]


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBER_OF[word.lower()]


def _accept(step: StepNode) -> str:
    return text_at(step.value, "accept") or text_at(step.value, "accept", "digits")


def _short(subject: Subject, step: StepNode, node: Node, wants: str, most: float) -> Found:
    return subject.found(
        node,
        f"{wants}, and `{step.name}` takes {most:g} at most.",
        help="Correct `max`, or what is asked for.",
        path=(*step.path, "digits"),
    )
