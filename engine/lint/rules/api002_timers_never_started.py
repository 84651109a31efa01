"""A collect whose clock never starts, so that it never ends when the caller is silent.

## What it does
Reports a `collect` with neither `start_input_timers: true` nor, on every way to the `wait` for it, a
`collect.start_input_timers`. In the foreground there is nobody who could start them. A warning where the wait has a
`timeout` of its own, so that only the `initial_timeout` is without effect.

## Why
The platform's `initial_timeout` counts from the start of the timers, and by default they are not started. A caller who
says nothing hears nothing for ten minutes.

## Bad
```yaml
listen:
  collect:
    digits: {max: 4}
    initial_timeout: 5
  background: true
  next: prompt
prompt:
  play: "Enter your number."
  until: listen
  next: result
result:
  wait: listen
  next: bye
bye:
  end: hangup
```

## Good
```yaml
listen:
  collect:
    digits: {max: 4}
    initial_timeout: 5
  background: true
  next: prompt
prompt:
  play: "Enter your number."
  until: listen
  next: arm
arm:
  collect.start_input_timers: listen
  next: result
result:
  wait: listen
  next: bye
bye:
  end: hangup
```

## Limits
A collect with a `deadline`, a continuous one, and one whose `start_input_timers` is a template are not judged. A flow that
is given the handle is taken to start them. Ways whose conditions contradict each other are left out: those about outcomes, and
those about one variable that has been given a constant; of others nothing is known. The safe fix is for collects in the
foreground that no other step names as a handle (`until`, `wait`, an order such as `collect.stop`): those lack `background: true`.

## Source
The calling API's collect: `start_input_timers` is false by default.
"""

from collections.abc import Iterator

from engine.compile.located import Mapping, Node, Path, Scalar
from engine.compile.scope import StepNode
from engine.lint.finding import Edit, Fix
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at, text_at
from engine.model.graph import FlowGraph, Step, WaitValue

RULE = Rule(code="API002", name="timers-never-started", severity="error", fixability="safe", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("collect"):
        if text_at(step.value, "start_input_timers") not in ("", "false") or _ends_otherwise(step):
            continue
        if step.background:
            yield from _in_background(subject, step)
        else:
            message = f"The timers of `{step.name}` are never started, so it never ends for a caller who is silent."
            handle = _is_handle(subject, step)
            advice = f"Add `background: true` to `{step.name}`." if handle else "Add `start_input_timers: true`."
            fix = None if handle else _fix(subject, step)
            yield subject.found(_place(step), message, help=advice, path=step.path, fix=fix)


def _ends_otherwise(step: StepNode) -> bool:
    continuous = text_at(step.value, "continuous") not in ("", "false")
    return continuous or any(step.node.get(key) is not None for key in ("deadline", "until"))


def _is_handle(subject: Subject, step: StepNode) -> bool:
    """Does another step name its operation, as if it went on in the background? Then that was meant, and forgotten."""
    return any(
        scalar.text == step.name and path[0] == "steps" and path[2:] and _is_order(path)
        for path, scalar in subject.scalars()
    )


def _is_order(path: Path) -> bool:
    """`until: listen`, `wait: [listen]`, `collect.start_input_timers: listen`; ways to the step are none."""
    return path[2] in ("until", "wait") or (path[2] == "record" and path[-1] == "handle") or "." in str(path[2])


def _in_background(subject: Subject, step: StepNode) -> Iterator[Found]:
    assert subject.graph is not None
    waits = [one for one in _waits(subject.graph, step.name) if subject.calls.may("unarmed", step.name, one.name)]
    for wait in sorted(waits, key=_is_bounded):
        way = subject.calls.way("unarmed", step.name, wait.name)
        bounded = _is_bounded(wait)
        if not way or (bounded and node_at(step.value, "initial_timeout") is None):
            continue
        without = "its `initial_timeout` has no effect" if bounded else "it never ends for a caller who is silent"
        yield subject.found(
            _place(step),
            f"Nothing starts the timers of `{step.name}` before `{wait.name}` waits for it, so {without}.",
            help=f"Add a step with `collect.start_input_timers: {step.name}` before `{wait.name}`.",
            path=step.path,
            witness=way,
            severity="warning" if bounded else None,
        )
        return


def _waits(graph: FlowGraph, handle: str) -> Iterator[Step]:
    """Of those for any of several handles, the others may end it."""
    for step in graph.steps.values():
        value = step.value
        if isinstance(value, WaitValue) and handle in value.handles and (value.all or len(value.handles) == 1):
            yield step


def _is_bounded(wait: Step) -> bool:
    return isinstance(wait.value, WaitValue) and bool(wait.value.timeout_ms)


def _place(step: StepNode) -> Node:
    key = step.value.key("initial_timeout") if isinstance(step.value, Mapping) else None
    return key or step.node.key("collect") or step.key


def _fix(subject: Subject, step: StepNode) -> Fix | None:
    node = node_at(step.value, "start_input_timers")
    if isinstance(node, Scalar):
        edit: Edit | None = Edit(node.start, node.end, "true")
    else:
        edit = subject.adding(step.value, "start_input_timers: true") if isinstance(step.value, Mapping) else None
    return Fix(title="Add `start_input_timers: true`", safety="safe", edits=(edit,)) if edit else None
