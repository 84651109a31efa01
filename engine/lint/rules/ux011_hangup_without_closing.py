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

from engine.lint.routes import route
from engine.lint.rule import Found, Rule
from engine.lint.silence import Silence
from engine.lint.subject import Subject

RULE = Rule(code="UX011", name="hangup-without-closing", severity="info", needs="ways")

_FAILED = ("no_input", "no_match", "error", "rejected", "lost", "expression", "visits")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    found, seen = subject.ways, subject.reached
    silence = Silence(subject)
    for step in subject.steps("ask", "collect", "record", "fetch"):
        for way in found[step.name]:
            failed = way.by in _FAILED or (way.by == "otherwise" and step.verb.name == "ask")
            dead = () if failed or step.name not in seen or step.background else silence.after(way.to)
            if dead:
                yield subject.found(
                    step.node.key("next") or step.key,
                    f"After `{step.name}` ({way.by}) the call is hung up without a word.",
                    help="Play a goodbye before it.",
                    path=("steps", step.name, "next"),
                    witness=(*route(seen, step.name)[:-1], f"{step.name} ({way.by})", *dead),
                )
                break
