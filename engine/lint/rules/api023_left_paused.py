"""Something is paused, and on some way nothing goes on with it.

## What it does
Reports

- a talk (`connect`) that is reached while a recording is paused, where it goes on again on another way to the same step;
- a `wait`, and a `fetch` without `filler`, that are reached while a playback is paused which goes on again on another way;
- a `wait` without `timeout` for a playback that is paused: it never ends;
- a `record.pause` behind which no step goes on with the recording or stops it, and there are still a talk, or two questions and more.

## Why
Whoever pauses a recording for a card number thinks of the way on which all goes well. On the others, the rest of the call is not on the
tape. Music that stays paused is silence.

## Bad
```yaml
tape:
  record: {direction: both, max_length: 600, initial_timeout: 0, end_silence_timeout: 0}
  background: true
  next: off
off:
  record.pause: {handle: tape, behavior: silence}
  next: card
card:
  ask:
    prompt: "Please enter your card number, then press pound."
    digits: {max: 19, terminators: "#"}
  next: {digits: on_again, otherwise: agent}
on_again:
  record.resume: tape
  next: agent
agent:
  connect: {to: "+12125550142", timeout: 20}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
tape:
  record: {direction: both, max_length: 600, initial_timeout: 0, end_silence_timeout: 0}
  background: true
  next: off
off:
  record.pause: {handle: tape, behavior: silence}
  next: card
card:
  ask:
    prompt: "Please enter your card number, then press pound."
    digits: {max: 19, terminators: "#"}
  next: on_again
on_again:
  record.resume: tape
  next: agent
agent:
  connect: {to: "+12125550142", timeout: 20}
  next: bye
bye:
  end: hangup
```

## Limits
A handle that a flow is given is the called flow's to pause and resume. `record.stop` says that a recording is meant to end.

## Source
[The language: record.pause](../language.md#recordpause).
"""

from collections.abc import Iterator

from engine.compile.scope import StepNode
from engine.lint.routes import reached
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import ApiValue, FetchValue, FlowGraph, Step, SubflowValue, WaitValue
from engine.model.ids import StepName

RULE = Rule(code="API023", name="left-paused", severity="warning", needs="ways")

_QUESTIONS = ("ask", "collect")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    paused = {handle: graph.steps[handle] for step in _pauses(subject) if (handle := _handle(graph, step.name))}
    for step in subject.steps("connect", "wait", "fetch") if paused else ():
        for handle, operation in paused.items():
            way = subject.calls.way("paused", handle, step.name) if _matters(subject, step, operation) else ()
            if way:
                yield subject.found(
                    step.node.key(step.verb.name) or step.key,
                    f"On this way `{handle}` is still paused at `{step.name}`.",
                    help=f"Go on with it before, by `{operation.verb}.resume: {handle}`.",
                    path=step.path,
                    witness=way,
                )
                break
    yield from _for_good(subject)


def _pauses(subject: Subject) -> Iterator[StepNode]:
    return subject.steps("record.pause", "play.pause")


def _handle(graph: FlowGraph, step: StepName) -> StepName | None:
    """None for an input, or a step that nobody knows."""
    value = graph.steps[step].value
    handle = value.handle if isinstance(value, ApiValue) else None
    return handle if handle in graph.steps else None


def _matters(subject: Subject, step: StepNode, paused: Step) -> bool:
    """Should it go on there, as it does on other ways, or has to, as somebody waits for its end?"""
    assert subject.graph is not None
    value = subject.graph.steps[step.name].value
    if paused.verb == "play" and isinstance(value, WaitValue) and paused.name in value.handles:
        return not value.timeout_ms and not paused.deadline_ms and (value.all or len(value.handles) == 1)
    if not subject.calls.may("resumed", paused.name, step.name):
        return False
    if paused.verb == "record":
        return step.verb.name == "connect"
    return step.verb.name == "wait" or (isinstance(value, FetchValue) and value.filler is None)


def _for_good(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps("record.pause"):
        handle = _handle(graph, step.name)
        ahead = reached(subject.ways, [way.to for way in subject.ways[step.name]])
        after = [graph.steps[name] for name in ahead if name in graph.steps]
        if handle is None or subject.may_lead(step.name) or any(_cares(one, handle) for one in after):
            continue
        questions = sum(one.verb in _QUESTIONS for one in after)
        if questions > 1 or any(one.verb == "connect" for one in after):
            yield subject.found(
                step.node.key(step.verb.name) or step.key,
                f"No step behind it goes on with `{handle}` or stops it, and the call goes on.",
                help=f"Add `record.resume: {handle}`, or say with `record.stop: {handle}` that it ends here.",
                path=step.path,
            )


def _cares(step: Step, handle: StepName) -> bool:
    """Does it go on with it, stop it or begin it anew, or may the flow that it calls?"""
    value = step.value
    if isinstance(value, SubflowValue):
        return handle in value.handles.values()
    ordered = isinstance(value, ApiValue) and value.handle == handle and not step.verb.endswith(".pause")
    return step.name == handle or ordered
