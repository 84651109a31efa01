"""A loop that a caller who does nothing goes round and round.

## What it does
Reports steps that lead back to themselves by silence, wrong keys, failures or the end of a playback, where nothing
counts the rounds: no `visits` of a step in it, no `branch` on a variable that the flow sets, and no `limits.visits`.

## Why
An `ask` counts its own attempts, but what comes after them may lead back to it. The language ends such a loop after
20 visits, which is sixty times the same question.

## Bad
```yaml
menu:
  ask:
    prompt: "For sales, press 1."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"], next: bye}
  next:
    no_input: again
    no_match: again
again:
  play: "Let us start again."
  next: menu
bye:
  end: hangup
```

## Good
```yaml
menu:
  visits: {max: 2, next: bye}
  ask:
    prompt: "For sales, press 1."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"], next: bye}
  next:
    no_input: again
    no_match: again
again:
  play: "Let us start again."
  next: menu
bye:
  end: hangup
```

## Limits
What the caller chooses, says or enters is progress, so a menu that callers return to is not reported. What comes back from a
`subflow`, an `excursion` or a `connect` counts as progress too, and so does a signal.

## Source
[The language: limits](../language.md#limits). Guidelines for voice menus ask again twice at most, then offer a person.
"""

from collections.abc import Iterator

from engine.lint.routes import Way, circle, only, rounds
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import BranchValue, FlowGraph, SetValue, Step, WaitValue
from engine.model.ids import StepName

RULE = Rule(code="FLW005", name="silent-loop", severity="warning", needs="ways")

_ASKING = ("ask", "collect", "record", "wait")
_PROGRESS = ("subflow", "excursion", "connect")
_SILENT = ("no_input", "no_match", "timeout", "error", "rejected", "lost", "expression")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    if subject.section("limits").get("visits") is not None or not subject.is_sure:
        return
    seen = subject.reached
    assigned = frozenset(f"vars.{name}" for name in graph.vars) if subject.has_broken_steps else _assigned(graph)
    counted = subject.broken | {name for name, step in graph.steps.items() if _counts(step, assigned)}
    silent = only(subject.ways, lambda name, way: not {name, way.to} & counted and _is_silent(graph.steps[name], way))
    for group in rounds(silent):
        step = subject.step(group[0])
        if step is not None and group[0] in seen:
            yield subject.found(
                step.key,
                f"A caller who does nothing goes round here, up to {graph.limits.visits} times.",
                help=f"Give a step of it a limit, such as `visits: {{max: 3, next: step}}` of `{group[0]}`.",
                path=("steps", step.name),
                witness=circle(silent, group),
            )


def _assigned(graph: FlowGraph) -> frozenset[str]:
    values = (step.value for step in graph.steps.values())
    return frozenset(f"vars.{name}" for value in values if isinstance(value, SetValue) for name in value.assignments)


def _counts(step: Step, assigned: frozenset[str]) -> bool:
    """Does the step end the loop after some rounds?"""
    if step.visits is not None:
        return True
    cases = step.value.cases if isinstance(step.value, BranchValue) else ()
    return any(assigned.intersection(condition.names) for condition, _ in cases)


def _is_silent(step: Step, way: Way) -> bool:
    """May the way be taken without anything that the caller did?"""
    if step.verb in _PROGRESS:
        return way.by in _SILENT
    if step.verb not in _ASKING:
        return way.by != "interrupted"
    if isinstance(step.value, WaitValue) and not step.value.handles:
        return not step.value.signal or way.by in _SILENT
    if way.by != "otherwise":
        return way.by in _SILENT
    asked = ("no_input",) if step.verb == "record" else ("no_input", "no_match")
    return any(StepName(one) not in step.next.named for one in asked)
