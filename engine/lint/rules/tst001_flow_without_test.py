"""A flow without tests.

## What it does
Reports a flow that has no file `<name>.test.yaml` beside it.

## Why
A test plays a caller's whole way in a moment, and shows in a review what a change does to it.

## Bad
A folder with `reception.flow.yaml` and no `reception.test.yaml`.

## Good
Both files, side by side.

## Limits
What is in the test file is not looked at.

## Source
[The language](../language.md).
"""

from collections.abc import Iterator

from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="TST001", name="flow-without-test", severity="info")


def check(subject: Subject) -> Iterator[Found]:
    name = f"{subject.bundle.flow}.test.yaml"
    key = subject.root.key("flow")
    if key is not None and name not in subject.beside:
        yield subject.found(key, f"There is no `{name}` beside this flow.", help="Add one.", path=("flow",))
