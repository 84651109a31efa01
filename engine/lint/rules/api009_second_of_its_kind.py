"""Something that a call has once is begun while it is on.

## What it does
Reports `denoise`, `ai_sidecar`, `transcribe` and the start of `live_transcribe` and `live_translate` where the call may have
one already, and a `subflow` whose flow begins one. An error where it has one on every way.

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
is a step that names `rejected` in its `next`. A flow that is called and switches such a thing off itself is taken to do so
in time. The unsafe fix takes the step out where it is refused on every way, and leads around it.

## Source
The calling API's transcribe (409); [what is assumed](../assumptions.md#the-second-of-what-a-call-has-once) of the others.
"""

from collections.abc import Iterator, Mapping

from engine.compile.scope import StepNode
from engine.lint.calls.called import once
from engine.lint.calls.operations import ONCE, begins
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
                    fix=_removal(subject, step) if sure else None,
                )
                break
    yield from _called(subject, graph)


def _removal(subject: Subject, step: StepNode) -> Fix | None:
    edits = without(subject, step)
    return Fix(title=f"Remove `{step.name}`", safety="unsafe", edits=edits) if edits else None


def _called(subject: Subject, graph: FlowGraph) -> Iterator[Found]:
    """Flows that begin what the one that calls them has on."""
    for step in subject.steps("subflow"):
        value = graph.steps[step.name].value
        begun = _begun_within(graph.subflows[value.flow]) if isinstance(value, SubflowValue) else {}
        for name, first in subject.calls.going_on.items():
            if first.verb not in begun or not subject.calls.may("live", name, step.name):
                continue
            way = subject.calls.way("live", name, step.name)
            if way:
                yield subject.found(
                    step.node.key("subflow") or step.key,
                    f"A call has one `{first.verb}`: `{name}` may be on here, and `{begun[first.verb]}` begins another.",
                    help=f"Stop it before{_stop(first.verb, name)}, or begin it in one of the two flows only.",
                    path=step.path,
                    witness=way,
                )
                break


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
