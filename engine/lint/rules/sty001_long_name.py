"""A step's name that is too long to read.

## What it does
Reports names of steps with more characters than the option `max_name` (40). The compiler holds their letters.

## Why
Names stand in every `next`, in transcripts and in diagrams.

## Bad
```yaml
ask_the_caller_for_the_account_number_again:
  play: "Please try again."
  next: bye
bye:
  end: hangup
```

## Good
```yaml
ask_again:
  play: "Please try again."
  next: bye
bye:
  end: hangup
```

## Limits
What a good name is, is not judged.

## Source
[The language: sections of a file](../language.md#sections-of-a-file).
"""

from collections.abc import Iterator

from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="STY001", name="long-name", severity="info", options={"max_name": 40})


def check(subject: Subject) -> Iterator[Found]:
    most = subject.options.get("max_name", RULE.options["max_name"])
    for step in subject.steps():
        if len(step.name) > most:
            yield subject.found(
                step.key,
                f"The name has {len(step.name)} characters; more than {most} are hard to read.",
                help="Say what the step is for in two or three words, and the rest in `note`.",
                path=("steps", step.name),
            )
