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
Only what leads from an `ask`, `collect`, `record` or `fetch` is looked at, not the way after a handler. After a goodbye a `fetch`
or a recording may follow: knows what people say last in English, Spanish, German and French.

## Source
Guidelines for voice menus: say goodbye.
"""

from collections.abc import Iterator

from engine.compile.scope import StepNode
from engine.lint.farewell import closes, plays_before
from engine.lint.rule import Found, Rule
from engine.lint.silence import Silence
from engine.lint.subject import Subject

RULE = Rule(code="UX011", name="hangup-without-closing", severity="info", needs="ways")

_FAILED = ("no_input", "no_match", "error", "rejected", "lost", "expression", "visits", "limit")
_SAVING = ("fetch", "record")
_QUIET = ("set", "branch", "wait", "fetch", "record", "record.stop", "user_event")


def check(subject: Subject) -> Iterator[Found]:
    seen = subject.reached
    silence = Silence(subject)
    for step in subject.steps("ask", "collect", "record", "fetch"):
        for edge in subject.calls.ends(step.name) if step.name in seen and not step.background else ():
            way = () if edge.outcome in _FAILED else silence.after(edge)
            if way and not _is_closed(subject, step):
                yield subject.found(
                    step.node.key("next") or step.key,
                    f"After `{step.name}` (`{edge.outcome}`) the call is hung up without a word.",
                    help="Play a goodbye before it.",
                    path=("steps", step.name, "next"),
                    witness=way,
                )
                break


def _is_closed(subject: Subject, step: StepNode) -> bool:
    """May callers have heard a goodbye before what is saved at the end?"""
    between = {one.name for one in subject.steps(*_QUIET)}
    return step.verb.name in _SAVING and any(closes(one) for one in plays_before(subject, step.name, between))
