"""The caller's time runs while the prompt is still being said.

## What it does
Reports a `play` that is reached while the timers of a `collect` in the background run already, and an `ask` with
`timers: now`, where less than three seconds of the `initial_timeout` are left when the prompt is over.

## Why
Callers listen first, and then answer. When the clock runs meanwhile, they are told that nothing was heard before they had
a chance.

## Bad
```yaml
listen:
  collect:
    digits: {max: 4}
    initial_timeout: 5
    start_input_timers: true
  background: true
  next: prompt
prompt:
  play: "Please enter the number of your account. It stands at the top of your letter."
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
  play: "Please enter the number of your account. It stands at the top of your letter."
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
How long a prompt takes is estimated, at 150 words in a minute; files are not counted. Each playback is judged by itself.
Continuous collects are not: they go on.

## Source
The calling API's collect: `initial_timeout` counts from the start of the timers, and is 4 s where it is not given.
"""

from collections.abc import Iterator
from math import ceil

from engine.compile.scope import StepNode
from engine.lint.calls.operations import continues
from engine.lint.calls.speech import seconds
from engine.lint.routes import reached
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at, number_at, text_at
from engine.model.graph import ApiValue, AskValue, Step, WaitValue

RULE = Rule(code="API003", name="timers-burn-during-prompt", severity="warning", needs="ways")

_DEFAULT_S = 4.0
_LEFT_S = 3.0


def check(subject: Subject) -> Iterator[Found]:
    yield from _asks(subject)
    listening = [step for step in subject.steps("collect") if step.background]
    for step in subject.steps("play") if listening else ():
        takes = _takes(subject, step)
        for collect in listening if takes and not step.background else ():
            if takes + _LEFT_S <= _time(collect) or continues(_compiled(subject, collect)):
                continue
            if not subject.calls.may("armed", collect.name, step.name) or not _is_awaited(subject, collect, step):
                continue
            way = subject.calls.way("armed", collect.name, step.name)
            if way:
                yield subject.found(
                    step.node.key("play") or step.key,
                    f"The {_time(collect):g} s of `{collect.name}` run while these {takes:.0f} s are said.",
                    help=_advice(collect, step),
                    path=step.path,
                    witness=way,
                )


def _asks(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("ask"):
        takes, node = _takes(subject, step), node_at(step.value, "timers")
        if node is not None and text_at(step.value, "timers") == "now" and takes + _LEFT_S > _time(step):
            yield subject.found(
                node,
                f"The {_time(step):g} s of `{step.name}` run while its prompt is said, which takes about {takes:.0f} s.",
                help=f"Leave out `timers`, so that they run when the prompt is over, or give it {_enough(takes)}.",
                path=(*step.path, "timers"),
            )


def _advice(collect: StepNode, step: StepNode) -> str:
    """The timers run because the collect starts them itself, or because an order comes too early."""
    order = f"`collect.start_input_timers: {collect.name}`"
    if text_at(collect.value, "start_input_timers") not in ("", "false"):
        return f"Leave out `start_input_timers` of `{collect.name}`, and add a step with {order} after `{step.name}`."
    return f"Move the step with {order} behind `{step.name}`."


def _enough(takes: float) -> str:
    return f"`initial_timeout: {ceil(takes + _LEFT_S)}`"


def _is_awaited(subject: Subject, collect: StepNode, step: StepNode) -> bool:
    """Does the flow wait for this input after the prompt, before it begins to listen anew?"""
    assert subject.graph is not None
    ahead = reached({**subject.ways, collect.name: ()}, [step.name])
    values = (subject.graph.steps[name].value for name in ahead if name in subject.graph.steps)
    return any(isinstance(value, WaitValue) and collect.name in value.handles for value in values)


def _takes(subject: Subject, step: StepNode) -> float:
    value = _compiled(subject, step).value
    if isinstance(value, AskValue):
        return seconds(value.prompt)
    return seconds(value.params.get("play")) if isinstance(value, ApiValue) else 0.0


def _compiled(subject: Subject, step: StepNode) -> Step:
    assert subject.graph is not None
    return subject.graph.steps[step.name]


def _time(step: StepNode) -> float:
    """The `initial_timeout` in seconds; of a template, none that could be too short."""
    node = node_at(step.value, "initial_timeout")
    found = number_at(step.value, "initial_timeout")
    return found if found is not None else _DEFAULT_S if node is None else float("inf")
