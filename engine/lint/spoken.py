"""What a step says, and in which language."""

from collections.abc import Iterator

from engine.compile.located import Mapping, Node, Path, Scalar, Sequence
from engine.compile.scope import StepNode
from engine.lint.subject import Subject, node_at, text_at
from engine.model.words import words

DEFAULT_LANGUAGE = "en-US"


def items(node: Node | None) -> Iterator[Node]:
    """The items of what is played: a text, an item, a list of them, or API params with such a list."""
    if isinstance(node, Mapping) and (inner := node.get("play")) is not None:
        node = inner
    if isinstance(node, Sequence):
        yield from node.items
    elif node is not None:
        yield node


def texts(node: Node | None) -> Iterator[str]:
    """The texts among the items, in any of their forms."""
    for item in items(node):
        if isinstance(item, Scalar):
            yield item.text
        elif text := text_at(item, "params", "text"):
            yield text


def scalars(node: Node | None) -> Iterator[Scalar]:
    """Where the texts of a prompt stand."""
    for item in items(node):
        found = item if isinstance(item, Scalar) else node_at(item, "params", "text")
        if isinstance(found, Scalar):
            yield found


def said(node: Node | None) -> str:
    """The words of what is played, to compare: without capitals and punctuation."""
    return words(" ".join(texts(node)))


def language(subject: Subject, step: StepNode) -> str:
    """The tag of the language that the step speaks; empty when it is a template."""
    own = text_at(step.value, "language")
    found = own or text_at(subject.section("defaults"), "voice", "language") or DEFAULT_LANGUAGE
    return "" if "${{" in found else found


def primary(tag: str) -> str:
    """`en` of `en-US`."""
    return tag.partition("-")[0].lower()


def ladder(step: StepNode, name: str) -> tuple[Node, ...]:
    found = node_at(step.value, "reprompt", name)
    return found.items if isinstance(found, Sequence) else ()


def spoken(step: StepNode) -> Iterator[tuple[Path, Scalar]]:
    """What a `play` or an `ask` says, the prompt and what is said before it again, and the filler of a `fetch`; each
    with its place within the step's value."""
    places: list[tuple[str, ...]]
    match step.verb.name:
        case "play":
            places = [()]
        case "ask":
            places = [("prompt",), ("reprompt", "no_input"), ("reprompt", "no_match")]
        case _:
            places = [("filler", "play")]
    for place in places:
        for found in scalars(node_at(step.value, *place)):
            if isinstance(found.value, str):
                yield place, found
