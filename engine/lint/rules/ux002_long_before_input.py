"""A caller has to listen for a long time before anything can be entered.

## What it does
Adds up what is said without a break before an `ask` takes input: the `play` steps on a way to it, and its own prompt where
`barge_in` is off. Reports it from 20 seconds on, and a prompt with `barge_in: false` alone from 6 seconds on where it tells of
keys.

## Why
Callers who know the line press the key at once. When nobody listens, they press it again, and the second time something
else is asked.

## Bad
```yaml
menu:
  ask:
    prompt: >-
      Welcome to Riverside Dental. Our practice is open from Monday to Thursday from eight in the morning to six in the
      evening, and on Friday from eight to one. Please have your insurance card at hand. Our parking lot is closed until
      the end of the month. For appointments, press 1. For everything else, stay on the line.
    digits: {max: 1}
    barge_in: false
    choices:
      appointments: {keys: ["1"]}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: >-
      Welcome to Riverside Dental. Our practice is open from Monday to Thursday from eight in the morning to six in the
      evening, and on Friday from eight to one. Please have your insurance card at hand. Our parking lot is closed until
      the end of the month. For appointments, press 1. For everything else, stay on the line.
    digits: {max: 1}
    choices:
      appointments: {keys: ["1"]}
  next: bye
bye:
  end: hangup
```

## Limits
How long a text takes is estimated, at 150 words in a minute; files of unknown length are not counted. What a caller has asked to
hear, by a choice, begins anew.

## Source
Guidelines for voice menus: no more than 20 seconds before a caller can act.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from engine.lint.calls.speech import seconds
from engine.lint.offers import offers
from engine.lint.routes import Ways
from engine.lint.rule import Found, Rule
from engine.lint.spoken import texts
from engine.lint.subject import Subject, node_at
from engine.model.graph import ApiValue, AskValue, FlowGraph, Step
from engine.model.ids import StepName

RULE = Rule(
    code="UX002",
    name="long-before-input",
    severity="warning",
    needs="ways",
    options={"max_speech_s": 20, "max_uninterrupted_s": 6},
)

_PASSED = ("set", "branch", "play")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    most = subject.options.get("max_speech_s", RULE.options["max_speech_s"])
    alone = subject.options.get("max_uninterrupted_s", RULE.options["max_uninterrupted_s"])
    leads = _leads(graph, subject.ways)
    for step in subject.steps("ask"):
        value = graph.steps[step.name].value
        assert isinstance(value, AskValue)
        own = 0.0 if value.barge_in else seconds(value.prompt)
        steps, before = _longest(graph, leads, step.name)
        if own + before > most:
            way = _way(subject, steps)
            if own > most or way:
                yield subject.found(
                    step.node.key("ask") or step.key,
                    f"A caller has to listen for about {own + before:.0f} s before `{step.name}` takes any input.",
                    help="Say less, or say it in the prompt, which the caller's input stops.",
                    path=step.path,
                    witness=way,
                )
        elif own > alone and any(offers(" ".join(texts(node_at(step.value, "prompt"))))):
            yield subject.found(
                node_at(step.value, "barge_in") or step.key,
                f"Who knows the key has to hear the whole prompt of `{step.name}` all the same, about {own:.0f} s.",
                help="Let the caller's input stop it, or say what has to be heard whole in a `play` before.",
                path=step.path,
            )


def _leads(graph: FlowGraph, ways: Ways) -> Mapping[StepName, list[StepName]]:
    """The steps that may come before each one without anything of the caller's between."""
    found: dict[StepName, list[StepName]] = {}
    for name, out in ways.items():
        if graph.steps[name].verb in _PASSED and not graph.steps[name].background:
            for way in out:
                found.setdefault(way.to, []).append(name)
    return found


def _longest(
    graph: FlowGraph, leads: Mapping[StepName, list[StepName]], to: StepName
) -> tuple[tuple[StepName, ...], float]:
    """The way with the most said on it, and its seconds. Loops are gone through once."""

    @cache
    def before(name: StepName, depth: int) -> tuple[tuple[StepName, ...], float]:
        best: tuple[tuple[StepName, ...], float] = ((name,), 0.0)
        for one in leads.get(name, ()) if depth else ():
            way, heard = before(one, depth - 1)
            step = graph.steps[one]
            if one != to and name not in way and heard + _said(step) > best[1]:
                best = (*way, name), heard + _said(step)
        return best

    return before(to, _DEEP)


def _way(subject: Subject, steps: tuple[StepName, ...]) -> tuple[str, ...]:
    """A caller's way that ends with these."""
    if len(steps) == 1:
        return subject.calls.way_to(steps[0])
    following = set(pairwise(steps))
    return subject.calls.way_by(
        lambda edge: (edge.source.step, edge.target.step) == steps[:2],
        lambda edge: (edge.source.step, edge.target.step) in following,
        steps[-1],
    )


_DEEP = 12
"""Steps that are looked back at the most."""


def _said(step: Step) -> float:
    value = step.value
    return seconds(value.params.get("play")) if step.verb == "play" and isinstance(value, ApiValue) else 0.0
