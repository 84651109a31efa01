"""A menu has a choice that callers are told nothing of.

## What it does
Reports a choice of an `ask` whose prompt tells the key of another choice, and has neither a key of this one nor one of its
phrases, nor has the text right before it that tells of keys. And an `ask` that takes nothing but the keys of its choices, where no text
on the way to it tells of any.

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
A digit or its name anywhere in the prompt counts as said, in four languages; so do the texts of a `play` that leads to the question and
has a key to press in it, or names two of them. Keys of several digits are not said one by one where the prompt asks for an extension or a
code. Choices of `defaults` are offered in many menus and need not be said in each, and `*` and `#` are known to many
callers. In a flow that others call a question without any key may have been explained before. Prompts with an audio file in them,
or with a sentence that is nothing but an input of the flow, are not judged, as nobody knows what these say.

## Source
Guidelines for voice menus: what is offered has to be said.
"""

import re
from collections.abc import Iterator, Mapping

from engine.compile.located import Mapping as Entries
from engine.compile.located import Node, Scalar
from engine.compile.scope import StepNode
from engine.lint.farewell import plays_before
from engine.lint.offers import names, offers, scales
from engine.lint.routes import leading_to
from engine.lint.rule import Found, Rule
from engine.lint.spoken import items, texts
from engine.lint.subject import Subject, node_at
from engine.model.words import words

RULE = Rule(code="UX024", name="key-not-said", severity="warning", needs="graph")

_KNOWN = frozenset("*#")
_OPEN = re.compile(r"(?:\A|[.!?:;])\s*\$\{\{ *(?:inputs|uses)\.")
_DIALLED = re.compile(
    r"\b(?:extensions?|code|extensión|anexo|interno|código|nebenstelle|durchwahl|kennzahl|poste)\b", re.IGNORECASE
)
"""Who knows one dials it: keys of several digits are not said one by one."""
_QUIET = ("set", "branch", "wait")
_SOUNDS = ("silence", "ringtone")
_ANY_KEY = re.compile(
    r"number|many|digit|\bkeys?\b|scale|zahl|ziffer|taste|viele|número|cuánt|cifra|tecla|nombre|chiffre|combien|touche",
    re.IGNORECASE,
)
"""`How many of you are coming?` has its keys without naming them."""


def check(subject: Subject) -> Iterator[Found]:
    elsewhere: Mapping[str, str | None] | None = None
    for step in subject.steps("ask"):
        prompt, choices = node_at(step.value, "prompt"), node_at(step.value, "choices")
        if not isinstance(choices, Entries) or prompt is None or not _is_all_text(prompt):
            continue
        text, keys = " ".join(texts(prompt)), _keys(choices)
        if keys <= _told(text, keys):
            continue
        elsewhere = _texts(subject) if elsewhere is None else elsewhere
        if keys.intersection(one.key for one in offers(text)):
            yield from _missing(
                subject, step, choices, " ".join([text, *_right_before(subject, step, elsewhere, keys)])
            )
        elif not _may_know(subject, step, text, keys, elsewhere):
            yield subject.found(
                prompt,
                f"`{step.name}` takes nothing but keys, and callers are not told of any.",
                help=f"Say which keys there are, and what for: {', '.join(sorted(keys - _KNOWN))}.",
                path=(*step.path, "prompt"),
            )


def _missing(subject: Subject, step: StepNode, choices: Entries, heard: str) -> Iterator[Found]:
    told = _told(heard, _keys(choices))
    for name, choice in choices.entries:
        own = _listed(choice, "keys")
        if own and not told.intersection(own) and not _is_spoken_of(step, choice, heard):
            yield subject.found(
                name,
                f"Callers are not told that they may press {own[0]} for `{name.text}`.",
                help="Say it in the prompt, or take the choice out.",
                path=(*step.path, "choices", name.text),
            )


def _keys(choices: Node | None) -> set[str]:
    return {key for _, choice in getattr(choices, "entries", ()) for key in _listed(choice, "keys")}


def _told(text: str, keys: set[str]) -> set[str]:
    dialled = (key for key in keys if len(key) > 1) if _DIALLED.search(text) else ()
    return {*scales(text, keys), *(key for key in keys if names(text, key)), *dialled, *_KNOWN}


def _is_all_text(prompt: Node) -> bool:
    return all(_is_text(item) for item in items(prompt))


def _is_text(item: Node) -> bool:
    """Is it known what it says? A pause and a tone say nothing; an input may be a sentence of its own."""
    if isinstance(item, Scalar):
        return _OPEN.search(item.text) is None
    return node_at(item, "params", "text") is not None or any(node_at(item, one) is not None for one in _SOUNDS)


def _texts(subject: Subject) -> Mapping[str, str | None]:
    """What each `play` and `ask` says; None where nobody knows all of it."""
    found: dict[str, str | None] = {}
    for step in subject.steps("play", "ask"):
        said = step.value if step.verb.name == "play" else node_at(step.value, "prompt")
        found[step.name] = " ".join(texts(said)) if said is not None and _is_all_text(said) else None
    return found


def _right_before(
    subject: Subject, step: StepNode, elsewhere: Mapping[str, str | None], keys: set[str]
) -> Iterator[str]:
    """What a `play` says that leads to the question, where that tells of keys, or names two of them."""
    for other in plays_before(subject, step.name, {one.name for one in subject.steps(*_QUIET)}):
        text = elsewhere[other.name] or " ".join(texts(other.value))
        if any(offers(text)) or len(_told(text, keys) - _KNOWN) > 1:
            yield text


def _may_know(subject: Subject, step: StepNode, text: str, keys: set[str], elsewhere: Mapping[str, str | None]) -> bool:
    """May callers know which keys there are? From a text on the way, from another question with the same choices, or as they may say
    it as well."""
    if node_at(step.value, "speech") is not None or _told(text, keys) - _KNOWN or _ANY_KEY.search(text):
        return True
    if any(subject.steps("return")):
        return True  # the flow that calls this one may have said it
    if any(_right_before(subject, step, elsewhere, keys)):
        return True
    before = leading_to(subject.ways, [step.name]) - {step.name}
    return any(
        other.name in before
        and (other.verb.name == "play" or _names(step) <= _names(other))
        and ((said := elsewhere[other.name]) is None or keys.intersection(one.key for one in offers(said)))
        for other in subject.steps("play", "ask")
    )


def _names(step: StepNode) -> set[str]:
    return {name.text for name, _ in getattr(node_at(step.value, "choices"), "entries", ())}


def _is_spoken_of(step: StepNode, choice: Node, text: str) -> bool:
    """Is a phrase of it in the text, where speech is taken?"""
    said = f" {words(text)} "
    return node_at(step.value, "speech") is not None and any(
        f" {words(phrase)} " in said for phrase in _listed(choice, "phrases")
    )


def _listed(choice: Node, key: str) -> list[str]:
    found = node_at(choice, key)
    return [one.text for one in getattr(found, "items", ()) if isinstance(one, Scalar)]
