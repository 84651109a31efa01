"""Where a flow says, computes and does something: the places of which more than one module makes use."""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Node, Scalar, Sequence
from tests.mutation.document import Document, Edit, Step, below
from tests.mutation.mutant import Mutation, mutation

FAILURES = ("error", "rejected", "lost", "expression", "failures")
_TEMPLATE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def entries(node: Node | None) -> Iterator[tuple[Mapping, Scalar, Node]]:
    """Every key with its value, at any depth, and the mapping that it stands in."""
    if isinstance(node, Mapping):
        for key, value in node.entries:
            yield node, key, value
            yield from entries(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from entries(item)


def prompts(of: Document) -> Iterator[tuple[Step, Scalar]]:
    """The texts that questions are asked with."""
    for step in of.of_verb("ask"):
        for text in _texts(below(step.value, "prompt")):
            yield step, text


def texts(of: Document) -> Iterator[tuple[Step, Scalar]]:
    """All that is spoken."""
    yield from prompts(of)
    for step in of.steps:
        if step.verb == "play":
            said = step.value.get("play") if isinstance(step.value, Mapping) else step.value
            yield from ((step, text) for text in _texts(said))
        elif step.verb == "ask":
            for word in ("no_input", "no_match"):
                yield from ((step, text) for text in _texts(below(step.value, "reprompt", word)))
        elif step.verb == "fetch":
            filler = below(step.value, "filler", "play")
            yield from ((step, text) for text in _texts(filler.get("play") if isinstance(filler, Mapping) else filler))


def conditions(of: Document) -> Iterator[tuple[Step, int, Scalar]]:
    """Those of branches, with their numbers."""
    for step in of.of_verb("branch"):
        for index, item in enumerate(step.value.items if isinstance(step.value, Sequence) else ()):
            found = below(item, "if")
            if isinstance(found, Scalar):
                yield step, index, found


def assignments(of: Document) -> Iterator[tuple[str, Scalar, Scalar]]:
    """`where`, the variable and what it is set to; those of `finally` too."""
    for step in of.of_verb("set"):
        for _, key, value in entries(step.value):
            if isinstance(value, Scalar):
                yield f"{step.name}.{key.text}", key, value
    for _, key, value in entries(of.at("finally")):
        if key.text == "set" and isinstance(value, Mapping):
            yield from ((f"finally.{name.text}", name, one) for name, one in value.entries if isinstance(one, Scalar))


def expressions(of: Document) -> Iterator[tuple[str, int, int]]:
    """Where CEL stands, from and to: conditions, right sides, and between the braces of texts."""
    for step, index, condition in conditions(of):
        yield f"{step.name}.{index}", condition.start, condition.end
    for where, _, value in assignments(of):
        yield where, value.start, value.end
    for step in of.steps:
        if step.verb not in ("branch", "set"):
            for scalar in of.scalars_of(step.value):
                for found in _TEMPLATE.finditer(of.text, scalar.start, scalar.end):
                    yield step.name, *found.span(1)


def calls(of: Document, start: int, end: int, name: str) -> Iterator[tuple[int, int, list[str]]]:
    """Calls of a function between two places: from, to, and the arguments as they stand."""
    for found in re.finditer(rf"\b{name}\(", of.text[start:end]):
        depth, arguments, at = 1, [""], start + found.end()
        while depth and at < end:
            letter = of.text[at]
            depth += {"(": 1, ")": -1}.get(letter, 0)
            if letter == "," and depth == 1:
                arguments.append("")
            elif depth:
                arguments[-1] += letter
            at += 1
        yield start + found.start(), at, [one.strip() for one in arguments]


def left_out(of: Document, step: Step, target: str) -> Mutation | None:
    """Who went to the step goes to the other one."""
    edits = of.led_elsewhere(step.name, target) if target and target != "resume" else []
    return mutation(step.name, f"left out, {target} comes next", *edits) if edits else None


def way(of: Document, step: Step, *outcomes: str) -> Scalar | None:
    """Where one of the outcomes leads, by its own name or another's."""
    found = dict(of.targets(step))
    return next((found[one] for one in (*outcomes, "next") if one in found), None)


def first_end(of: Document) -> str:
    return next(
        (step.name for step in of.of_verb("end") if isinstance(step.value, Scalar) and step.value.text != "done"), ""
    )


def inserted(of: Document, at: Scalar, name: str, body: str) -> tuple[Edit | None, Edit | None]:
    """A step on the way to where `at` leads."""
    return of.add_step(name, f"{body}\nnext: {at.text}"), of.put(at, name)


def _texts(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        yield from (item for item in node.items if isinstance(item, Scalar))
