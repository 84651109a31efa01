"""What of a frame may still be read. What nobody reads any more makes no difference, whatever it is.

A step's result is read until the step ends again, which sets it anew. `ways_on` are followed from where the run stands, and
the ways that lead there from anywhere: handlers, limits, `finally`.
"""

from collections.abc import Iterator, Mapping, Set
from typing import Any

import msgspec

from engine.model.graph import RESUME, BranchValue, FlowGraph, Step
from engine.model.state import Frame

Name = tuple[str, str]
"""A step and a field of its result."""
Live = Mapping[str, Set[Name]]
"""By step: what may be read from there on."""


def readers(tree: Any) -> Iterator[Any]:
    """The expressions and templates of a value, wherever they stand in it: what has `names` and `source`."""
    if isinstance(getattr(tree, "names", None), tuple):
        yield tree
    elif isinstance(tree, Mapping):
        for one in tree.values():
            yield from readers(one)
    elif isinstance(tree, list | tuple):
        for one in tree:
            yield from readers(one)
    elif isinstance(tree, msgspec.Struct):
        for field in tree.__struct_fields__:
            yield from readers(getattr(tree, field))


def names(tree: Any) -> Iterator[str]:
    """Every name in the expressions and templates of a value."""
    return (name for one in readers(tree) for name in one.names)


class Reads:
    """Of one flow. `also` are names that are looked at when the run is over."""

    def __init__(self, graph: FlowGraph, also: tuple[str, ...] = ()) -> None:
        every = [*also, *(name for step in graph.steps.values() for name in names(step.value))]
        self._vars = {name.partition(".")[2] for name in every if name.startswith("vars.")}
        self._always = frozenset(_results(also))
        self._live = _solved(graph)

    def vars(self, frame: Frame) -> dict[str, Any]:
        return {name: value for name, value in frame.vars.items() if name in self._vars}

    def results(self, frame: Frame) -> dict[str, Any]:
        found = frame.results
        live = self._live.get(frame.step, frozenset())
        return {
            f"{step}.{field}": found[step][field]
            for step, field in (*live, *self._always)
            if step in found and field in found[step]
        }


def of(graph: FlowGraph, also: tuple[str, ...] = ()) -> Mapping[str, Reads]:
    """By flow; "" is the run's own."""
    return {"": Reads(graph, also), **{name: Reads(one) for name, one in graph.subflows.items()}}


def _results(read: tuple[str, ...] | list[str]) -> Iterator[Name]:
    for name in read:
        space, _, rest = name.partition(".")
        if space == "steps":
            step, _, field = rest.partition(".")
            yield step, field.partition(".")[0]


def _solved(graph: FlowGraph) -> Live:
    reads = {name: frozenset(_results(list(names(step.value)))) for name, step in graph.steps.items()}
    anywhere = [*graph.handlers.values(), *graph.finally_, *([graph.limits.next] if graph.limits.next else [])]
    live = {str(name): set(read) for name, read in reads.items()}
    changed = True
    while changed:
        changed = False
        for name, step in graph.steps.items():
            after = set().union(*(live[one] for one in _ways_on(graph, step)))
            kept = after if step.background else {one for one in after if one[0] != name}
            kept = kept.union(*(live[one] for one in anywhere))
            if not kept <= live[name]:
                live[name] |= kept
                changed = True
    return live


def _ways_on(graph: FlowGraph, step: Step) -> list[str]:
    found: list[Any] = [*step.next.named.values(), step.next.otherwise]
    if isinstance(step.value, BranchValue):
        found += [*(target for _, target in step.value.cases), step.value.otherwise]
    if step.visits is not None:
        found.append(step.visits.next)
    if step.name in graph.finally_:
        found += graph.finally_
    return [*graph.steps] if RESUME in found else [one for one in found if one]
