"""Input that some callers cannot give: by speech alone, or in too short a time.

## What it does
Reports an `ask` or a `collect` that takes `speech` and no `digits`, and an `initial_timeout` below the option
`min_initial_timeout` (3 seconds).

## Why
Not everybody can speak, is understood, or may speak aloud where they are; and not everybody is quick. A keypad always works.

## Bad
```yaml
day:
  ask:
    prompt: "Say yes or no."
    speech: {}
    choices:
      agreed: {phrases: ["yes"]}
      refused: {phrases: ["no"]}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
day:
  ask:
    prompt: "Say yes or press 1, say no or press 2."
    speech: {}
    digits: {max: 1}
    choices:
      agreed: {phrases: ["yes"], keys: ["1"]}
      refused: {phrases: ["no"], keys: ["2"]}
  next: bye
bye:
  end: hangup
```

## Limits
Times under half a second are another rule's ([UX012](ux012.md)). Whether each choice has a key is not looked at. There is no fix for a missing keypad way: which key is for what has to be said in the
prompt as well. The unsafe fix for a time that is too short is the shortest that is not. A `collect` with `continuous` listens along, and is not reported.

## Source
Rules for accessible phone services ask for a way by keypad and for time enough.
"""

from collections.abc import Iterator

from engine.compile.located import Mapping
from engine.lint.finding import Edit, Fix
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at, number_at, text_at

RULE = Rule(
    code="UX008", name="no-keypad-way", severity="warning", fixability="unsafe", options={"min_initial_timeout": 3}
)

_IMPLAUSIBLE = 0.5
"""Shorter times are another rule's."""


def check(subject: Subject) -> Iterator[Found]:
    least = subject.options.get("min_initial_timeout", RULE.options["min_initial_timeout"])
    for step in subject.steps("ask", "collect"):
        if not isinstance(step.value, Mapping) or text_at(step.value, "continuous") == "true":
            continue
        speech, timeout = step.value.key("speech"), node_at(step.value, "initial_timeout")
        if speech is not None and step.value.get("digits") is None:
            message = f"`{step.name}` can be answered by speech only."
            advice = "Take `digits` as well, and say in the prompt which keys to press."
            yield subject.found(speech, message, help=advice, path=(*step.path, "speech"))
        seconds = number_at(step.value, "initial_timeout")
        if timeout is not None and seconds is not None and seconds < least and not 0 < seconds < _IMPLAUSIBLE:
            message = f"{seconds:g} s to begin an answer are too short for many callers."
            edit = Edit(timeout.start, timeout.end, str(least))
            yield subject.found(
                timeout,
                message,
                help=f"Give at least {least} seconds.",
                path=(*step.path, "initial_timeout"),
                fix=Fix(title=f"Write `{least}`", safety="unsafe", edits=(edit,)),
            )
