"""A caller who has answered wrongly is asked again, and is not told why.

## What it does
Reports an `ask` of more than one attempt whose answers may be wrong (it has choices, or `accept`), and whose `reprompt` has no
`no_match`, or that has no `reprompt` at all.

## Why
The same question again sounds as if the first answer had not arrived, so callers give the same answer again.

## Bad
```yaml
pin:
  ask:
    prompt: "Please enter your PIN."
    digits: {max: 4}
    accept: '^[0-9]{4}$'
    reprompt:
      no_input: ["I did not hear a key."]
  next: bye
bye:
  end: hangup
```

## Good
```yaml
pin:
  ask:
    prompt: "Please enter your PIN."
    digits: {max: 4}
    accept: '^[0-9]{4}$'
    reprompt:
      no_input: ["I did not hear a key."]
      no_match: ["A PIN has four digits."]
  next: bye
bye:
  end: hangup
```

## Limits
Silence needs no explanation: the question again is one. That it is the same in the same words is [UX005](ux005.md)'s.

## Source
Guidelines for voice menus: say what went wrong, then ask again.
"""

from collections.abc import Iterator

from engine.compile.located import Mapping
from engine.lint.rule import Found, Rule
from engine.lint.spoken import ladder
from engine.lint.subject import Subject, node_at, number_at

RULE = Rule(code="UX017", name="wrong-answer-unexplained", severity="warning")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("ask"):
        attempts = number_at(step.value, "attempts")
        judged = any(node_at(step.value, name) is not None for name in ("choices", "accept"))
        if not judged or (attempts is not None and attempts < 2) or ladder(step, "no_match"):
            continue
        again = step.value.key("reprompt") if isinstance(step.value, Mapping) else None
        advice = "Add `no_match` to it" if again is not None else "Add `reprompt` with `no_match`"
        yield subject.found(
            again or step.node.key("ask") or step.key,
            f"Who gives a wrong answer to `{step.name}` is asked again without a word about it.",
            help=f"{advice}: what was wrong, and what to do.",
            path=step.path,
        )
