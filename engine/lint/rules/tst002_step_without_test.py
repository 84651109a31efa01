"""A step that no case of the flow's tests goes through.

## What it does
Reports, as info, each step that stands in no `expect.path`, where every case of the test file beside the flow tells the whole
path of its call.

## Why
What no test goes through may be broken by the next change, and nobody would see it.

## Bad
A flow with a step `sorry`, and a test file with one case and `path: [hello, bye]`.

## Good
The same flow, and a second case with `path: [hello, sorry, bye]`.

## Limits
Where a case has no `path`, or one with `...`, nothing is said, nor where the flow has a second test file. `offhook test --coverage` runs the cases and tells each way out of
each step that none of them has taken, which is more: [testing](../testing.md#coverage).

## Source
[The tests of flows](../testing.md).
"""

from collections.abc import Iterator

from engine.lint.cases import expected, mentioned
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="TST002", name="step-without-test", severity="info", needs="graph")


def check(subject: Subject) -> Iterator[Found]:
    if subject.tests is None or all(step.name in mentioned(subject.tests) for step in subject.steps()):
        return
    own = f"{subject.bundle.flow}."
    if any(one.startswith(own) and one != f"{own}test.yaml" for one in subject.beside):
        return
    cases = expected(subject.tests)
    known = cases.steps if cases is not None and cases.whole else None
    for step in subject.steps() if known else ():
        if known and step.name not in known:
            yield subject.found(
                step.key,
                f"No case of `{subject.bundle.flow}.test.yaml` goes through `{step.name}`.",
                help="Add a case, or see with `offhook test --coverage` what is not tested.",
                path=("steps", step.name),
            )
