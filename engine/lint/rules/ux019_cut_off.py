"""Something fails, or a limit is reached, and the caller is cut off without a word.

## What it does
Reports a flow with handlers for some of `error`, `rejected` and `lost`, where a step may end with another one of them that it
does not name; one of them that leads straight to `end: hangup` where the two others lead to a step that says or does something; and `limits` without `next`, where a limit of the flow's own ends the call.

## Why
Where nobody takes a failure, the call is hung up: in the middle of a sentence, and most often the one that the others were
written for.

## Bad
```yaml
steps:
  menu:
    ask:
      prompt: "For sales, press 1."
      digits: {max: 1}
    next: bye
  sorry:
    play: "I am sorry, something went wrong. Please call again."
    next: bye
  bye:
    end: hangup
handlers:
  error: sorry
  lost: sorry
```

## Good
```yaml
steps:
  menu:
    ask:
      prompt: "For sales, press 1."
      digits: {max: 1}
    next: bye
  sorry:
    play: "I am sorry, something went wrong. Please call again."
    next: bye
  bye:
    end: hangup
handlers:
  error: sorry
  rejected: sorry
  lost: sorry
```

## Limits
A flow with none of these handlers is not reported: most small ones have none. Flows that other flows call (they have a `return`) hand their failures on to the step that calls them. Limits that hold by
default are not looked at.

## Source
[The language: handlers](../language.md#handlers) and [limits](../language.md#limits).
"""

from collections.abc import Iterator

from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at
from engine.model.graph import FlowGraph, Step
from engine.model.verbs import VERB

RULE = Rule(code="UX019", name="cut-off", severity="warning", needs="graph")

_FAILURES = ("error", "rejected", "lost")
_WHAT = {
    "error": "something fails",
    "rejected": "the platform refuses a command",
    "lost": "a report of the platform does not come",
}


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    if any(step.verb == "return" for step in graph.steps.values()):
        return
    yield from _failures(subject, graph)
    yield from _hung_up(subject, graph)
    limits = subject.root.key("limits")
    if limits is not None and graph.limits.next is None:
        yield subject.found(
            limits,
            "When one of these limits is reached the call is cut off without a word.",
            help="Add `next`, a step that says so.",
            path=("limits",),
        )


def _failures(subject: Subject, graph: FlowGraph) -> Iterator[Found]:
    place = subject.root.key("handlers")
    handled = [one for one in _FAILURES if one in graph.handlers]
    for failure in _FAILURES if handled and place is not None else ():
        cut = (step for step in graph.steps.values() if failure not in handled and _cuts_off(step, failure))
        found = next(((one, way) for one in cut if (way := subject.calls.way("anything", "", one.name))), None)
        if found is not None and place is not None:
            yield subject.found(
                place,
                f"When {_WHAT[failure]} (`{failure}`) in `{found[0].name}`, the call is cut off without a word.",
                help=f"Add a handler, `{failure}: step`, or name the outcome in `next`.",
                path=("handlers",),
                witness=found[1],
            )


def _hung_up(subject: Subject, graph: FlowGraph) -> Iterator[Found]:
    """One of three that ends the call at once."""
    handled = {one: graph.steps[graph.handlers[one]] for one in _FAILURES if one in graph.handlers}
    silent = [one for one, step in handled.items() if step.verb == "end"]
    node = node_at(subject.section("handlers"), *silent[:1])
    if len(handled) == len(_FAILURES) and len(silent) == 1 and node is not None:
        failure, others = silent[0], [one for one in _FAILURES if one not in silent]
        yield subject.found(
            node,
            f"When {_WHAT[failure]} (`{failure}`), the call is cut off without a word.",
            help=f"Lead it where `{others[0]}` leads, to `{handled[others[0]].name}`, or to another step that says so.",
            path=("handlers", failure),
        )


def _cuts_off(step: Step, failure: str) -> bool:
    verb = VERB[step.verb]
    may = (verb.failures or verb.command) and not verb.ending
    return bool(may) and step.next.target(failure) is None
