"""A value of the caller's decides where the call goes.

## What it does
Reports what a caller has entered, who they say they are (`call.from`) and what their SIP headers say (`call.headers`) where it
becomes the `to` of a `connect`, `dial` or `refer`, the `dest` of a `transfer`, the host of a URL, or any of these in SWML (also in a file
of its own) or in a flow that is called, and neither an `accept`, `choices` nor a `branch` has looked at it on the way. It may have
gone through a `set`, and come from a flow that returns it.

## Why
Callers have numbers of their own dialled at your expense, or have your services asked for what is not theirs to see.

## Bad
```yaml
number:
  ask:
    prompt: "Enter the number that you want to reach, then press pound."
    digits: {max: 15, terminators: "#"}
  next: {digits: call, otherwise: bye}
call:
  connect: {to: "+${{ steps.number.digits }}"}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
number:
  ask:
    prompt: "Enter the number that you want to reach, then press pound."
    digits: {max: 15, terminators: "#"}
    accept: '^1555[0-9]{7}$'
  next: {digits: call, otherwise: bye}
call:
  connect: {to: "+${{ steps.number.digits }}"}
  next: bye
bye:
  end: hangup
```

## Limits
What `accept` and conditions let pass is not judged. A value within an address whose host is fixed (`sip:${{ ... }}@example.com`,
`https://example.com/${{ ... }}`) is not reported: within a URL it is percent-encoded. The flow's own inputs, signals, and what a `fetch` or
an excursion brings are trusted. A flow that is called and has a `branch` about the input is taken to check it.

## Source
CWE-918 (server-side request forgery); toll fraud, as in the vendor's notes on it.
"""

from collections.abc import Iterator

from engine.compile.located import Mapping, Path, Scalar, walk
from engine.compile.scope import StepNode
from engine.expr import expressions, has_template
from engine.lint.calls.becoming import becoming
from engine.lint.calls.called import once
from engine.lint.calls.trust import source
from engine.lint.destinations import PLACES, deciding, of_step
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at
from engine.model.graph import BranchValue, FlowGraph, SubflowValue

RULE = Rule(code="SEC005", name="unchecked-destination", severity="warning", needs="ways")

_VERBS = (
    "connect", "dial", "refer", "transfer", "redirect", "excursion", "fetch", "play", "ask", "update", "stream", "tap",
    "ai_sidecar", "live_transcribe", "live_translate",
)  # fmt: skip
_PROMPTS = ("url", "audio")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps(*_VERBS):
        here = [(path, one) for path, one in walk(step.value) if has_template(one.text)]
        places = [(path, one, one.text) for path, one in here if _is_destination(step.verb.name, path)]
        swml = node_at(step.value, "swml")
        if isinstance(swml, Scalar):
            places += [(("swml",), swml, text) for text in of_step(graph.steps[step.name])]
        yield from _first_of_each(subject, step, places)
    yield from _handed_over(subject, graph)


def _first_of_each(subject: Subject, step: StepNode, places: list[tuple[Path, Scalar, str]]) -> Iterator[Found]:
    told: set[int] = set()
    for path, scalar, text in places:
        for name in (found for one in deciding(text) if (found := source(subject.calls.graph, one))):
            way = _way(subject, name, step) if scalar.start not in told else ()
            if way:
                told.add(scalar.start)
                yield _found(subject, step, path, scalar, name, way, f"it decides where `{step.name}` goes")


def _handed_over(subject: Subject, graph: FlowGraph) -> Iterator[Found]:
    """To a flow that goes where an input says, and does not look at it."""
    for step in subject.steps("subflow"):
        value, given = graph.steps[step.name].value, node_at(step.value, "with")
        if not isinstance(value, SubflowValue) or not isinstance(given, Mapping):
            continue
        going = _inputs_that_decide(graph.subflows[value.flow])
        for key, node in given.entries:
            if key.text in going and isinstance(node, Scalar):
                where = f"the flow that `{step.name}` calls goes where it says"
                yield from _input(subject, step, key.text, node, where)


def _input(subject: Subject, step: StepNode, key: str, node: Scalar, where: str) -> Iterator[Found]:
    texts = (one.text for one in expressions(node.text))
    for name in (found for text in texts for one in becoming(text) if (found := source(subject.calls.graph, one))):
        way = _way(subject, name, step)
        if way:
            yield _found(subject, step, ("with", key), node, name, way, where)
            return


@once
def _inputs_that_decide(flow: FlowGraph) -> frozenset[str]:
    names = {name for step in flow.steps.values() for text in of_step(step) for name in deciding(text)}
    for step in flow.steps.values():
        for condition, _ in step.value.cases if isinstance(step.value, BranchValue) else ():
            names -= {*condition.names}
    return frozenset(name.removeprefix("inputs.") for name in names if name.startswith("inputs."))


def _is_destination(verb: str, path: Path) -> bool:
    """Of a SWML document any part may be one; of a `fetch` its URL alone, and of an `ask` what it plays."""
    last = next((part for part in reversed(path) if isinstance(part, str)), verb)
    return path == ("url",) if verb == "fetch" else last in (_PROMPTS if verb == "ask" else PLACES)


def _way(subject: Subject, name: str, step: StepNode) -> tuple[str, ...]:
    calls = subject.calls
    return calls.way("unchecked", name, step.name) if calls.may("unchecked", name, step.name) else ()


def _found(
    subject: Subject, step: StepNode, path: Path, node: Scalar, name: str, way: tuple[str, ...], where: str
) -> Found:
    return subject.found(
        node,
        f"`{name}` is the caller's, and nobody has looked at it on this way: {where}.",
        help="Check it before, with `accept` where it is entered, or in a `branch`.",
        path=(*step.path, *path),
        witness=way,
    )
