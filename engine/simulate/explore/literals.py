"""The values that expressions compare with, as far as they are written there: what is worth trying."""

import re
from collections.abc import Iterator
from typing import Any

from engine.model.graph import FlowGraph
from engine.simulate.explore.used import readers

_TEXT = re.compile(r"""(?:'([^'\\]*)'|"([^"\\]*)")""")
_NUMBER = re.compile(r"(?<![\w.'\"])\d+(?:\.\d+)?(?![\w'\"])")
_LONGEST = 24


def texts(graph: FlowGraph) -> tuple[str, ...]:
    """Short texts in quotes, in their order."""
    return tuple(dict.fromkeys(text for source in _all(graph) for text in _texts(source)))


def numbers(graph: FlowGraph) -> tuple[float, ...]:
    """Numbers, and those just above and below."""
    return tuple(dict.fromkeys(near for source in _all(graph) for near in _numbers(source)))


def of(source: str) -> list[Any]:
    """Of one expression: texts, and numbers of both kinds."""
    found = [*dict.fromkeys(_numbers(source))]
    return [*_texts(source), *(int(one) for one in found if one.is_integer()), *found]


def _all(graph: FlowGraph) -> Iterator[str]:
    for flow in (graph, *graph.subflows.values()):
        for step in flow.steps.values():
            yield from (one.source for one in readers(step.value))


def _texts(source: str) -> list[str]:
    found = (one[1] or one[2] or "" for one in _TEXT.finditer(source))
    return [text for text in found if 0 < len(text) <= _LONGEST]


def _numbers(source: str) -> Iterator[float]:
    for one in _NUMBER.finditer(source):
        yield from (near for near in (float(one[0]), float(one[0]) - 1, float(one[0]) + 1))
