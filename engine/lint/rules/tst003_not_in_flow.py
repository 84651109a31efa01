"""A test that names what the flow does not have.

## What it does
Reports each step that the test file beside the flow names (in `expect.path`, `outcomes` and `fetches`, as a `fetch`, in
`limits.visits`) and that is no step of the flow, nor of one that it calls; and each step, variable, input and use that its
`invariants` read and the flow does not have.

## Why
The step was renamed or removed, and the test with it was forgotten: it cannot pass any more.

## Bad
A flow with the steps `hello` and `bye`, and beside it a test with `path: [welcome, bye]`.

## Good
The same flow, and a test with `path: [hello, bye]`.

## Limits
Each name is reported once, at its first place in the test file; a comment there can ignore it. Outcomes, variables and signals
that are not there, and what is wrong in a test file otherwise, are found by `offhook test`, under the same code:
[testing](../testing.md#messages).

## Source
[The tests of flows](../testing.md).
"""

from collections import Counter
from collections.abc import Iterator

from engine.compile.located import dotted
from engine.compile.report import nearest
from engine.lint.cases import expected, in_invariants, may_name_others
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import FlowGraph

RULE = Rule(code="TST003", name="not-in-flow", severity="warning", needs="graph")

_WORD = {"steps": "step", "vars": "variable", "inputs": "input", "uses": "use"}


def check(subject: Subject) -> Iterator[Found]:
    if subject.tests is None or subject.graph is None:
        return
    known = set(_steps(subject.graph))
    cases = expected(subject.tests) if may_name_others(subject.tests, known) else None
    missing = [one for one in cases.named if one.scalar.text not in known] if cases is not None else []
    times = Counter(one.scalar.text for one in missing)
    for one in {one.scalar.text: one for one in reversed(missing)}.values():
        name, again = one.scalar.text, times[one.scalar.text] - 1
        more = f" It is named {'once' if again == 1 else f'{again} times'} more." if again else ""
        yield Found(
            start=one.scalar.start,
            end=one.scalar.end,
            message=f"`{subject.bundle.flow}` has no step `{name}`.{more}",
            help=nearest(name, known) or "Write the step's new name, or remove the case.",
            path=dotted(one.path),
            in_tests=True,
        )
    yield from _in_invariants(subject, subject.graph, subject.tests)


def _in_invariants(subject: Subject, graph: FlowGraph, tests: bytes) -> Iterator[Found]:
    known = {"steps": {*graph.steps}, "vars": {*graph.vars}, "inputs": {*graph.inputs}, "uses": {*graph.uses}}
    told: set[tuple[str, str]] = set()
    for space, name, start, end in in_invariants(tests):
        if name not in known[space] and (space, name) not in told:
            told.add((space, name))
            yield Found(
                start=start,
                end=end,
                message=f"`{subject.bundle.flow}` has no {_WORD[space]} `{name}`, which an invariant reads.",
                help=nearest(name, known[space]) or "Write its new name, or take the invariant out.",
                path="invariants",
                in_tests=True,
            )


def _steps(graph: FlowGraph) -> Iterator[str]:
    """By the names that paths give them: `pin/lookup` is one of a subflow."""
    yield from graph.steps
    for name, inner in graph.subflows.items():
        yield from (f"{name}/{step}" for step in inner.steps)
