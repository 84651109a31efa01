"""The call is recorded or written down, and the caller is not told.

## What it does
Reports a `record` of the call, a `transcribe` or a `live_transcribe` from which a caller comes to something else than a
word about it: neither before nor as the first thing afterwards is said that the call is recorded.

## Why
In many places a call may be recorded only with the consent of all who talk, and consent needs to be told.

## Bad
```yaml
tape:
  record: {direction: both, max_length: 600, initial_timeout: 60, end_silence_timeout: 60}
  background: true
  next: welcome
welcome:
  play: "Thank you for calling."
  next: bye
bye:
  end: hangup
```

## Good
```yaml
tape:
  record: {direction: both, max_length: 600, initial_timeout: 60, end_silence_timeout: 60}
  background: true
  next: welcome
welcome:
  play: "Thank you for calling. This call is recorded."
  next: bye
bye:
  end: hangup
```

## Limits
English, Spanish, German and French are understood. A text in another language, a file and a value are taken to say it. A
recording that is waited for is a message, and callers know of it. A flow that others call is taken to be called by one that has
said it. A notice counts also where it failed: that is no fault of the flow.

## Source
Laws on recording conversations, such as California Penal Code § 632 and the GDPR, articles 6 and 13.
"""

from collections.abc import Iterator

from engine.compile.scope import StepNode
from engine.lint.calls.speech import said
from engine.lint.calls.topics import RECORDING, speaks_of
from engine.lint.recordings import is_of_the_call
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import Step

RULE = Rule(code="SEC004", name="recorded-without-notice", severity="warning", needs="ways")

_TALK = ("play", "ask", "collect", "record", "connect", "excursion", "redirect", "transfer", "refer")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("record", "transcribe", "live_transcribe"):
        if step.name not in subject.calls.going_on or not _is_of_the_call(subject, step):
            continue
        way = next(filter(None, _ways(subject, step)), ())
        if way:
            yield subject.found(
                step.node.key(step.verb.name) or step.key,
                f"`{step.name}` takes down the call, and at `{way[-1]}` the caller has not been told.",
                help='Say so before or just after, such as "this call is recorded".',
                path=step.path,
                witness=way,
            )


def _is_of_the_call(subject: Subject, step: StepNode) -> bool:
    return step.verb.name != "record" or is_of_the_call(subject, step)


def _ways(subject: Subject, step: StepNode) -> Iterator[tuple[str, ...]]:
    """To where the caller talks on or is talked to, about something else."""
    assert subject.graph is not None
    for other in subject.graph.steps.values():
        if other.verb in _TALK and not _tells(other) and subject.calls.may("untold", step.name, other.name):
            yield subject.calls.way("untold", step.name, other.name)


def _tells(step: Step) -> bool:
    return any(speaks_of(one, RECORDING) is not False for one in said(step))
