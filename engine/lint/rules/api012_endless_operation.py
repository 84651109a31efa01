"""Something that sounds or listens for ever, and nothing that stops it.

## What it does
Reports `loop: 0`, a `ringtone` without `duration` and `continuous: true` where nothing ends them: in the foreground
neither `until` nor `deadline`, in the background no step that stops the handle, and none at which the call leaves. In the
prompt of an `ask`, where the caller's time would never begin.

## Why
They go on until the caller hangs up or the flow's longest time is over.

## Bad
```yaml
music:
  play: {play: [{audio: "https://example.com/music.mp3"}], loop: 0}
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
  next: quiet
quiet:
  play.stop: music
  next: bye
bye:
  end: hangup
```

## Limits
A stop on any of the ways that lead on counts. So do `redirect`, `transfer`, `refer`, `connect` and `excursion`, which
take the call elsewhere.

## Source
The calling API's play (`loop`: 0 repeats until stopped) and collect (`continuous`).
"""

from collections.abc import Iterator

from engine.compile.located import Node, Path
from engine.compile.scope import StepNode
from engine.lint.routes import reached
from engine.lint.rule import Found, Rule
from engine.lint.spoken import items, ladder
from engine.lint.subject import Subject, node_at, number_at, text_at
from engine.model.graph import ApiValue, Step

RULE = Rule(code="API012", name="endless-operation", severity="warning", needs="ways")

_LEAVES = ("redirect", "transfer", "refer", "connect", "excursion")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("play", "collect"):
        for node, path, what in _endless(step):
            if step.background and not _is_stopped(subject, step):
                advice = f"Add a step with `{step.verb.name}.stop: {step.name}` on every way on."
                yield subject.found(node, f"{what}, and no step stops it.", help=advice, path=path)
            elif not step.background and not _ends(step):
                advice = "Give it `until` or `deadline`, or let it run in the background and stop it."
                yield subject.found(node, f"{what}, so `{step.name}` never goes on.", help=advice, path=path)
    for step in subject.steps("ask"):
        said = (node_at(step.value, "prompt"), *ladder(step, "no_input"), *ladder(step, "no_match"))
        for node in (ringing for one in said for ringing in _ringing(one)):
            yield subject.found(
                node,
                "A ringtone without `duration` sounds until it is stopped, so the caller's time never begins.",
                help="Add `duration`.",
                path=step.path,
            )


def _endless(step: StepNode) -> Iterator[tuple[Node, Path, str]]:
    loop, continuous = node_at(step.value, "loop"), node_at(step.value, "continuous")
    if step.verb.name == "collect":
        if continuous is not None and text_at(step.value, "continuous") == "true":
            yield continuous, (*step.path, "continuous"), "It collects again and again"
    elif loop is not None and number_at(step.value, "loop") == 0:
        yield loop, (*step.path, "loop"), "`loop: 0` plays for ever"
    else:
        for node in _ringing(step.value):
            yield node, step.path, "A ringtone without `duration` sounds until it is stopped"


def _ringing(node: Node | None) -> Iterator[Node]:
    for item in items(node):
        inner = node_at(item, "params") if text_at(item, "type") == "ringtone" else item
        name = node_at(inner, "ringtone") or (node_at(inner, "name") if inner is not item else None)
        if name is not None and node_at(inner, "duration") is None:
            yield name


def _ends(step: StepNode) -> bool:
    return step.node.get("until") is not None or step.node.get("deadline") is not None


def _is_stopped(subject: Subject, step: StepNode) -> bool:
    if step.node.get("deadline") is not None or subject.may_lead(step.name):
        return True
    assert subject.graph is not None
    ahead = reached(subject.ways, [step.name])
    return any(_stops(subject.graph.steps[name], step) for name in ahead if name in subject.graph.steps)


def _stops(other: Step, step: StepNode) -> bool:
    if other.verb in _LEAVES:
        return True
    return (
        other.verb == f"{step.verb.name}.stop" and isinstance(other.value, ApiValue) and other.value.handle == step.name
    )
