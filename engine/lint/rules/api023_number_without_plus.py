"""A telephone number without its plus.

## What it does
Reports a number of seven to fifteen digits without a plus as the `from`, `to` or `dest` of `connect`, `dial`, `transfer`, `refer` and
`outbound`.

## Why
The platform takes numbers in E.164: a plus, the country, the number. YAML reads `+15550100` without quotes as a number, and so
does who copies it; without its plus it is an unknown address, and nobody is called.

## Bad
```yaml
agent:
  connect: {to: "12125550142"}
  next: {bridge_ended: bye, otherwise: bye}
bye:
  end: hangup
```

## Good
```yaml
agent:
  connect: {to: "+12125550142"}
  next: {bridge_ended: bye, otherwise: bye}
bye:
  end: hangup
```

## Limits
Shorter ones may be extensions or short codes. Bindings of environments are checked by themselves.

## Source
The calling API: numbers are in E.164.
"""

import re
from collections.abc import Iterator

from engine.compile.located import Path
from engine.lint.finding import Edit, Fix
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="API023", name="number-without-plus", severity="warning", fixability="unsafe")

_NUMBER = re.compile(r"[1-9][0-9]{6,14}")
_CALLING = ("connect", "dial", "transfer", "refer")
_NAMES = ("from", "to", "dest")


def check(subject: Subject) -> Iterator[Found]:
    for path, scalar in subject.scalars():
        if path[-1] in _NAMES and _calls(path) and _NUMBER.fullmatch(scalar.text):
            edit = Edit(scalar.start, scalar.end, f'"+{scalar.text}"')
            yield subject.found(
                scalar,
                f"`{scalar.text}` has no plus, so it is no number that can be called.",
                help=f'Write it with its country: "+{scalar.text}".',
                path=path,
                fix=Fix(title="Add the plus", safety="unsafe", edits=(edit,)),
            )


def _calls(path: Path) -> bool:
    return path[0] == "outbound" or (path[0] == "steps" and len(path) > 3 and path[2] in _CALLING)
