"""A `reprompt` that nobody will ever hear.

## What it does
Reports an `ask` with `attempts: 1` and a `reprompt`, and a list of reprompts that is longer than the attempts that are left
after the first.

## Why
What is said again is said before the next attempt. Where there is none, somebody meant to give one.

## Bad
```yaml
menu:
  ask:
    prompt: "For sales, press 1."
    digits: {max: 1}
    attempts: 1
    reprompt:
      no_input: ["I did not hear a key."]
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "For sales, press 1."
    digits: {max: 1}
    attempts: 2
    reprompt:
      no_input: ["I did not hear a key."]
      no_match: ["I know no such key."]
  next: bye
bye:
  end: hangup
```

## Limits
`attempts` that is a template is not known.

## Source
[The language: ask](../language.md#ask).
"""

from collections.abc import Iterator

from engine.compile.located import Mapping
from engine.lint.rule import Found, Rule
from engine.lint.spoken import ladder
from engine.lint.subject import Subject, node_at, number_at

RULE = Rule(code="UX016", name="reprompt-never-heard", severity="warning")

_ATTEMPTS = 3


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("ask"):
        if not isinstance(step.value, Mapping) or node_at(step.value, "reprompt") is None:
            continue
        again = int(number_at(step.value, "attempts") or _ATTEMPTS) - 1
        place = step.value.get("attempts")
        if again == 0 and place is not None:
            yield subject.found(
                place,
                f"`{step.name}` is tried once, so its `reprompt` is never heard.",
                help="Give two attempts or more, or leave `reprompt` out.",
                path=step.path,
            )
            continue
        for name in ("no_input", "no_match"):
            said = ladder(step, name)
            if len(said) > again:
                yield subject.found(
                    said[again],
                    f"This is never heard: `{step.name}` is tried {again + 1} times.",
                    help="Give more `attempts`, or leave it out.",
                    path=(*step.path, "reprompt", name),
                )
