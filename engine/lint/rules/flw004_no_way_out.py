"""Steps that lead only to each other: none of them ever comes to an ending.

## What it does
Reports a group of steps that are entered, all lead back to one another, and from none of which an `end`, a `redirect`
or another ending is reached.

## Why
The run goes round until a limit of the flow stops it, and the caller has no way out but to hang up.

## Bad
```yaml
music:
  play: [{audio: "https://example.com/music.mp3"}]
  next: still_busy
still_busy:
  play: "All our people are still talking. Please hold on."
  next: music
```

## Good
```yaml
music:
  visits: {max: 5, next: sorry}
  play: [{audio: "https://example.com/music.mp3"}]
  next: still_busy
still_busy:
  play: "All our people are still talking. Please hold on."
  next: music
sorry:
  play: "Nobody is free. Please call again later."
  next: bye
bye:
  end: hangup
```

## Limits
A way out by `visits` of a step counts, the limits of the whole flow do not: they are for what goes wrong. Handlers do
not count either. A `branch` or a `set` that leads only to itself is another rule's ([FLW025](flw025.md)).

## Source
[The language: limits](../language.md#limits).
"""

from collections.abc import Iterator

from engine.lint.routes import Ways, is_ending, leading_to, rounds
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.ids import StepName

RULE = Rule(code="FLW004", name="no-way-out", severity="error", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    found, seen = subject.ways, subject.reached
    leaves = leading_to(found, (step.name for step in graph.steps.values() if is_ending(step)))
    for group in rounds(found) if len(leaves) < len(found) else ():
        inside = set(group)
        if group[0] not in seen or leaves & inside or _goes_on(found, inside):
            continue
        step = subject.step(group[0])
        if step is None or (len(group) == 1 and step.verb.name in ("branch", "set")):
            continue
        way = subject.calls.way_round_in(group[0], inside)
        if way:
            names = ", ".join(f"`{name}`" for name in group[:5]) + (" and others" if len(group) > 5 else "")
            yield subject.found(
                step.key,
                f"{names} {'leads' if len(group) == 1 else 'lead'} nowhere else: no ending is ever reached.",
                help="Let one of them go on to an `end`, by an outcome or by `visits: {max: 3, next: step}`.",
                path=("steps", step.name),
                witness=way,
            )


def _goes_on(found: Ways, inside: set[StepName]) -> bool:
    """Is there a way out of the group, to another that has no ending either and is reported instead?"""
    return any(way.to not in inside for name in inside for way in found[name])
