"""Two playbacks at the same time.

## What it does
Reports a `play` or an `ask` that a caller comes to while a playback in the background may be going on that was not stopped,
paused or turned down on the way, and a `filler` of a `fetch` in the same place.

## Why
Whether the second waits for the first, sounds on top of it or is refused, the vendor does not say. Behind music without an
end it may never be heard; on top of it nobody understands it.

## Bad
```yaml
music:
  play: {play: [{audio: "https://example.com/music.mp3"}], loop: 0}
  background: true
  next: hold
hold:
  wait: 20s
  next: sorry
sorry:
  play: "I am sorry, nobody is free."
  next: enough
enough:
  play.stop: music
  next: bye
bye:
  end: hangup
```

## Good
```yaml
music:
  play: {play: [{audio: "https://example.com/music.mp3"}], loop: 0}
  background: true
  next: hold
hold:
  wait: 20s
  next: enough
enough:
  play.stop: music
  next: sorry
sorry:
  play: "I am sorry, nobody is free."
  next: bye
bye:
  end: hangup
```

## Limits
A playback with a `volume` below 0, or that `play.volume` has turned down, is meant to go on under what is said. One that ends by
itself is an info, as it may be over by then, unless it has words and the other one follows at once. Ways on which the playback
itself has failed (`lost`, ...) are left out, and those on which its `play.stop` was refused.

## Source
[What is assumed](../assumptions.md#a-play-during-a-play) of a play during a play.
"""

from collections.abc import Iterator

from engine.compile.located import Node
from engine.compile.scope import StepNode
from engine.lint.at_once import at_once, speaks
from engine.lint.calls.operations import is_soft
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at
from engine.model.graph import ApiValue, Step

RULE = Rule(code="FLW011", name="two-voices", severity="warning", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    behind = [one for one in graph.steps.values() if one.verb == "play" and one.background and not is_soft(one)]
    for step in subject.steps("play", "ask", "fetch") if behind else ():
        place = _place(step)
        if place is None:
            continue
        for other in behind:
            way = _way(subject, other, step)
            if way:
                yield subject.found(
                    place,
                    f"`{other.name}` may still be playing when `{step.name}` speaks.",
                    help=f"Stop it before, with `play.stop: {other.name}`, or wait for it.",
                    path=step.path,
                    witness=way,
                    severity=None if _is_endless(other) or _is_at_once(subject, other, step) else "info",
                )
                break


def _way(subject: Subject, other: Step, step: StepNode) -> tuple[str, ...]:
    if other.name == step.name or not subject.calls.may("loud", other.name, step.name):
        return ()
    return subject.calls.way("loud", other.name, step.name)


def _place(step: StepNode) -> Node | None:
    if step.verb.name == "fetch":
        return node_at(step.value, "filler", "play")
    return step.node.key(step.verb.name)


def _is_at_once(subject: Subject, other: Step, step: StepNode) -> bool:
    """Nobody is done with a sentence when the next one begins right after it was begun."""
    if not speaks(other) or step.verb.name == "fetch":
        return False
    return step.name in at_once(subject, other.name)


def _is_endless(step: Step) -> bool:
    if not isinstance(step.value, ApiValue):
        return False
    items = step.value.params.get("play", [])
    rings = any(one.get("type") == "ringtone" and "duration" not in one.get("params", {}) for one in items)
    return rings or step.value.params.get("loop") == 0
