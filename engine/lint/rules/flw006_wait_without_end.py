"""A wait for something that may never be reported.

## What it does
Reports a `wait` without `timeout` for a signal, or for an operation that has no end by itself and may still go on: a `tap`, a
`stream`, a `transcribe`, a recording without `max_length`, a playback with `loop: 0`, a continuous collect.

## Why
Signals come from outside, and may be lost or late. Nothing else ends the wait: the caller is held until they hang up or the
flow's longest time is over.

## Bad
```yaml
signals:
  agent_free: {}
steps:
  hold:
    wait: {signal: agent_free}
    next: bye
  bye:
    end: hangup
```

## Good
```yaml
signals:
  agent_free: {}
steps:
  hold:
    wait: {signal: agent_free, timeout: 2m}
    next: bye
  bye:
    end: hangup
```

## Limits
An operation with a `deadline`, and one that has been stopped on every way to the `wait`, ends. So does a recording that the
caller ends by silence, unless it is one of the call, and a continuous collect whose timers run. The unsafe fix gives it two minutes:
how long is long enough, its author knows.

## Source
[The language: deadlines](../language.md#deadlines).
"""

from collections.abc import Iterator

from engine.compile.located import Mapping
from engine.compile.scope import StepNode
from engine.lint.calls.operations import continues
from engine.lint.finding import Edit, Fix
from engine.lint.mending import landing
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, text_at
from engine.model.graph import ApiValue, Step, WaitValue
from engine.model.ids import StepName

RULE = Rule(code="FLW006", name="wait-without-end", severity="warning", fixability="unsafe", needs="ways")

_TIMEOUT = "timeout: 2m"


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps("wait"):
        value = graph.steps[step.name].value
        if not isinstance(value, WaitValue) or value.timeout_ms or value.duration_ms:
            continue
        found = _signal(subject, step.name, value) or _handles(subject, step.name, value)
        if found:
            what, way = found
            yield subject.found(
                step.value,
                f"{what}, so `{step.name}` may hold the caller until the call is over.",
                help="Give the `wait` a `timeout`, and say where it goes then.",
                path=step.path,
                witness=way,
                fix=_fix(subject, step),
            )


def _fix(subject: Subject, step: StepNode) -> Fix | None:
    """A `timeout`, and where `next` names outcomes and no `otherwise`, its way."""
    follows, target = step.node.get("next"), landing(subject)
    edits = [_bounded(subject, step)]
    if isinstance(follows, Mapping) and not any(follows.key(one) for one in ("timeout", "otherwise")):
        edits.append(subject.appending(follows, f"timeout: {target}") if target else None)
    done = tuple(one for one in edits if one is not None)
    return Fix(title=f"Add `{_TIMEOUT}`", safety="unsafe", edits=done) if len(done) == len(edits) else None


def _bounded(subject: Subject, step: StepNode) -> Edit | None:
    if isinstance(step.value, Mapping):
        return subject.appending(step.value, _TIMEOUT)
    return Edit(step.value.start, step.value.end, f"{{handle: {text_at(step.node, 'wait')}, {_TIMEOUT}}}")


def _signal(subject: Subject, step: StepName, value: WaitValue) -> tuple[str, tuple[str, ...]] | None:
    way = subject.calls.way("anything", "", step) if value.signal else ()
    return (f"The signal `{value.signal}` may never come", way) if way else None


def _handles(subject: Subject, step: StepName, value: WaitValue) -> tuple[str, tuple[str, ...]] | None:
    """One that has no end is enough, but for a wait for any of several."""
    assert subject.graph is not None
    steps = subject.graph.steps
    endless = [one for one in value.handles if one in steps and _is_endless(subject, steps[one])]
    if not endless or (value.many and not value.all and len(endless) < len(value.handles)):
        return None
    for handle in endless:
        way = subject.calls.way("live", handle, step) if subject.calls.may("live", handle, step) else ()
        if way:
            return f"`{handle}` has no end by itself", way
    return None


def _is_endless(subject: Subject, step: Step) -> bool:
    if step.deadline_ms or not isinstance(step.value, ApiValue):
        return False
    params = step.value.params
    match step.verb:
        case "tap" | "stream" | "transcribe":
            return True
        case "play":
            return bool(params.get("loop") == 0)
        case "collect":
            return continues(step) and not _clock(subject, step)
        case "record":
            return _has_no_end(params.get("record", {}).get("audio", {}))
    return False


def _clock(subject: Subject, step: Step) -> bool:
    assert isinstance(step.value, ApiValue)
    own = step.value.params.get("start_input_timers", False)
    others = (
        (one.value for one in subject.graph.steps.values() if one.verb == "collect.start_input_timers")
        if subject.graph
        else ()
    )
    return (
        own is not False
        or subject.has_broken_steps
        or any(isinstance(one, ApiValue) and one.handle == step.name for one in others)
    )


def _has_no_end(audio: dict[str, object]) -> bool:
    return audio.get("max_length", 0) == 0 and audio.get("end_silence_timeout") == 0
