"""Two inputs of a flow that is called have each other's values.

## What it does
Reports a `subflow` whose `with` gives words for callers ("Please ...") to an input that the called flow never says, and a word or two
to one that it says as it is.

## Why
Both are texts, so the flow compiles. Callers hear "billing" and then a tone, and what they should have heard is in somebody's list.

## Bad
```yaml
message:
  subflow:
    flow: take_message
    with: {about: "Please leave your name after the tone.", prompt: billing}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
message:
  subflow:
    flow: take_message
    with: {about: billing, prompt: "Please leave your name after the tone."}
  next: bye
bye:
  end: hangup
```

## Limits
Looks at values that are written out. An input that the called flow gives to another one may be said there.

## Source
[The language: subflow](../language.md#subflow).
"""

import re
from collections.abc import Iterator, Mapping

from engine.compile.located import Mapping as Entries
from engine.compile.located import Scalar
from engine.lint.calls.called import once
from engine.lint.calls.trust import names
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at
from engine.model.graph import ApiValue, AskValue, FetchValue, FlowGraph, Step, SubflowValue, Tree

RULE = Rule(code="VAR013", name="inputs-exchanged", severity="warning", needs="ways")

_FOR_CALLERS = re.compile(
    r"\b(?:please|you|your|press|bitte|sie|ihr|por favor|su|usted|veuillez|vous|votre)\b", re.IGNORECASE
)
_VALUE = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
_WORDS, _FEW = 4, 3


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps("subflow"):
        given = node_at(step.value, "with")
        value = graph.steps[step.name].value
        texts = (
            {key.text: one for key, one in given.entries if isinstance(one, Scalar)}
            if isinstance(given, Entries)
            else {}
        )
        addressed = [name for name, one in texts.items() if _is_for_callers(one)]
        if not addressed or not isinstance(value, SubflowValue):
            continue
        said = _said(graph.subflows[value.flow])
        brief = [name for name, one in texts.items() if said.get(name, False) and _is_brief(one)]
        unsaid = [name for name in addressed if name not in said]
        if brief and unsaid:
            yield subject.found(
                texts[brief[0]],
                f"`{value.flow}` says `{brief[0]}` to callers, and never `{unsaid[0]}`, which has words for them.",
                help="Exchange the two values.",
                path=(*step.path, "with", brief[0]),
            )


def _is_for_callers(node: Scalar) -> bool:
    return _FOR_CALLERS.search(node.text) is not None and len(_VALUE.sub(" ", node.text).split()) >= _WORDS


def _is_brief(node: Scalar) -> bool:
    found = _VALUE.sub(" ", node.text).split()
    return 0 < len(found) <= _FEW and not found[-1].endswith((".", "!", "?"))


@once
def _said(flow: FlowGraph) -> Mapping[str, bool]:
    """The inputs that callers may hear: are they all of a text?"""
    found: dict[str, bool] = {}
    for step in flow.steps.values():
        for tree in _heard(step):
            for name in names(tree):
                found.setdefault(name.removeprefix("inputs."), False)
        for item in _items(step):
            text = item.get("params", {}).get("text") if isinstance(item, dict) else None
            (name,) = own if len(own := tuple(names(text))) == 1 else ("",)
            if name and getattr(text, "source", "").replace(" ", "") in (name, f"${{{{{name}}}}}"):
                found[name.removeprefix("inputs.")] = True
    return found


def _heard(step: Step) -> Iterator[Tree]:
    """All that may be said, or that another flow may say."""
    match step.value:
        case AskValue(prompt=prompt, no_input=no_input, no_match=no_match):
            yield from (prompt, *no_input, *no_match)
        case ApiValue(params=params):
            yield params
        case FetchValue(filler=filler) if filler is not None:
            yield filler.play
        case SubflowValue(given=given):
            yield given


def _items(step: Step) -> Iterator[Tree]:
    """What is played before the caller does anything."""
    value = step.value
    items = (
        value.prompt
        if isinstance(value, AskValue)
        else value.params.get("play")
        if isinstance(value, ApiValue)
        else None
    )
    yield from items if isinstance(items, list) else ()
