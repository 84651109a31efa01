"""Copied, and not adapted."""

import re
from collections.abc import Iterator
from itertools import pairwise

from engine.compile.located import Mapping, Scalar
from tests.mutation.document import Document, Edit, Step, below, text_of
from tests.mutation.independent.making import made
from tests.mutation.independent.places import entries, expressions, prompts, quoted, texts
from tests.mutation.mutant import Mutation, mutation

_FIELD = re.compile(r"\bsteps\.(\w+)\.\w+")
_USE = re.compile(r"\buses\.(\w+)")
_ONE_USE = re.compile(r"^\$\{\{ *uses\.\w+ *\}\}$")


@made
def prompt_of_another(of: Document) -> Iterator[Mutation | None]:
    every = [(step, text) for step, text in prompts(of)]
    for (step, text), (other, another) in pairwise([*every, *every[:1]]):
        if other.name != step.name:
            yield mutation(step.name, f"asks what {other.name} asks", of.put(text, quoted(another.text)))


@made
def way_of_another(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        other = _another(of, step)
        if isinstance(step.next, Scalar) and other is not None and isinstance(other.next, Scalar):
            yield mutation(step.name, f"goes on at {other.next.text}", of.put(step.next, other.next.text))


@made
def value_of_another(of: Document) -> Iterator[Mutation | None]:
    for where, start, end in expressions(of):
        for found in _FIELD.finditer(of.text, start, end):
            step = of.step(found[1])
            other = _another(of, step) if step is not None else None
            if other is not None:
                yield mutation(where, f"{found[0]} of {other.name}", of.put_text(*found.span(1), other.name))


@made
def request_of_another(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("fetch"):
        other = _another(of, step)
        url, theirs = below(step.value, "url"), text_of(other.value, "url") if other is not None else ""
        if isinstance(url, Scalar) and theirs:
            yield mutation(step.name, f"asks {theirs}", of.put(url, quoted(theirs)))


@made
def number_written_out(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        for _, key, value in entries(step.value):
            if key.text in ("to", "dest") and isinstance(value, Scalar) and _ONE_USE.match(value.text):
                yield mutation(f"{step.name}.{key.text}", "a colleague's number", of.put(value, '"+15550199"'))


@made
def placeholder_said(of: Document) -> Iterator[Mutation | None]:
    for step, text in texts(of):
        yield mutation(step.name, f"`{text.text[:30]}` is not written yet", of.put(text, '"Text follows."'))


@made
def two_uses_exchanged(of: Document) -> Iterator[Mutation | None]:
    types = {key.text: value.text for key, value in of.section("uses").entries if isinstance(value, Scalar)}
    for where, start, end in expressions(of):
        for found in _USE.finditer(of.text, start, end):
            others = [one for one, kind in types.items() if kind == types.get(found[1]) and one != found[1]]
            if others:
                yield mutation(where, f"{others[0]} for {found[1]}", of.put_text(*found.span(1), others[0]))


@made
def two_inputs_exchanged(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("subflow"):
        given = below(step.value, "with")
        values = (
            [value for _, value in given.entries if isinstance(value, Scalar)] if isinstance(given, Mapping) else []
        )
        for one, other in pairwise(values):
            edits = of.put(one, quoted(other.text)), of.put(other, quoted(one.text))
            yield mutation(step.name, "two values exchanged", *edits)


@made
def voice_of_another_language(of: Document) -> Iterator[Mutation | None]:
    mine = text_of(of.root, "defaults", "voice", "language") or "en-US"
    other = "es-ES" if mine.startswith("en") else "en-US"
    for step in of.of_verb("ask", "play"):
        edit: Edit | None = None
        if isinstance(step.value, Scalar):
            spoken = f"play:\n  play: [{quoted(step.value.text)}]\n  language: {other}"
            indent = " " * (step.node.entries[0][0].start - of.line_start(step.node.entries[0][0].start))
            edit = of.put_entry(step.node, "play", spoken.replace("\n", f"\n{indent}"))
        elif isinstance(step.value, Mapping):
            edit = of.add(step.value, f"language: {other}")
        yield mutation(step.name, f"spoken in {other}", edit)


def _another(of: Document, step: Step) -> Step | None:
    """The next step with the same verb, the first one after the last."""
    alike = list(of.of_verb(step.verb))
    at = next(index for index, one in enumerate(alike) if one.name == step.name)
    return alike[(at + 1) % len(alike)] if len(alike) > 1 else None
