"""A variable, an input or a use that nothing in the flow names.

## What it does
Reports entries of `vars`, `inputs` and `uses` that no expression reads and no `set` sets.

## Why
An input has to be given by everybody who starts the flow, a use has to be bound by every environment. One that does
nothing is work for others, and often a misspelt name elsewhere.

## Bad
```yaml
uses:
  desk: number
  night_desk: number
steps:
  to_desk:
    transfer: {dest: "${{ uses.desk }}"}
    next: {error: bye}
```

## Good
```yaml
uses:
  desk: number
steps:
  to_desk:
    transfer: {dest: "${{ uses.desk }}"}
    next: {error: bye}
```

## Limits
A variable that is set and never read is not reported: what it held is seen in the run's transcript. A name that stands
in a text counts as read. In a flow with broken steps nothing is reported, since they may name it. The safe fix removes a
variable; the unsafe one an input or a use, or an entry with a comment in it.

## Source
[The language: inputs, uses, vars](../language.md#inputs-uses-vars).
"""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Node, Scalar
from engine.compile.wording import NAME
from engine.lint.finding import Edit, Fix, Safety
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, text_at

RULE = Rule(code="VAR004", name="unused-name", severity="warning", fixability="unsafe")

_NAMED = re.compile(r"\b(vars|inputs|uses)\s*\.\s*([a-z][a-z0-9_]*)")
_WHAT = {"vars": "variable", "inputs": "input", "uses": "use"}


def check(subject: Subject) -> Iterator[Found]:
    if subject.has_broken_steps or not subject.is_sure:
        return  # there it may be named
    named = _named(subject)
    for section, what in _WHAT.items():
        entries = subject.section(section).entries
        for key, node in entries:
            if (section, key.text) not in named and re.fullmatch(NAME, key.text):
                yield subject.found(
                    key,
                    f"Nothing in the flow names the {what} `{key.text}`.",
                    help="Remove it, or use it.",
                    path=(section, key.text),
                    fix=_removal(subject, section, key, node) if len(entries) > 1 else None,
                )


def _named(subject: Subject) -> set[tuple[str, str]]:
    texts = "\0".join(scalar.text for _, scalar in subject.scalars() if "." in scalar.text)
    found = {(one[1], one[2]) for one in _NAMED.finditer(texts)}
    for path, _ in subject.scalars():
        if "set" in path and "set" in path[:-1]:
            found.add(("vars", str(path[path.index("set") + 1])))
    found |= {(one[1], one[2]) for text in _swml(subject) for one in _NAMED.finditer(text)}
    found.add(("uses", text_at(subject.root, "outbound", "hours")))
    return found | {("inputs", text) for text in _handles(subject)}


def _swml(subject: Subject) -> Iterator[str]:
    """The documents beside the flow that it names: `${{ }}` stands in them too."""
    files = subject.bundle.files
    return (files[path].decode("utf-8", "replace") for path in files if path.startswith("swml/"))


def _handles(subject: Subject) -> set[str]:
    """Inputs that are handles stand where steps do, by their bare names."""
    texts = {scalar.text for path, scalar in subject.scalars() if path[0] in ("steps", "handlers")}
    keys = {key.text for step in subject.steps() for key, _ in _entries(step.node.get("until"))}
    inputs = subject.section("inputs").entries
    return {key.text for key, node in inputs if text_at(node, "type") == "handle" and key.text in texts | keys}


def _entries(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.entries if isinstance(node, Mapping) else ()


def _removal(subject: Subject, section: str, key: Scalar, node: Node) -> Fix | None:
    lines = subject.whole_lines(key, node)
    if lines is None:
        return None
    # Who starts the flow may give the input still, and a comment inside may be worth keeping.
    has_comment = "#" in subject.places.text[slice(*lines)]
    safety: Safety = "safe" if section == "vars" and not has_comment else "unsafe"
    return Fix(title=f"Remove `{key.text}`", safety=safety, edits=(Edit(*lines, ""),))
