"""A condition that always says the same.

## What it does
Reports an `if` of a `branch` that reads nothing that changes: no name at all, or only variables that no step sets.

## Why
The branch decides nothing, and one of its ways is dead. Usually a `set` was forgotten, or a condition was switched off
while somebody tried something.

## Bad
```yaml
vars:
  tries: 0
steps:
  again:
    branch:
      - if: vars.tries < 3
        next: menu
      - else: bye
```

## Good
```yaml
vars:
  tries: 0
steps:
  count:
    set: {tries: vars.tries + 1}
    next: again
  again:
    branch:
      - if: vars.tries < 3
        next: menu
      - else: bye
```

## Limits
Conditions on what the caller does, on inputs and on uses are taken to change. Of a variable that steps set, all values are taken
together, wherever the branch stands; texts are another rule's ([VAR012](var012.md)).

## Source
[The language: branch](../language.md#branch).
"""

from collections.abc import Iterator, Mapping

from engine.compile.located import Sequence
from engine.compile.wording import both
from engine.lint.constant import Range, always, constant, fixed, ranges
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at
from engine.model.graph import BranchValue, Expression

RULE = Rule(code="FLW009", name="constant-condition", severity="warning", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    known = {} if subject.has_broken_steps else fixed(graph)
    ever = {} if subject.has_broken_steps else ranges(graph)
    for step in subject.steps("branch"):
        value = graph.steps[step.name].value
        nodes = step.value.items if isinstance(step.value, Sequence) else ()
        for index, (condition, _) in enumerate(value.cases if isinstance(value, BranchValue) else ()):
            holds = constant(condition, known)
            holds = always(condition, ever) if holds is None else holds
            node = node_at(nodes[index], "if")
            if holds is not None and node is not None:
                yield subject.found(
                    node,
                    f"This is always {str(holds).lower()}{_because(condition, ever)}.",
                    help="Remove the entry, or what follows it." if holds else "Remove the entry, or correct it.",
                    path=(*step.path, index, "if"),
                )


def _because(condition: Expression, ever: Mapping[str, Range]) -> str:
    if not condition.names:
        return ""
    changing = next((name for name in condition.names if len(ever.get(name, ())) > 1), "")
    if changing:
        return f": `{changing}` is never anything but {' or '.join(str(one).lower() for one in ever[changing])}"
    return f": no step sets {both([f'`{name}`' for name in condition.names])}"
