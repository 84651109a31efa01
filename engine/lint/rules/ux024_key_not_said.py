"""A menu has a choice that callers are told nothing of.

## What it does
Reports a choice of an `ask` whose prompt tells the key of another choice, and has neither a key of this one nor one of its
phrases, nor has what is said right before it.

## Why
Nobody presses a key that they have not heard of. A sentence is soon lost when a prompt is shortened or translated, and in a
test that presses the key the choice works as ever.

## Bad
```yaml
menu:
  ask:
    prompt: "For sales, press 1."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
      billing: {keys: ["2"]}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "For sales, press 1. For billing, press 2."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
      billing: {keys: ["2"]}
  next: bye
bye:
  end: hangup
```

## Limits
A digit or its name anywhere in the prompt counts as said, in four languages; so do the texts of a `play` that leads to the question. Choices
of `defaults` are offered in many menus and need not be said in each, and `*` and `#` are known to many callers. Prompts with an audio file
or an input of the flow in them are not judged, as nobody knows what these say.

## Source
Guidelines for voice menus: what is offered has to be said.
"""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Node, Scalar
from engine.compile.scope import StepNode
from engine.lint.offers import names, offers, scales
from engine.lint.rule import Found, Rule
from engine.lint.spoken import items, texts
from engine.lint.subject import Subject, node_at
from engine.model.words import words

RULE = Rule(code="UX024", name="key-not-said", severity="warning")

_KNOWN = frozenset("*#")
_OPEN = re.compile(r"\$\{\{ *(?:inputs|uses)\.")


def check(subject: Subject) -> Iterator[Found]:
    before: dict[str, list[str]] | None = None
    for step in subject.steps("ask"):
        prompt, choices = node_at(step.value, "prompt"), node_at(step.value, "choices")
        if not isinstance(choices, Mapping) or not _is_all_text(prompt):
            continue
        text = " ".join(texts(prompt))
        keys = {key for _, choice in choices.entries for key in _listed(choice, "keys")}
        if not keys.intersection(one.key for one in offers(text)):
            continue
        if keys <= _told(text, keys):
            continue
        before = _before(subject) if before is None else before
        heard = " ".join([text, *before.get(step.name, ())])
        told = _told(heard, keys)
        for name, choice in choices.entries:
            own = _listed(choice, "keys")
            if own and not told.intersection(own) and not _is_spoken_of(step, choice, heard):
                yield subject.found(
                    name,
                    f"Callers are not told that they may press {own[0]} for `{name.text}`.",
                    help="Say it in the prompt, or take the choice out.",
                    path=(*step.path, "choices", name.text),
                )


def _told(text: str, keys: set[str]) -> set[str]:
    return {*scales(text, keys), *(key for key in keys if names(text, key)), *_KNOWN}


def _is_all_text(prompt: Node | None) -> bool:
    return all(isinstance(item, Scalar) and not _OPEN.search(item.text) for item in items(prompt))


def _before(subject: Subject) -> dict[str, list[str]]:
    """What a `play` says that may lead to a step."""
    found: dict[str, list[str]] = {}
    for step in subject.steps("play"):
        ways = step.node.get("next")
        targets = [ways] if isinstance(ways, Scalar) else [one for _, one in getattr(ways, "entries", ())]
        for name in {one.text for one in targets if isinstance(one, Scalar)}:
            found.setdefault(name, []).extend(texts(step.value))
    return found


def _is_spoken_of(step: StepNode, choice: Node, text: str) -> bool:
    """Is a phrase of it in the text, where speech is taken?"""
    said = f" {words(text)} "
    return node_at(step.value, "speech") is not None and any(
        f" {words(phrase)} " in said for phrase in _listed(choice, "phrases")
    )


def _listed(choice: Node, key: str) -> list[str]:
    found = node_at(choice, key)
    return [one.text for one in getattr(found, "items", ()) if isinstance(one, Scalar)]
