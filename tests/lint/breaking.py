"""Mistakes put into sound flows, one at a time: what is said of the rest has to be true of the sound flow as well."""

import re
from collections.abc import Iterator

from msgspec import Struct

from engine.compile import yaml_reader
from engine.compile.located import Mapping, Node, Scalar
from engine.model.verbs import VERB


class Broken(Struct, frozen=True):
    """`start` and `end`: the part of the text that the mistake stands in."""

    kind: str
    text: str
    start: int
    end: int


def broken(text: str) -> Iterator[Broken]:
    """Each step and each section with each mistake that it can have."""
    root, _ = yaml_reader.read("", text.encode())
    assert isinstance(root, Mapping)
    for _, node in _entries(root.get("steps")):
        yield from _steps(text, node)
    for section in ("uses", "vars", "inputs", "handlers", "limits", "signals", "outbound"):
        for key, node in _entries(root.get(section)):
            if isinstance(node, Scalar):
                yield _with(f"value of {section}", text, node.start, node.end, "[]")
            yield _with(f"key of {section}", text, key.start, key.end, _slip(key.text))
            if section in ("uses", "vars"):
                for kind, name in (("capital", key.text.capitalize()), ("dash", f"{key.text}-x")):
                    used = re.sub(rf"\b{section}\.{key.text}\b", f"{section}.{name}", text[key.end :])
                    yield Broken(f"{kind} in {section}", f"{text[: key.start]}{name}{used}", key.start, key.end)
    start = root.get("start")
    assert isinstance(start, Scalar)
    yield _with("start", text, start.start, start.end, "nowhere_at_all")


def _steps(text: str, node: Node) -> Iterator[Broken]:
    for name, value in _entries(node):
        if name.text in VERB:
            yield _with("verb", text, name.start, name.end, _slip(name.text))
            if isinstance(value, Scalar) and not value.block:
                yield _with("value", text, value.start, value.end, "[[3]]")
            for inner, _ in _entries(value):
                yield _with("key", text, inner.start, inner.end, _slip(inner.text))
    for outcome, target in _targets(node):
        yield _with(f"target of {outcome}", text, target.start, target.end, "nowhere_at_all")


def _targets(node: Node) -> Iterator[tuple[str, Scalar]]:
    for name, value in _entries(node):
        if name.text == "next" and isinstance(value, Scalar):
            yield "next", value
        elif name.text == "next":
            yield from ((key.text, one) for key, one in _entries(value) if isinstance(one, Scalar))


def _slip(word: str) -> str:
    """A letter is missing; in a short word one is doubled."""
    return word[:2] + word[3:] if len(word) > 3 else word + word[-1]


def _with(kind: str, text: str, start: int, end: int, instead: str) -> Broken:
    return Broken(kind, text[:start] + instead + text[end:], start, start + len(instead))


def _entries(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.entries if isinstance(node, Mapping) else ()
