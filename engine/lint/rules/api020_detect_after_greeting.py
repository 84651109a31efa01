"""An outbound call that looks for an answering machine after it has begun to talk.

## What it does
Reports a `detect` of a machine in an outbound flow that is reached after a `play` or an `ask`.

## Why
A machine is told from a person by the first words that are heard on the line. Once the flow has talked, those are over
or were talked into, and the result is a guess.

## Bad
```yaml
outbound: {from: "+15550100", max_price_per_minute: 0.05}
steps:
  hello:
    play: "Hello, this is Riverside Dental."
    next: who
  who:
    detect: {type: machine}
    next: bye
  bye:
    end: hangup
```

## Good
```yaml
outbound: {from: "+15550100", max_price_per_minute: 0.05}
steps:
  who:
    detect: {type: machine}
    next: hello
  hello:
    play: "Hello, this is Riverside Dental."
    next: bye
  bye:
    end: hangup
```

## Limits
Inbound flows are not looked at. A `detect` in the background that is begun before the prompt is right.

## Source
The calling API's detect: `initial_timeout` and the thresholds count from its beginning.
"""

from collections.abc import Iterator

from engine.lint.routes import origin, reached
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, text_at
from engine.model.ids import StepName

RULE = Rule(code="API020", name="detect-after-greeting", severity="warning", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    detects = [step for step in subject.steps("detect") if text_at(step.value, "type") == "machine"]
    if graph.outbound is None or not detects:
        return
    found = subject.ways
    first = reached(found, [graph.start])
    speaking = [name for name in first if graph.steps[name].verb in ("play", "ask")]
    later = reached(found, speaking)
    for step in detects:
        if step.name in later and step.name not in speaking:
            begun = origin(later, step.name)
            yield subject.found(
                step.node.key("detect") or step.key,
                f"`{step.name}` listens for a machine's greeting after `{begun}` has talked.",
                help="Detect first, and talk when it is known who has answered.",
                path=step.path,
                witness=_way(subject, begun, step.name),
            )


def _way(subject: Subject, begun: StepName, to: StepName) -> tuple[str, ...]:
    return subject.calls.way_by(lambda edge: edge.source.step == begun, lambda _: True, to)
