"""The caller is to enter a number, and is not told how it ends, or has no time between its digits.

## What it does
Reports, as info, an `ask` for more than two digits (without choices) whose English prompt names neither the key that
ends the input nor how many digits there are; and a `digit_timeout` below 2 seconds.

## Why
Callers wait after the last digit, or enter blanks and dashes as they see them on their card.

## Bad
```yaml
number:
  ask:
    prompt: "Please enter your account number."
    digits: {max: 10, terminators: "#"}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
number:
  ask:
    prompt: "Please enter your account number, then press pound."
    digits: {max: 10, terminators: "#"}
  next: bye
bye:
  end: hangup
```

## Limits
Prompts in other languages, audio files and templates are not judged.

## Source
P. Kortum (ed.), HCI Beyond the GUI, on interactive voice response: tell the length and the end of an entry.
"""

import re
from collections.abc import Iterator

from engine.compile.scope import StepNode
from engine.lint.rule import Found, Rule
from engine.lint.spoken import language, primary, texts
from engine.lint.subject import Subject, node_at, number_at, text_at

RULE = Rule(code="UX009", name="unclear-number-entry", severity="info")

_LENGTH = re.compile(
    r"\d|\$\{\{|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|digits? long)\b"
)
_ENDS = {"#": re.compile(r"#|\b(pound|hash|number sign)\b"), "*": re.compile(r"\*|\b(star|asterisk)\b")}


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("ask"):
        most = number_at(step.value, "digits", "max")
        if most is None or most < 3 or node_at(step.value, "choices") is not None:
            continue
        yield from _prompt(subject, step)
        between, node = number_at(step.value, "digits", "digit_timeout"), node_at(step.value, "digits", "digit_timeout")
        if between is not None and node is not None and between < 2:
            message = f"{between:g} s between two digits are too short for who reads them from a card."
            yield subject.found(node, message, help="Give 3 seconds or more.", path=(*step.path, "digits"))


def _prompt(subject: Subject, step: StepNode) -> Iterator[Found]:
    prompt = node_at(step.value, "prompt")
    said = " ".join(texts(prompt)).lower()
    if prompt is None or not said or primary(language(subject, step)) != "en":
        return
    ends = text_at(step.value, "digits", "terminators")
    if _LENGTH.search(said) or any(word.search(said) for key, word in _ENDS.items() if key in ends):
        return
    told = "which key ends it" if ends else "how many digits it has"
    yield subject.found(
        prompt, f"The prompt asks for a number and does not say {told}.", help="Say it.", path=(*step.path, "prompt")
    )
