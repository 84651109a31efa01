"""A name is compared with a text that it never is.

## What it does
Reports a comparison (`==`, `!=`) of `steps.<step>.outcome` with what is no outcome of that step, of `steps.<step>.choice` with what is none of
its choices, of `steps.<step>.digits` with what can be no entry of that step (more keys than it takes, or what is on no keypad), of a
`text` where no speech is heard or `digits` where no keys are taken, of `size(...)` of such an entry with a number that decides it
beforehand, and of a variable that only ever gets texts of the flow with another text.

## Why
The condition is decided before anybody calls: mostly a name was misspelt, or a choice was renamed in one place only. The case is never
taken, and another one takes its place.

## Bad
```yaml
menu:
  ask:
    prompt: "For sales, press 1. For service, press 2."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
      service: {keys: ["2"]}
  next: which
which:
  branch:
    - if: or(steps.menu.choice, '') == 'sale'
      next: sales
    - else: bye
sales:
  play: "We sell all kinds of lamps."
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "For sales, press 1. For service, press 2."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
      service: {keys: ["2"]}
  next: which
which:
  branch:
    - if: or(steps.menu.choice, '') == 'sales'
      next: sales
    - else: bye
sales:
  play: "We sell all kinds of lamps."
  next: bye
bye:
  end: hangup
```

## Limits
Inputs, signals, replies of services and what callers say may be anything. An empty text stands for nothing, and is never reported.

## Source
[The language: next](../language.md#next-and-what-an-outcome-is).
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from engine.compile.located import Path, Scalar
from engine.compile.outcomes import DETECTED
from engine.compile.paths import possible
from engine.compile.report import closest
from engine.compile.wording import either
from engine.expr import expressions, has_template
from engine.lint.entered import entered_at
from engine.lint.finding import Edit, Fix
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import ApiValue, AskValue, FlowGraph, SetValue, Step
from engine.model.ids import StepName
from engine.model.verbs import FAILURES

RULE = Rule(code="VAR012", name="never-that", severity="warning", fixability="unsafe", needs="graph")

_NAME = r"(steps\.[a-z][a-z0-9_]*\.(?:outcome|choice|digits|value|text)|vars\.[a-z][a-z0-9_]*)"
_TEXT = r"""(?:'([^'\\]+)'|"([^"\\]+)")"""
_COMPARED = re.compile(rf"\b(?:or\(\s*{_NAME}\s*,\s*(?:''|\"\")\s*\)|{_NAME})\s*(?:==|!=)\s*{_TEXT}")
_SIZE = re.compile(
    r"\bsize\(\s*(?:or\(\s*)?(steps\.[a-z][a-z0-9_]*\.(?:digits|value|text))(?:\s*,\s*(?:''|\"\")\s*\))?\s*\)\s*(==|!=|<=|>=|<|>)\s*(\d{1,6})\b"
)
_COMPARING: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt,
}  # fmt: skip
_LITERAL = re.compile(rf"\s*{_TEXT}\s*")
_ENTRIES = (["digits"], ["value"], ["text"])
_RUN = ("steps", "finally")
_LONGEST = 1_000
_ENTERED = re.compile("[0-9*#A-Da-d]*")
_STATUS = re.compile("http_[1-5][0-9]{2}")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for path, scalar in subject.scalars():
        for offset, text in _expressions(scalar, str(path[-1]), path[2:3] == ("set",)):
            for one in _COMPARED.finditer(text) if path[0] in _RUN else ():
                yield from _found(subject, graph, path, scalar, one, offset)
            for one in _SIZE.finditer(text) if path[0] in _RUN and "size(" in text else ():
                yield from _measured(subject, graph, path, scalar, one, offset)


def _expressions(scalar: Scalar, key: str, is_set: bool) -> Iterator[tuple[int, str]]:
    """The expressions in a value, each with where it begins in it."""
    if has_template(scalar.text):
        yield from ((one.offset, one.text) for one in expressions(scalar.text))
    elif key == "if" or is_set:
        yield 0, scalar.text


def _found(
    subject: Subject, graph: FlowGraph, path: Path, scalar: Scalar, one: re.Match[str], offset: int
) -> Iterator[Found]:
    name, group = one[1] or one[2], 3 if one[3] else 4
    text, known = one[group], _known(graph, name)
    keys = _keys(graph, name, text)
    if not keys and (known is None or text in known or _STATUS.fullmatch(text)):
        return
    near = closest(text, known or ())
    found = subject.found(
        scalar,
        f"`{name}` is never `{text}`.",
        help=keys or _help(name, near, known or {}),
        path=path,
        part=(offset + one.start(group), offset + one.end(group)),
    )
    yield (
        replace(found, fix=_fix(found, near))
        if near and subject.places.text[found.start : found.end] == text
        else found
    )


def _measured(
    subject: Subject, graph: FlowGraph, path: Path, scalar: Scalar, one: re.Match[str], offset: int
) -> Iterator[Found]:
    """Of all lengths that the entry may have, some have to decide otherwise than others."""
    _, own, field = one[1].split(".")
    entry = entered_at(graph, own)
    most = entry.keys(field) if entry is not None else None
    if entry is None or most is None:
        return
    answers = {_COMPARING[one[2]](length, int(one[3])) for length in range(min(most, _LONGEST) + 1)}
    if len(answers) == 1:
        yield subject.found(
            scalar,
            f"`{one[0]}` is {'always' if True in answers else 'never'} so.",
            help=entry.why_not(own, field) or f"`{own}` takes {most} {'key' if most == 1 else 'keys'} at most.",
            path=path,
            part=(offset + one.start(), offset + one.end()),
        )


def _help(name: str, near: str, known: Mapping[str, None]) -> str:
    if near:
        return f"Did you mean `{near}`?"
    if known:
        return f"It is {either([f'`{each}`' for each in known][:12])}."
    if name.startswith("vars."):
        return "Nothing but an empty text is ever put into it."
    return "That step has no `choices`: give it some, or ask for what was said or entered."


def _fix(found: Found, near: str) -> Fix:
    return Fix(title=f"Write `{near}`", safety="unsafe", edits=(Edit(found.start, found.end, near),))


def _keys(graph: FlowGraph, name: str, text: str) -> str:
    """What can be entered there, if the text cannot; else nothing."""
    _, own, *field = name.split(".")
    entry = entered_at(graph, own) if field in _ENTRIES else None
    if entry is None:
        return ""
    if why := entry.why_not(own, field[0]):
        return why
    if field == ["text"] or (field == ["value"] and entry.speech):
        return ""
    most = entry.keys(field[0])
    if most is not None and len(text) > most:
        return f"`{own}` takes {most} {'key' if most == 1 else 'keys'} at most."
    return "" if _ENTERED.fullmatch(text) else "It is of the keys `0` to `9`, `*`, `#` and `A` to `D`."


def _known(graph: FlowGraph, name: str) -> dict[str, None] | None:
    """All that the name may be, but for nothing; None where that is not known."""
    space, own, *field = name.split(".")
    if space == "vars":
        return _assigned(graph, own)
    step = graph.steps.get(StepName(own))
    if step is None:
        return None
    if field in _ENTRIES:
        return None
    if field == ["outcome"]:
        return _detected(step) or possible(step)
    return dict.fromkeys(one.name for one in step.value.choices) if isinstance(step.value, AskValue) else None


def _detected(step: Step) -> dict[str, None]:
    """What a `detect` in the background may find; nothing where it is another verb, or its kind is not known."""
    params = step.value.params if step.verb == "detect" and step.background and isinstance(step.value, ApiValue) else {}
    found = DETECTED.get(str(params.get("detect", {}).get("type", "")), ())
    return dict.fromkeys((*found, "timeout", *FAILURES, "expression")) if found else {}


def _assigned(graph: FlowGraph, name: str) -> dict[str, None] | None:
    declared = graph.vars.get(name)
    if declared is None or declared.type != "string" or not isinstance(declared.default, str | None):
        return None
    values = (step.value for step in graph.steps.values())
    sources = [
        value.assignments[name].source for value in values if isinstance(value, SetValue) and name in value.assignments
    ]
    texts = [found[1] or found[2] if (found := _LITERAL.fullmatch(one)) else None for one in sources]
    known = [declared.default or "", *texts]
    if not sources or None in texts:
        return None
    return dict.fromkeys(one for one in known if one)
