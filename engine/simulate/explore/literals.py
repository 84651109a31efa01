"""The values that expressions compare with, as far as they are written there: what is worth trying."""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any

from engine.model.graph import FlowGraph
from engine.model.limits import MAX_SPOKEN
from engine.simulate.explore import patterns
from engine.simulate.explore.used import readers

_TEXT = re.compile(r"""(?:'([^'\\]*)'|"([^"\\]*)")""")
_NUMBER = re.compile(r"(?<![\w.'\"])\d+(?:\.\d+)?(?![\w'\"])")
_MINUS = re.compile(r"(?:^|[-+*/%<>=!&|?:,(\[{])\s*-\s*$")
"""A sign before a number, and no operator between two."""
_LONGEST = 24
_LONG = 64
_FEW = 4
_COMPUTES = re.compile(r"[-+*/%]")
_MATCHES = re.compile(r"""\.matches\(\s*r?(?:'([^']*)'|"([^"]*)")""")


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


def compared(sources: Iterable[str]) -> tuple[float, ...]:
    """The numbers of conditions, and those just above and below."""
    return tuple(dict.fromkeys(near for source in sources for near in _numbers(source)))


def sums(sources: Iterable[str]) -> tuple[float, ...]:
    """What conditions on something computed may come to compare with: 0, the numbers of each, and two of them taken together."""
    found: dict[float, None] = {}
    for source in (one for one in sources if _COMPUTES.search(_TEXT.sub("", one))):
        plain = [*_written(source)][:_FEW]
        found |= dict.fromkeys((0.0, *_numbers(source)))
        for one, other in itertools.permutations(plain, 2):
            found |= dict.fromkeys(near for all_ in (one + other, one - other) for near in (all_, all_ - 1, all_ + 1))
            if other:
                found |= dict.fromkeys(
                    near for all_ in (one * other, one / other) for near in (all_, all_ - 1, all_ + 1)
                )
    return tuple(found)


def made(sources: Iterable[str]) -> tuple[str, ...]:
    """Texts that fit what conditions say of them by a pattern, or by their length."""
    found: dict[str, None] = {}
    for source in sources:
        for one in _MATCHES.finditer(source):
            found |= dict.fromkeys(_fitting(one[1] or one[2] or "")[:_FEW])
        if "size(" in source:
            lengths = (int(one) for one in _numbers(source) if one.is_integer())
            found |= dict.fromkeys("a" * length for length in lengths if 0 <= length <= MAX_SPOKEN)
    return tuple(found)


def _fitting(pattern: str) -> tuple[str, ...]:
    try:
        return patterns.fitting(pattern, patterns.LETTERS, _LONG)
    except re.error:  # RE2 knows things that Python's does not
        return ()


def _all(graph: FlowGraph) -> Iterator[str]:
    for flow in (graph, *graph.subflows.values()):
        for step in flow.steps.values():
            yield from (one.source for one in readers(step.value))


def _texts(source: str) -> list[str]:
    found = (one[1] or one[2] or "" for one in _TEXT.finditer(source))
    return [text for text in found if 0 < len(text) <= _LONGEST]


def _numbers(source: str) -> Iterator[float]:
    for one in _written(source):
        yield from (one, one - 1, one + 1)


def _written(source: str) -> Iterator[float]:
    for one in _NUMBER.finditer(source):
        yield -float(one[0]) if _MINUS.search(source[: one.start()]) else float(one[0])
