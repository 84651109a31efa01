"""A text has a placeholder in another notation than that of flows, so its name is read out.

## What it does
Reports `{{ ... }}` and `${ ... }` in what a `play`, an `ask` or a `filler` says, where names of flows stand in it.

## Why
Only `${{ ... }}` is a placeholder of a flow. Anything else is text: callers hear "steps dot lookup dot body dot balance".

## Bad
```yaml
tell:
  play: "You are calling from {{ call.from }}."
  next: bye
bye:
  end: hangup
```

## Good
```yaml
tell:
  play: "You are calling from ${{ call.from }}."
  next: bye
bye:
  end: hangup
```

## Limits
In other places `{{ }}` may be meant: a service may have templates of its own, and `${ }` is that of SWML.

## Source
[The language: expressions](../language.md#expressions).
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from engine.lint.finding import Edit, Fix
from engine.lint.rule import Found, Rule
from engine.lint.spoken import spoken
from engine.lint.subject import Subject

RULE = Rule(code="VAR008", name="misspelt-placeholder", severity="warning", fixability="unsafe")

_NAME = r"(?:[a-z_]+\()*(?:steps|vars|uses|inputs|call|signal|run)\.[a-z_]"
_OTHER = re.compile(rf"(?<!\$)\{{\{{-?\s*({_NAME}[^{{}}]*+)\}}\}}|\$\{{\s*({_NAME}[^{{}}]*+)\}}")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("play", "ask", "fetch"):
        for path, scalar in spoken(step):
            for found in _OTHER.finditer(scalar.text):
                meant = f"${{{{ {(found[1] or found[2]).strip()} }}}}"
                yield _repaired(
                    subject.found(
                        scalar,
                        f"`{found[0]}` is no placeholder, so it is read out.",
                        help=f"Write `{meant}`.",
                        path=(*step.path, *path),
                        part=found.span(),
                    ),
                    meant,
                )


def _repaired(found: Found, meant: str) -> Found:
    edit = Edit(found.start, found.end, meant)
    return replace(found, fix=Fix(title=f"Write `{meant}`", safety="unsafe", edits=(edit,)))
