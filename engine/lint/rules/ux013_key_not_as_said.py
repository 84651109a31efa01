"""The prompt says a key, and the flow takes another one.

## What it does
Reports an `ask` whose prompt or reprompt tells callers to press a key that none of its choices has, that `accept` does not
take and that does not end the input; and a choice whose key the prompt gives to another choice, by the words that stand
around the key.

## Why
Callers do what they are told. Who presses 1 "for sales" and hears that this is not one of the choices, or is put through
to billing, has no way to find out what is wrong.

## Bad
```yaml
menu:
  ask:
    prompt: "For sales, press 1. For billing, press 2."
    digits: {max: 1}
    choices:
      sales: {keys: ["2"]}
      billing: {keys: ["1"]}
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
Reads "press 1" and what is said for it in English, Spanish, German and French. A choice is known by the words of its name,
its phrases and the step that it leads to; where these have nothing in common with what is said, nobody can tell. An `accept`
with a condition is taken to take every key. Of a `record` with `terminators` the keys `#` and `*` are looked at that a `play` right before it
names. Audio files are not listened to.

## Source
Guidelines for voice menus: what is said and what is taken have to be one.
"""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Node, Scalar
from engine.compile.scope import StepNode
from engine.lint.offers import Offer, content, offers, share
from engine.lint.rule import Found, Rule
from engine.lint.spoken import ladder, texts
from engine.lint.subject import Subject, node_at
from engine.model.graph import AskValue, Choice, Step

RULE = Rule(code="UX013", name="key-not-as-said", severity="warning", needs="graph")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    yield from _not_ended(subject)
    for step in subject.steps("ask"):
        compiled = graph.steps[step.name]
        value = compiled.value
        assert isinstance(value, AskValue)
        said = list(offers(" ".join(texts(node_at(step.value, "prompt")))))
        yield from _not_taken(subject, step, value, said)
        if value.choices:
            yield from _exchanged(subject, step, compiled, said)


def _not_ended(subject: Subject) -> Iterator[Found]:
    """Recordings that do not end with the key that a `play` before them names."""
    for step in subject.steps("record"):
        ends = node_at(step.value, "terminators")
        if not isinstance(ends, Scalar) or not isinstance(ends.value, str) or "${{" in ends.text:
            continue
        before = (one for one in subject.steps("play") if any(way.to == step.name for way in subject.ways[one.name]))
        keys = (one.key for play in before for one in offers(" ".join(texts(play.value))))
        key = next((one for one in keys if one in "#*" and one not in ends.text), "")
        if key:
            yield subject.found(
                ends,
                f"Callers are told to press {key}, and the recording of `{step.name}` does not end with that key.",
                help=f'Write `terminators: "{key}"`, or correct the text.',
                path=(*step.path, "terminators"),
            )


def _not_taken(subject: Subject, step: StepNode, value: AskValue, said: list[Offer]) -> Iterator[Found]:
    again = [one for name in ("no_input", "no_match") for item in ladder(step, name) for one in _of(item)]
    told = set()
    for one in (*said, *again):
        if one.key in told or _takes(value, one.key):
            continue
        told.add(one.key)
        place = _key(step, "prompt" if one in said else "reprompt")
        yield subject.found(
            place,
            f"Callers are told to press {one.key}, and `{step.name}` does not take that key.",
            help=_advice(value),
            path=step.path,
        )


def _of(item: Node) -> list[Offer]:
    return list(offers(" ".join(texts(item))))


def _takes(value: AskValue, key: str) -> bool:
    digits = value.collect.get("digits") if isinstance(value.collect, dict) else None
    if not isinstance(digits, dict):
        return False
    ends = digits.get("terminators", "")
    if not isinstance(ends, str) or key in ends:
        return True
    if value.choices:
        return any(key in one.keys for one in value.choices)
    if value.accept is not None and value.accept.condition is not None:
        return True
    if value.accept is not None and value.accept.digits:
        return re.search(value.accept.digits, key) is not None
    return key.isdigit()


def _advice(value: AskValue) -> str:
    keys = ", ".join(key for one in value.choices for key in one.keys)
    return f"It takes {keys}: correct the text, or the choice." if keys else "Correct the text, or what is taken."


def _exchanged(subject: Subject, step: StepNode, compiled: Step, said: list[Offer]) -> Iterator[Found]:
    """Choices that are not what is said for their key, while another one's key has their words."""
    assert isinstance(compiled.value, AskValue)
    about = {one.key: one.about for one in reversed(said)}
    known = {one.name: _words(one, compiled) for one in compiled.value.choices}
    keyed = [(one, about[one.keys[0]]) for one in compiled.value.choices if one.keys and one.keys[0] in about]
    for one, here in keyed:
        if share(known[one.name], here):
            continue
        for other, there in keyed:
            if other is not one and share(known[one.name], there) and not share(known[other.name], there):
                yield subject.found(
                    _choice(step, one.name),
                    f"`{one.name}` has the key {one.keys[0]}; what is said of it stands beside {other.keys[0]}.",
                    help=f"Exchange the keys of `{one.name}` and `{other.name}`, or correct the prompt.",
                    path=step.path,
                )
                break


def _words(choice: Choice, step: Step) -> frozenset[str]:
    leads = step.next.named.get(choice.name, "")
    return content(" ".join([choice.name, str(leads), *choice.phrases]).replace("_", " "))


def _choice(step: StepNode, name: str) -> Node:
    own = node_at(step.value, "choices")
    return (own.key(name) if isinstance(own, Mapping) else None) or _key(step, "choices")


def _key(step: StepNode, name: str) -> Node:
    found = step.value.key(name) if isinstance(step.value, Mapping) else None
    return found or step.key
