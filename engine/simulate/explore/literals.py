"""The values that a flow's expressions compare with, as far as they are written there: what is worth trying."""

import re
from collections.abc import Iterator

from engine.model.graph import FlowGraph
from engine.simulate.explore.reads import readers

_TEXT = re.compile(r"""(?:'([^'\\]*)'|"([^"\\]*)")""")
_NUMBER = re.compile(r"(?<![\w.'\"])\d+(?:\.\d+)?(?![\w'\"])")


def _all(graph: FlowGraph) -> Iterator[str]:
    for flow in (graph, *graph.subflows.values()):
        for step in flow.steps.values():
            yield from (one.source for one in readers(step.value))


def texts(graph: FlowGraph) -> tuple[str, ...]:
    """Short texts in quotes, in their order."""
    found = (one[1] or one[2] or "" for source in _all(graph) for one in _TEXT.finditer(source))
    return tuple(dict.fromkeys(text for text in found if 0 < len(text) <= 24))


def numbers(graph: FlowGraph) -> tuple[float, ...]:
    """Numbers, and those just above and below."""
    found = [float(one[0]) for source in _all(graph) for one in _NUMBER.finditer(source)]
    return tuple(dict.fromkeys(near for one in found for near in (one, one - 1, one + 1)))
