"""What callers are asked, and what they may answer."""

import re
from collections.abc import Iterator
from itertools import combinations

from engine.compile.located import Mapping, Scalar, Sequence
from tests.mutation.document import Document, Edit, Step, below, text_of
from tests.mutation.mutant import Mutation, kind, mutation

_LONG = 60
"""A prompt with more characters is a long one: four seconds."""


@kind("The keys of two choices are exchanged.", notices="who presses 1 as told gets what 2 is for")
def keys_swapped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        for (a, one), (b, other) in combinations(_keys(step), 2):
            yield mutation(f"{step.name}.{a}", f"keys exchanged with {b}", _put(of, one, other), _put(of, other, one))


@kind("A choice's key is longer than `digits.max`.", notices="the choice cannot be made")
def key_too_long(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        longest = text_of(step.value, "digits", "max")
        for name, key in _keys(step):
            if longest.isdigit():
                wanted = (key.text * 2 + "1" * int(longest))[: int(longest) + 1]
                yield mutation(f"{step.name}.{name}", f"key {wanted}", of.put(key, f'"{wanted}"'))


@kind("Two choices have the same key.", notices="one of the two cannot be chosen")
def key_of_two_choices(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        for (a, one), (b, other) in combinations(_keys(step), 2):
            if one.text != other.text:
                yield mutation(f"{step.name}.{b}", f"key of {a}", _put(of, other, one))


@kind("Two choices have the same phrase.", notices="who says it is not understood")
def phrase_of_two_choices(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        for (a, one), (b, other) in combinations(_phrases(step), 2):
            if a != b and one.text != other.text:
                yield mutation(f"{step.name}.{b}", f"{other.text} is {one.text}", _put(of, other, one))


@kind(
    "A choice's key is another one than the prompt says.",
    notices="who presses what the prompt says is told it is wrong",
)
def key_not_as_said(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        taken = {key.text for _, key in _keys(step)}
        for name, key in _keys(step):
            if len(key.text) == 1 and (free := next((one for one in "8765" if one not in taken), "")):
                yield mutation(f"{step.name}.{name}", f"key {free}, not {key.text}", of.put(key, f'"{free}"'))


@kind("A choice is left out that the prompt offers.", notices="who presses what the prompt says is told it is wrong")
def choice_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        choices, next_ = below(step.value, "choices"), step.next
        for name, _ in choices.entries if isinstance(choices, Mapping) else ():
            edits = [of.drop(choices, name.text)] if isinstance(choices, Mapping) else []
            if isinstance(next_, Mapping) and next_.get(name.text) is not None:
                edits.append(of.drop(next_, name.text))
            yield mutation(f"{step.name}.{name.text}", "left out", *edits)


@kind("Keys are not taken where choices have some.", notices="pressing a key does nothing")
def digits_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        if isinstance(step.value, Mapping) and step.value.get("digits") is not None:
            yield mutation(step.name, "without digits", of.drop(step.value, "digits"))


@kind("Speech is not listened for where choices have phrases.", notices="saying it does nothing")
def speech_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        if isinstance(step.value, Mapping) and step.value.get("speech") is not None:
            yield mutation(step.name, "without speech", of.drop(step.value, "speech"))


@kind("The prompt is a long one, and keys do not stop it.", notices="who knows the menu has to hear it all the same")
def barge_in_off(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        if isinstance(step.value, Mapping) and len(_prompt(step)) > _LONG and step.value.get("barge_in") is None:
            yield mutation(step.name, "barge_in: false", of.add(step.value, "barge_in: false"))


@kind("`reprompt` is left out.", notices="after a wrong key the same again, without a word why")
def reprompt_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        if isinstance(step.value, Mapping) and step.value.get("reprompt") is not None:
            yield mutation(step.name, "without reprompt", of.drop(step.value, "reprompt"))


@kind("One half of `reprompt` is left out.", notices="after silence, or a wrong key, the same again without a word why")
def half_a_reprompt(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        found = below(step.value, "reprompt")
        for name, _ in found.entries if isinstance(found, Mapping) else ():
            assert isinstance(found, Mapping)
            yield mutation(f"{step.name}.{name.text}", "no reprompt", of.drop(found, name.text))


@kind("A menu may be tried 50 times.", notices="a silent line is talked to for a quarter of an hour")
def attempts_of_no_use(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        if isinstance(step.value, Mapping):
            found = step.value.get("attempts")
            edit = of.put(found, "50") if found is not None else of.add(step.value, "attempts: 50")
            yield mutation(step.name, "attempts: 50", edit)


@kind("A menu may be tried once.", notices="one wrong key, and the menu is over")
def single_attempt(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        if isinstance(step.value, Mapping):
            found = step.value.get("attempts")
            edit = of.put(found, "1") if found is not None else of.add(step.value, "attempts: 1")
            yield mutation(step.name, "attempts: 1", edit)


@kind("Fewer digits are taken than a good answer has.", notices="no answer is ever good enough")
def digits_too_few(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask", "collect"):
        node = below(step.value, "digits", "max")
        if isinstance(node, Scalar) and isinstance(node.value, int) and node.value > 2:
            yield mutation(step.name, f"max: {node.value - 2}", of.put(node, str(node.value - 2)))


@kind("`accept` wants more digits than there can be.", notices="no answer is ever good enough")
def accept_wants_more(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        for node in of.scalars(below(step.value, "accept")) if below(step.value, "accept") else ():
            found = re.search(r"\{(?:\d+,)?(\d+)\}", node.text)
            longest = text_of(step.value, "digits", "max")
            if found and longest.isdigit():
                wanted = node.text[: found.start()] + f"{{{int(longest) + 1}}}" + node.text[found.end() :]
                yield mutation(step.name, wanted, of.put(node, f"'{wanted}'"))


@kind("`accept` is left out.", notices="half a number is taken for a whole one")
def accept_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        if isinstance(step.value, Mapping) and step.value.get("accept") is not None:
            yield mutation(step.name, "without accept", of.drop(step.value, "accept"))


@kind("The key that ends the input is no key.", notices="pressing pound as told does nothing, or counts as wrong")
def terminator_no_key(of: Document) -> Iterator[Mutation | None]:
    for step, node in _terminators(of):
        yield mutation(step.name, "terminators: hash", of.put(node, '"hash"'))


@kind(
    "The key that ends the input is another one than the prompt says.",
    notices="pressing pound as told does nothing, or counts as wrong",
)
def terminator_not_as_said(of: Document) -> Iterator[Mutation | None]:
    for step, node in _terminators(of):
        other = "*" if node.text == "#" else "#"
        yield mutation(step.name, f"terminators: {other}", of.put(node, f'"{other}"'))


@kind("The key that ends the input is left out.", notices="a pause after the number, and pound counts as wrong")
def terminator_dropped(of: Document) -> Iterator[Mutation | None]:
    for step, node in _terminators(of):
        for holder in (below(step.value, "digits"), step.value):
            if isinstance(holder, Mapping) and holder.get("terminators") is node:
                yield mutation(step.name, "without terminators", of.drop(holder, "terminators"))


@kind("A menu leaves the choices out that all menus have.", notices="0 leads to a person everywhere but here")
def universal_off(of: Document) -> Iterator[Mutation | None]:
    if of.section("defaults", "choices").entries:
        for step in of.of_verb("ask"):
            if isinstance(step.value, Mapping) and step.value.get("choices") and not step.value.get("universal"):
                yield mutation(step.name, "universal: false", of.add(step.value, "universal: false"))


def _each(step: Step, what: str) -> Iterator[tuple[str, Scalar]]:
    choices = below(step.value, "choices")
    for name, choice in choices.entries if isinstance(choices, Mapping) else ():
        items = below(choice, what)
        for item in items.items if isinstance(items, Sequence) else ():
            if isinstance(item, Scalar):
                yield name.text, item


def _keys(step: Step) -> list[tuple[str, Scalar]]:
    return list(_each(step, "keys"))


def _phrases(step: Step) -> list[tuple[str, Scalar]]:
    return list(_each(step, "phrases"))


def _put(of: Document, one: Scalar, other: Scalar) -> Edit:
    return of.put(one, of.source(other))


def _prompt(step: Step) -> str:
    return " ".join(one.text for one in Document.scalars_of(below(step.value, "prompt")))


def _terminators(of: Document) -> Iterator[tuple[Step, Scalar]]:
    for step in of.of_verb("ask", "collect"):
        node = below(step.value, "digits", "terminators")
        if isinstance(node, Scalar) and node.text:
            yield step, node
