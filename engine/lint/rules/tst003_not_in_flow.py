"""A test that names a step which the flow does not have.

## What it does
Reports each step that the test file beside the flow names (in `expect.path`, `outcomes` and `fetches`, as a `fetch`, in
`limits.visits`) and that is no step of the flow, nor of one that it calls.

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
from engine.lint.cases import expected, may_name_others
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import FlowGraph

RULE = Rule(code="TST003", name="not-in-flow", severity="warning", needs="graph")


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


def _steps(graph: FlowGraph) -> Iterator[str]:
    """By the names that paths give them: `pin/lookup` is one of a subflow."""
    yield from graph.steps
    for name, inner in graph.subflows.items():
        yield from (f"{name}/{step}" for step in inner.steps)
