"""Two values for a call whose names differ by case alone.

## What it does
Reports a name under `custom_variables` of a `dial` that is another's, but for capitals.

## Why
The platform does not tell them apart, and refuses the call.

## Bad
```yaml
desk:
  dial:
    from: "+15550100142"
    to: "+15550100143"
    url: "https://example.com/leg"
    max_price_per_minute: 0.05
    custom_variables: {caller: "${{ call.from }}", Caller: "x"}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
desk:
  dial:
    from: "+15550100142"
    to: "+15550100143"
    url: "https://example.com/leg"
    max_price_per_minute: 0.05
    custom_variables: {caller: "${{ call.from }}", caller_name: "x"}
  next: bye
bye:
  end: hangup
```

## Limits
What else may be wrong with such values does not compile: a name with other characters or a beginning that is the platform's own
(`sw_` and so on, [SYN008](syn008.md)), more than 20 of them or a text that is too long ([API004](api004.md)), a value that is empty or no text
([SYN005](syn005.md)). A value that comes from `${{ }}` is not known.

## Source
The calling API's dial: `custom_variables`.
"""

from collections.abc import Iterator

from engine.compile.located import Mapping
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at

RULE = Rule(code="API017", name="same-name-twice", severity="error")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("dial"):
        given = node_at(step.value, "custom_variables")
        first: dict[str, str] = {}
        for key, _ in given.entries if isinstance(given, Mapping) else ():
            other = first.setdefault(key.text.lower(), key.text)
            if other != key.text:
                yield subject.found(
                    key,
                    f"`{key.text}` is `{other}` in other letters, and the platform does not tell them apart.",
                    help="Give one of them another name.",
                    path=(*step.path, "custom_variables", key.text),
                )
