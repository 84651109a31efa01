"""Something that a call has once is begun while it is on.

## What it does
Reports `denoise`, `ai_sidecar`, `transcribe` and the start of `live_transcribe` and `live_translate` where the call may have
one already. An error where it has one on every way.

## Why
A second transcription is refused with 409, and the others are likely to be: the step is `rejected`, and the caller lands in
the flow's handler or is hung up on.

## Bad
```yaml
clean:
  denoise: {}
  next: message
message:
  record: {beep: true, max_length: 60}
  next: {finished: bye, no_input: clean}
bye:
  end: hangup
```

## Good
```yaml
clean:
  denoise: {}
  next: message
message:
  record: {beep: true, max_length: 60}
  next: {finished: bye, no_input: message}
bye:
  end: hangup
```

## Limits
A `transcribe` that is entered again stops its own older one first. What a flow that is called leaves on is not counted, nor
is a step that names `rejected` in its `next`.

## Source
The calling API's transcribe (409); [what is assumed](../assumptions.md#the-second-of-what-a-call-has-once) of the others.
"""

from collections.abc import Iterator

from engine.lint.calls.operations import ONCE
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="API009", name="second-of-its-kind", severity="warning", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps(*ONCE, "transcribe"):
        if step.name not in subject.calls.going_on or "rejected" in graph.steps[step.name].next.named:
            continue
        for name, first in subject.calls.going_on.items():
            own = name == step.name and step.verb.name == "transcribe"
            if first.verb != step.verb.name or own or not subject.calls.may("live", name, step.name):
                continue
            way = subject.calls.way("live", name, step.name)
            if way:
                sure = subject.is_whole and not subject.calls.may("gone", name, step.name)
                yield subject.found(
                    step.node.key(step.verb.name) or step.key,
                    f"A call has one `{step.verb.name}`, and `{name}` {'is' if sure else 'may be'} on here.",
                    help=f"Stop it before{_stop(step.verb.name, name)}, or lead around `{step.name}`.",
                    path=step.path,
                    witness=way,
                    severity="error" if sure else None,
                )
                break


def _stop(verb: str, name: str) -> str:
    match verb:
        case "transcribe":
            return f", with `transcribe.stop: {name}`"
        case "denoise" | "ai_sidecar":
            return f", with `{verb}.stop: {{}}`"
    return f", with `{verb}: {{action: stop}}`"
