"""The values that a flow's expressions compare with, as far as they are written there: what is worth trying."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from engine.model.graph import FlowGraph

_TEXT = re.compile(r"""(?:'([^'\\]*)'|"([^"\\]*)")""")
_NUMBER = re.compile(r"(?<![\w.'\"])\d+(?:\.\d+)?(?![\w'\"])")


def sources(tree: Any) -> Iterator[str]:
    """The text of every expression in a value."""
    source = getattr(tree, "source", None)
    if isinstance(source, str):
        yield source
    elif isinstance(tree, Mapping):
        for one in tree.values():
            yield from sources(one)
    elif isinstance(tree, list | tuple):
        for one in tree:
            yield from sources(one)
    elif isinstance(tree, msgspec.Struct):
        for field in tree.__struct_fields__:
            yield from sources(getattr(tree, field))


def _all(graph: FlowGraph) -> Iterator[str]:
    for flow in (graph, *graph.subflows.values()):
        for step in flow.steps.values():
            yield from sources(step.value)


def texts(graph: FlowGraph) -> tuple[str, ...]:
    """Short texts in quotes, in their order."""
    found = (one[1] or one[2] or "" for source in _all(graph) for one in _TEXT.finditer(source))
    return tuple(dict.fromkeys(text for text in found if 0 < len(text) <= 24))


def numbers(graph: FlowGraph) -> tuple[float, ...]:
    """Numbers, and those just above and below."""
    found = [float(one[0]) for source in _all(graph) for one in _NUMBER.finditer(source)]
    return tuple(dict.fromkeys(near for one in found for near in (one, one - 1, one + 1)))
