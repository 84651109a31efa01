"""What else than the usual `inputs` and `uses` a flow may be given: a value on each side of what its conditions compare one of them
with. Each is explored by itself."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec.structs import replace

from engine.model.graph import Declared, Expression, FlowGraph
from engine.simulate.explore import literals
from engine.simulate.explore.beginnings import Given
from engine.simulate.explore.classes import Classes
from engine.simulate.explore.found import Covered

_MOST = 8
_NO_SUMS = ("depth", "steps", "all_steps", "ways")


def others(graph: FlowGraph, given: Given, also: tuple[Expression, ...] = ()) -> Iterator[Given]:
    """One value is another one in each. `also` are conditions that are looked at when a run is over."""
    return islice(_others(graph, given, Classes(graph, also)), _MOST)


def _others(graph: FlowGraph, given: Given, classes: Classes) -> Iterator[Given]:
    for name, value in _apart(graph, "inputs", graph.inputs, given.inputs, classes):
        yield replace(given, inputs={**given.inputs, name: value})
    for name, value in _apart(graph, "uses", graph.uses, given.uses, classes):
        yield replace(given, uses={**given.uses, name: value})


def _apart(
    graph: FlowGraph, section: str, declared: Mapping[str, Declared], usual: Mapping[str, Any], classes: Classes
) -> Iterator[tuple[str, Any]]:
    flows = ("",) if section == "inputs" else ("", *graph.subflows)
    for name, one in declared.items():
        if not (one.calendar or one.number or one.url or one.handle):
            places = [(flow, f"{section}.{name}") for flow in flows]
            values = (usual.get(name, one.default), *_values(graph, one, section, classes.asks(places)))
            yield from ((name, value) for value in classes.apart(places, values)[1:])


def _values(graph: FlowGraph, one: Declared, section: str, asked: Sequence[str]) -> Sequence[Any]:
    """`asked` are the conditions on it."""
    match one.type:
        case "bool":
            return (True, False)
        case "int":
            return [int(near) for near in (*literals.numbers(graph), *literals.sums(asked)) if near.is_integer()]
        case "double":
            return (*literals.numbers(graph), *literals.sums(asked))
        case "string":
            return (*literals.texts(graph), *literals.made(asked), *([""] if section == "inputs" else []))
    return ()


def together(every: Sequence[Covered]) -> Covered:
    """What several searches of one flow have covered."""
    first = every[0]
    unseen = tuple(name for name in first.unseen if all(name in one.unseen for one in every))
    untaken = tuple(name for name in first.untaken if all(name in one.untaken for one in every))
    untried = tuple(name for name in first.untried if all(name in one.untried for one in every))
    numbers = (name for name in Covered.__struct_fields__ if isinstance(getattr(first, name), int))
    sums = {name: sum(getattr(one, name) for one in every) for name in numbers if name not in _NO_SUMS}
    return replace(
        first,
        **sums,
        depth=max(one.depth for one in every),
        ends=tuple(sorted({end for one in every for end in one.ends})),
        steps=first.all_steps - len(unseen),
        unseen=unseen,
        faults={name: sum(one.faults.get(name, 0) for one in every) for one in every for name in one.faults},
        ways=first.ways + len(first.untaken) - len(untaken),
        untaken=untaken,
        untried=untried,
        why=", ".join(dict.fromkeys(one.why for one in every if one.why)),
        usual_why=", ".join(dict.fromkeys(one.usual_why for one in every if one.usual_why)),
        cut_at=tuple(sorted({at for one in every for at in one.cut_at})),
    )
