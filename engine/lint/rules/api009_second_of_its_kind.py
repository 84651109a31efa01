"""Something that a call has once is begun while it is on.

## What it does
Reports `denoise`, `ai_sidecar`, `transcribe` and the start of `live_transcribe` and `live_translate` where the call may have
one already, from a step or from a flow that was called and left it on, and a `subflow` whose flow begins one. An error where
a step has begun it on every way.

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
A `transcribe` that is entered again stops its own older one first. A step that names `rejected` in its `next` is not counted.
A flow that is called and switches such a thing off itself is taken to do so in time; one that fails, to have left nothing on. The
unsafe fix takes the step out where it is refused on every way, and leads around it.

## Source
The calling API's transcribe (409); [what is assumed](../assumptions.md#the-second-of-what-a-call-has-once) of the others.
"""

from collections.abc import Container, Iterator, Mapping

from msgspec import Struct

from engine.compile.scope import StepNode
from engine.lint.calls.called import once
from engine.lint.calls.leaving import ONCE
from engine.lint.calls.operations import begins
from engine.lint.finding import Fix
from engine.lint.mending import without
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import FlowGraph, Step, SubflowValue

RULE = Rule(code="API009", name="second-of-its-kind", severity="warning", fixability="unsafe", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps(*ONCE, "transcribe"):
        if step.name in subject.calls.going_on and "rejected" not in graph.steps[step.name].next.named:
            on = next(_on(subject, step.name, (step.verb.name,)), None)
            if on is not None:
                yield _second(subject, step, on)
    for step in subject.steps("subflow"):
        value = graph.steps[step.name].value
        begun = _begun_within(graph.subflows[value.flow]) if isinstance(value, SubflowValue) else {}
        on = next(_on(subject, step.name, begun), None)
        if on is not None:
            yield _within(subject, step, on, begun[on.verb])


class _On(Struct, frozen=True, kw_only=True):
    """What a call has on already. `by`: who has begun it, `sure`: on every way."""

    verb: str
    by: str
    stop: str
    sure: bool
    witness: tuple[str, ...]


def _on(subject: Subject, step: str, verbs: Container[str]) -> Iterator[_On]:
    calls = subject.calls
    for name, first in calls.going_on.items():
        own = name == step and first.verb == "transcribe"
        way = calls.way("live", name, step) if first.verb in verbs and not own else ()
        if way:
            sure = subject.is_whole and not calls.may("gone", name, step)
            yield _On(verb=first.verb, by=f"`{name}`", stop=_stop(first.verb, name), sure=sure, witness=way)
    for left in calls.names("left"):
        verb, _, by = left.partition(" ")
        way = calls.way("left", left, step) if verb in verbs else ()
        if way:
            stop = _stop(verb, "") if verb in ONCE else f" in the flow that `{by}` calls"
            yield _On(verb=verb, by=f"one from `{by}`", stop=stop, sure=False, witness=way)


def _second(subject: Subject, step: StepNode, on: _On) -> Found:
    return subject.found(
        step.node.key(on.verb) or step.key,
        f"A call has one `{on.verb}`, and {on.by} {'is' if on.sure else 'may be'} on here.",
        help=f"Stop it before{on.stop}, or lead around `{step.name}`.",
        path=step.path,
        witness=on.witness,
        severity="error" if on.sure else None,
        fix=_removal(subject, step) if on.sure else None,
    )


def _within(subject: Subject, step: StepNode, on: _On, begins: str) -> Found:
    """A flow begins what the one that calls it has on."""
    return subject.found(
        step.node.key("subflow") or step.key,
        f"A call has one `{on.verb}`: {on.by} may be on here, and `{begins}` begins another.",
        help=f"Stop it before{on.stop}, or begin it in one of the two flows only.",
        path=step.path,
        witness=on.witness,
    )


def _removal(subject: Subject, step: StepNode) -> Fix | None:
    edits = without(subject, step)
    return Fix(title=f"Remove `{step.name}`", safety="unsafe", edits=edits) if edits else None


@once
def _begun_within(flow: FlowGraph) -> Mapping[str, str]:
    """What of a call a flow begins, by its verb, with the step; but for what it switches off, and where it is ready for a no."""
    found: dict[str, str] = {}
    for step in flow.steps.values():
        if isinstance(step.value, SubflowValue):
            found = {**_begun_within(flow.subflows[step.value.flow]), **found}
        elif step.verb in (*ONCE, "transcribe") and begins(flow, step) and "rejected" not in step.next.named:
            found.setdefault(step.verb, f"{flow.flow}.{step.name}")
    off = {step.verb.removesuffix(".stop") for step in flow.steps.values() if _is_stop(flow, step)}
    return {verb: step for verb, step in found.items() if verb not in off}


def _is_stop(flow: FlowGraph, step: Step) -> bool:
    return step.verb.endswith(".stop") or (step.verb in ONCE and not begins(flow, step))


def _stop(verb: str, name: str) -> str:
    match verb:
        case "transcribe":
            return f", with `transcribe.stop: {name}`"
        case "denoise" | "ai_sidecar":
            return f", with `{verb}.stop: {{}}`"
    return f", with `{verb}: {{action: stop}}`"
