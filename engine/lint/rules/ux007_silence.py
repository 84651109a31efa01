"""The caller hears nothing for seconds.

## What it does
Reports a `fetch` that may take more than 3 seconds (its `timeout`, for each attempt, and the pauses between them) without a
`filler` in that time, and a `wait` for longer than that, for a signal or (in an inbound flow) for a `detect`, where on some way
nothing plays in the background.

## Why
Who hears nothing for more than three seconds thinks that the line is dead, says hello, presses keys, or hangs up.

## Bad
```yaml
uses: {accounts_api: url}
steps:
  lookup:
    fetch: {url: "${{ uses.accounts_api }}/balance", timeout: 8s}
    next: bye
  bye:
    end: hangup
```

## Good
```yaml
uses: {accounts_api: url}
steps:
  lookup:
    fetch:
      url: "${{ uses.accounts_api }}/balance"
      timeout: 8s
      filler: {after: 1s, play: "One moment, please."}
    next: bye
  bye:
    end: hangup
```

## Limits
Each step is judged by itself. A playback in the background counts until it is stopped, however short it is,
and one that has failed counts too. While a collect
or a recording of a message goes on, it is the caller's turn. The option is in milliseconds. After a hang-up and in `finally`
nobody listens. A `wait` for a signal without `timeout` is another rule's ([FLW006](flw006.md)).

## Source
Guidelines for voice menus: no more than 3 seconds of silence.
"""

from collections.abc import Iterator

from engine.compile.located import Node
from engine.compile.scope import StepNode
from engine.lint.recordings import is_of_the_call
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at
from engine.model.graph import ApiValue, FetchValue, FlowGraph, WaitValue

RULE = Rule(code="UX007", name="silence", severity="warning", needs="ways", options={"max_silence_ms": 3000})


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps("fetch", "wait"):
        silence = _silence(graph, step)
        if silence <= subject.options.get("max_silence_ms", RULE.options["max_silence_ms"]):
            continue
        if not subject.calls.may("quiet", "", step.name) or _is_callers_turn(subject, step):
            continue
        way = subject.calls.way("quiet", "", step.name)
        if way:
            yield subject.found(
                _place(step),
                f"The caller may hear nothing for {silence / 1000:g} s here.",
                help=_advice(step),
                path=step.path,
                witness=way,
            )


def _silence(graph: FlowGraph, step: StepNode) -> float:
    """Milliseconds at the most."""
    value = graph.steps[step.name].value
    if isinstance(value, FetchValue):
        pauses = sum(min(60_000, value.retry.backoff_ms << n) for n in range(value.retry.times))
        whole = value.timeout_ms * (value.retry.times + 1) + pauses
        return whole if value.filler is None else min(whole, value.filler.after_ms)
    if not isinstance(value, WaitValue):
        return 0
    if value.handles:
        longest = _detects(graph, value)
        return min(value.timeout_ms or longest, longest)
    return value.duration_ms or value.timeout_ms or 0


def _detects(graph: FlowGraph, value: WaitValue) -> float:
    """How long a detection listens; other operations have something to be heard, or are the caller's."""
    steps = [graph.steps[one] for one in value.handles if one in graph.steps]
    if graph.outbound is not None or not steps or any(step.verb != "detect" for step in steps):
        return 0
    params = [step.value.params for step in steps if isinstance(step.value, ApiValue)]
    longest = [one.get("timeout", 30) for one in params]
    return max((float(one) * 1000 for one in longest if isinstance(one, int | float)), default=0)


def _is_callers_turn(subject: Subject, step: StepNode) -> bool:
    for other in subject.steps("collect", "record"):
        message = other.verb.name == "collect" or not is_of_the_call(subject, other)
        if message and other.background and subject.calls.may("live", other.name, step.name):
            return True
    return False


def _place(step: StepNode) -> Node:
    if step.verb.name == "wait":
        return step.value
    return (
        node_at(step.value, "filler", "after") or node_at(step.value, "timeout") or step.node.key("fetch") or step.key
    )


def _advice(step: StepNode) -> str:
    if step.verb.name == "wait":
        return "Play something in the background before, such as music, and stop it afterwards."
    return 'Give it a `filler`, such as {after: 1s, play: "One moment, please."}, or a shorter `timeout`.'
