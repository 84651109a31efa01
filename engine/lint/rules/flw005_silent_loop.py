"""A loop that a caller who does nothing goes round and round.

## What it does
Reports steps that lead back to themselves by silence, wrong keys, failures or the end of a playback, where nothing
counts the rounds: no `visits` of a step in it, no `branch` on a variable that the loop sets, and no `limits.visits`. A variable
that counts up, and that the loop itself sets back to a constant, counts nothing; nor does one that is set outside of the loop.

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
`subflow`, an `excursion` or a `connect` counts as progress too (but not a `connect` that nobody answers and that leads to itself), and so
does a signal. Steps from which no ending is reached at all
are another rule's ([FLW004](flw004.md)), a step that leads to itself at once is too ([FLW025](flw025.md)), and so is a loop whose
condition never changes ([FLW009](flw009.md)). A condition that also asks for the time, or for what a step has left, may come to
something else with a variable that is set outside. How far a counter comes within one round, before it is set back, is not computed. The unsafe fix bounds a step of it, and leads to where the flow goes when something goes
wrong, or to its end; whether somebody should be told there, its author knows.

## Source
[The language: limits](../language.md#limits). Guidelines for voice menus ask again twice at most, then offer a person.
"""

from collections.abc import Iterator

from engine.compile.paths import Edge, is_own
from engine.compile.scope import StepNode
from engine.lint.constant import constant, fixed
from engine.lint.counting import Counting
from engine.lint.finding import Fix
from engine.lint.mending import landing
from engine.lint.routes import Way, Ways, is_ending, leading_to, only, rounds
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import BranchValue, FlowGraph, Step, WaitValue
from engine.model.ids import StepName

RULE = Rule(code="FLW005", name="silent-loop", severity="warning", fixability="unsafe", needs="ways")

_ASKING = ("ask", "collect", "record", "wait")
_PROGRESS = ("subflow", "excursion", "connect")
_TRIED = 3
"""Steps of a group from which a way round is looked for: conditions may leave none."""
_SILENT = ("no_input", "no_match", "timeout", "error", "rejected", "lost", "expression")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    if subject.section("limits").get("visits") is not None or not subject.is_sure:
        return
    others, told = _others(subject), set[StepName]()
    for first, group, silent, name in _loops(subject, graph):
        if first not in subject.reached or others.intersection(group) or told.intersection(group):
            continue
        step, way = subject.step(first), _round(subject, silent, first)
        if step is not None and way:
            told.update(group)
            bounded = _bounded(subject, group)
            again = f"`{name}` begins anew in each round. " if name else ""
            yield subject.found(
                step.key,
                f"A caller who does nothing goes round here, up to {graph.limits.visits} times.",
                help=f"{again}Give a step of it a limit, such as `visits: {{max: 3, next: step}}` of `{bounded.name}`.",
                path=("steps", step.name),
                witness=way,
                fix=_fix(subject, bounded, group),
            )


def _loops(subject: Subject, graph: FlowGraph) -> Iterator[tuple[StepName, tuple[StepName, ...], Ways, str]]:
    """A step of each silent loop that nothing counts, the steps that go round with it, and by which ways; with the variable
    that would count the rounds if that step did not set it back."""
    counting = Counting(graph, subject.broken, anything=subject.has_broken_steps)
    counted = subject.broken | counting.bounded
    silent = only(subject.ways, lambda name, way: not {name, way.to} & counted and _is_silent(graph.steps[name], way))
    yield from ((one, group, ways, "") for group, ways in counting.uncounted(silent) for one in group[:_TRIED])
    for name, steps in counting.set_back().items() if any(rounds(silent)) and not subject.has_broken_steps else ():
        groups = counting.uncounted(silent, name)
        yield from ((one, group, ways, name) for group, ways in groups for one in group if one in steps)


def _bounded(subject: Subject, group: tuple[StepName, ...]) -> StepNode:
    """Rather a step that only the loop comes to than the question itself, to which callers may return."""
    steps = [step for name in group if (step := subject.step(name)) is not None]
    return next((step for step in steps if step.verb.name not in _ASKING), steps[0])


def _fix(subject: Subject, step: StepNode, group: tuple[StepName, ...]) -> Fix | None:
    target = landing(subject)
    entry = f"visits: {{max: 3, next: {target}}}"
    edit = subject.adding(step.node, entry) if target and target not in group else None
    return Fix(title=f"Add `{entry}` to `{step.name}`", safety="unsafe", edits=(edit,)) if edit else None


def _others(subject: Subject) -> set[StepName]:
    """Steps whose loops are reported by another rule."""
    graph = subject.graph
    assert graph is not None
    sound = (step for step in graph.steps.values() if step.name not in subject.broken)
    ending = leading_to(subject.ways, (step.name for step in sound if is_ending(step)))
    known = {} if subject.has_broken_steps else fixed(graph)
    return {
        step.name
        for step in graph.steps.values()
        if step.name not in ending
        or (step.verb in ("branch", "set") and any(way.to == step.name for way in subject.ways[step.name]))
        or (
            isinstance(step.value, BranchValue) and any(constant(one, known) is not None for one, _ in step.value.cases)
        )
    }


def _round(subject: Subject, silent: Ways, first: StepName) -> tuple[str, ...]:
    steps = subject.calls.graph.steps

    def inside(edge: Edge) -> bool:
        source, target = edge.source.step, edge.target.step
        led = any(way.to == target for way in silent.get(source, ()))
        return led and is_own(steps[source], edge) and _is_silent(steps[source], Way(edge.outcome, target))

    return subject.calls.way_round(first, inside)


def _is_silent(step: Step, way: Way) -> bool:
    """May the way be taken without anything that the caller did?"""
    if step.verb in _PROGRESS:
        rings_again = step.verb == "connect" and way.to == step.name and way.by != "bridge_ended"
        return way.by in _SILENT or rings_again
    if step.verb not in _ASKING:
        return way.by != "interrupted"
    if isinstance(step.value, WaitValue) and not step.value.handles:
        return not step.value.signal or way.by in _SILENT
    if way.by != "otherwise":
        return way.by in _SILENT
    asked = ("no_input",) if step.verb == "record" else ("no_input", "no_match")
    return any(StepName(one) not in step.next.named for one in asked)
