"""Which of a flow's names its expressions read. What nobody reads makes no difference, whatever it is."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from engine.model.graph import FlowGraph
from engine.model.state import Frame

Reads = Mapping[str, Mapping[str, frozenset[str]]]
"""By flow ("" is the run's own) and step: the fields of its result that are read."""


def names(tree: Any) -> Iterator[str]:
    """Every name in the expressions and templates of a value, wherever they stand in it."""
    found = getattr(tree, "names", None)
    if isinstance(found, tuple):
        yield from found
    elif isinstance(tree, Mapping):
        for one in tree.values():
            yield from names(one)
    elif isinstance(tree, list | tuple):
        for one in tree:
            yield from names(one)
    elif isinstance(tree, msgspec.Struct):
        for field in tree.__struct_fields__:
            yield from names(getattr(tree, field))


def of_flow(graph: FlowGraph, also: tuple[str, ...] = ()) -> Mapping[str, frozenset[str]]:
    """`also` are names that somebody else reads."""
    found: dict[str, set[str]] = {}
    for name in (*also, *(name for step in graph.steps.values() for name in names(step.value))):
        space, _, rest = name.partition(".")
        step, _, field = rest.partition(".")
        if space == "steps":
            found.setdefault(step, set()).add(field.partition(".")[0])
    return {step: frozenset(fields) for step, fields in found.items()}


def of(graph: FlowGraph, also: tuple[str, ...] = ()) -> Reads:
    return {"": of_flow(graph, also), **{name: of_flow(one) for name, one in graph.subflows.items()}}


def results(reads: Reads, frame: Frame) -> dict[str, dict[str, Any]]:
    """What of a frame's results may still make a difference."""
    mine = reads[frame.flow if frame.number else ""]
    return {
        step: {field: value for field, value in frame.results[step].items() if field in fields}
        for step, fields in mine.items()
        if step in frame.results
    }
