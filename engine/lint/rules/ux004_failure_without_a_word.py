"""A caller who has failed to answer is hung up on without a word.

## What it does
Reports an `ask` whose `no_input` or `no_match` leads to an `end` and nothing is said or done for the caller on the way.

## Why
After the last attempt the line goes dead, and the caller does not know whether it was a fault.

## Bad
```yaml
menu:
  ask:
    prompt: "For sales, press 1."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
  next: {sales: sales, otherwise: bye}
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "For sales, press 1."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
  next: {sales: sales, otherwise: sorry}
sorry:
  play: "I did not understand you. Please call us again."
  next: bye
bye:
  end: hangup
```

## Limits
What is said is not judged. There is no fix: the words are the author's to find.

## Source
Guidelines for voice menus (Plum): ask again twice, then a person, or a polite end.
"""

from collections.abc import Iterator

from engine.lint.rule import Found, Rule
from engine.lint.silence import Silence
from engine.lint.subject import Subject

RULE = Rule(code="UX004", name="failure-without-a-word", severity="warning", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    seen = subject.reached
    silence = Silence(subject)
    for step in subject.steps("ask"):
        for edge in subject.calls.ends(step.name) if step.name in seen else ():
            way = silence.after(edge) if edge.outcome in ("no_input", "no_match") else ()
            if way:
                yield subject.found(
                    step.node.key("next") or step.key,
                    f"After the last attempt (`{edge.outcome}`) the call is over without a word.",
                    help="Go to a step that says so, or to a person.",
                    path=("steps", step.name, "next"),
                    witness=way,
                )
                break
