"""The call is hung up on, and nothing told the caller that it would be.

## What it does
Reports, as info, an `end: hangup` that is reached after something that the caller did or waited for, with no `play` on the
way. Silence and wrong answers are [UX004](ux004.md).

## Why
A line that goes dead sounds like a fault, and people call again.

## Bad
```yaml
day:
  ask:
    prompt: "For which day, from 1 to 7?"
    digits: {max: 1}
  next: {digits: bye, otherwise: sorry}
sorry:
  play: "Goodbye."
  next: bye
bye:
  end: hangup
```

## Good
```yaml
day:
  ask:
    prompt: "For which day, from 1 to 7?"
    digits: {max: 1}
  next: {digits: thanks, otherwise: sorry}
thanks:
  play: "Thank you. Goodbye."
  next: bye
sorry:
  play: "Goodbye."
  next: bye
bye:
  end: hangup
```

## Limits
Only what leads from an `ask`, `collect`, `record`, `fetch` or `wait` is looked at, not the way after a handler.

## Source
Guidelines for voice menus: say goodbye.
"""

from collections.abc import Iterator

from engine.lint.rule import Found, Rule
from engine.lint.silence import Silence
from engine.lint.subject import Subject

RULE = Rule(code="UX011", name="hangup-without-closing", severity="info", needs="ways")

_FAILED = ("no_input", "no_match", "error", "rejected", "lost", "expression", "visits", "limit")


def check(subject: Subject) -> Iterator[Found]:
    seen = subject.reached
    silence = Silence(subject)
    for step in subject.steps("ask", "collect", "record", "fetch"):
        for edge in subject.calls.ends(step.name) if step.name in seen and not step.background else ():
            way = () if edge.outcome in _FAILED else silence.after(edge)
            if way:
                yield subject.found(
                    step.node.key("next") or step.key,
                    f"After `{step.name}` (`{edge.outcome}`) the call is hung up without a word.",
                    help="Play a goodbye before it.",
                    path=("steps", step.name, "next"),
                    witness=way,
                )
                break
