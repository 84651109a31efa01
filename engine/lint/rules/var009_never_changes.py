"""A variable that begins empty, is read, and never gets a value.

## What it does
Reports a variable that begins as an empty text, 0 or false, that expressions read, and that no step sets to anything but
itself, or to the 0 or false that it is; and a `set` that gives a variable its own value.

## Why
An empty constant is of no use to anybody: the step that was to set it is missing, or sets it to what it is.

## Bad
```yaml
vars: {tries: 0}
steps:
  again:
    set: {tries: vars.tries}
    next: which
  which:
    branch:
      - if: vars.tries < 3
        next: again
      - else: bye
  bye:
    end: hangup
```

## Good
```yaml
vars: {tries: 0}
steps:
  again:
    set: {tries: vars.tries + 1}
    next: which
  which:
    branch:
      - if: vars.tries < 3
        next: again
      - else: bye
  bye:
    end: hangup
```

## Limits
Variables that begin with a value are constants, which is a good use of them. A condition of a `branch` that is decided by such a
variable alone is another rule's ([FLW009](flw009.md)).

## Source
[The language: set](../language.md#set).
"""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from engine.lint.constant import decided, ranges
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import SetValue

RULE = Rule(code="VAR009", name="never-changes", severity="warning", needs="graph")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    changed = {
        name
        for step in graph.steps.values()
        if isinstance(step.value, SetValue)
        for name, one in step.value.assignments.items()
        if one.source.strip() != f"vars.{name}"
    }
    yield from _to_itself(subject, changed)
    changed -= {name.removeprefix("vars.") for name, values in ranges(graph).items() if len(values) == 1}
    said = changed | {name.removeprefix("vars.") for name in decided(graph)}
    for key, _ in subject.section("vars").entries:
        declared = graph.vars.get(key.text)
        empty = declared is not None and not declared.required and declared.default in ("", 0, False)
        if empty and key.text not in said and _is_read(subject, key.text):
            yield subject.found(
                key,
                f"`{key.text}` is read, and no step ever sets it to anything else.",
                help="Set it, or write its value where it is read.",
                path=("vars", key.text),
            )


def _to_itself(subject: Subject, changed: set[str]) -> Iterator[Found]:
    for step in subject.steps("set"):
        for key, node in step.value.entries if isinstance(step.value, Mapping) else ():
            if isinstance(node, Scalar) and node.text.strip() == f"vars.{key.text}" and key.text in changed:
                yield subject.found(
                    node,
                    f"`{key.text}` is set to what it is.",
                    help="Set it to something else, or leave it out.",
                    path=(*step.path, key.text),
                )


def _is_read(subject: Subject, name: str) -> bool:
    reads = re.compile(rf"\bvars\.{name}\b")
    return any(reads.search(scalar.text) for path, scalar in subject.scalars() if path[0] != "vars")
