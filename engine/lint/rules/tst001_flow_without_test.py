"""A flow without tests, beside others that have some.

## What it does
Reports, as info, a flow that has no file `<name>.test.yaml` beside it, in a folder where other flows have one.

## Why
A test plays a caller's whole way in a moment, and shows in a review what a change does to it.

## Bad
A folder with `reception.flow.yaml`, `voicemail.flow.yaml` and `voicemail.test.yaml`.

## Good
The same folder with `reception.test.yaml` as well.

## Limits
What is in the test file is not looked at. A folder without any tests is left alone.

## Source
[The linter](../lint.md).
"""

from collections.abc import Iterator

from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="TST001", name="flow-without-test", severity="info")


def check(subject: Subject) -> Iterator[Found]:
    name = f"{subject.bundle.flow}.test.yaml"
    key = subject.root.key("flow")
    if key is not None and subject.beside and not any(_is_of(subject.bundle.flow, one) for one in subject.beside):
        other = min(subject.beside)
        message = f"There is no `{name}` beside this flow; others have theirs, such as `{other}`."
        yield subject.found(key, message, help="Add one.", path=("flow",))


def _is_of(flow: str, file: str) -> bool:
    """`reception.more.test.yaml` is of `reception` too."""
    return file.partition(".")[0] == flow
