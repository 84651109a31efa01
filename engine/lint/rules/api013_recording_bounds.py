"""A recording without a longest length, or one of the whole call that ends at the first pause.

## What it does
Reports a `record` that is waited for and has neither `max_length` nor `deadline`, and a `record` in the background that
leaves `initial_timeout` or `end_silence_timeout` to the defaults. So is one of both sides (`direction: both`) that is waited for and
no pause of the caller's ends soon: with nothing beside it, nobody is there on the other side.

## Why
The defaults suit a message, but have no longest length: where a radio plays in the background, a message is an hour
long. For a recording of the call they are far too short: after half a second in which the caller says nothing, or four
seconds at the beginning, it is over.

## Bad
```yaml
message:
  record: {beep: true}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
message:
  record: {beep: true, max_length: 120}
  next: bye
bye:
  end: hangup
```

## Limits
A recording in the background that is waited for, and that nothing stops, is taken for a message. Whether the numbers fit
is not judged. The unsafe fixes add three minutes for a message, and 0 (no such end) for a call.

## Source
The calling API's record: `max_length` 0 is no limit, `initial_timeout` is 4 s, `end_silence_timeout` 0.5 s.
"""

from collections.abc import Iterator

from engine.compile.located import Mapping
from engine.compile.scope import StepNode
from engine.lint.finding import Fix
from engine.lint.recordings import is_of_the_call
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at, number_at, text_at

RULE = Rule(code="API013", name="recording-bounds", severity="warning", fixability="unsafe")

_LONG = 10
"""Seconds of silence that no message has."""
_SILENCES = ("initial_timeout", "end_silence_timeout")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("record"):
        missing = [name for name in _SILENCES if node_at(step.value, name) is None]
        if step.background and subject.has_broken_steps:
            continue
        if is_of_the_call(subject, step):
            if missing:
                yield _ends_early(subject, step, missing)
        elif not step.background and _is_a_talk(step):
            yield subject.found(
                step.node.key("record") or step.key,
                f"`{step.name}` records both sides, and the call waits in silence until it is over.",
                help="Add `background: true`, and the call goes on while it records.",
                path=step.path,
            )
        elif _is_unbounded(step):
            yield subject.found(
                node_at(step.value, "max_length") or step.node.key("record") or step.key,
                f"The recording of `{step.name}` has no longest length.",
                help="Add `max_length`, in seconds.",
                path=step.path,
                fix=_adding(subject, step, "max_length: 180") if node_at(step.value, "max_length") is None else None,
            )


def _is_a_talk(step: StepNode) -> bool:
    ends = number_at(step.value, "end_silence_timeout")
    return text_at(step.value, "direction") == "both" and ends is not None and (ends == 0 or ends >= _LONG)


def _is_unbounded(step: StepNode) -> bool:
    length = node_at(step.value, "max_length")
    return step.node.get("deadline") is None and (length is None or number_at(step.value, "max_length") == 0)


def _ends_early(subject: Subject, step: StepNode, missing: list[str]) -> Found:
    names = " and ".join(f"`{name}`" for name in missing)
    waits = "half a second of silence" if _SILENCES[1] in missing else "four seconds of silence at its beginning"
    return subject.found(
        step.node.key("record") or step.key,
        f"This recording in the background is over after {waits}.",
        help=f"Set {names}; 0 turns that end off.",
        path=step.path,
        fix=_adding(subject, step, *(f"{name}: 0" for name in missing)),
    )


def _adding(subject: Subject, step: StepNode, *entries: str) -> Fix | None:
    edits = [subject.adding(step.value, entry) for entry in entries] if isinstance(step.value, Mapping) else []
    made = tuple(edit for edit in edits if edit is not None)
    return Fix(title=f"Add `{entries[0]}`", safety="unsafe", edits=made[:1]) if made else None
