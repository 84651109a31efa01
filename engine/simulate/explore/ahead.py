"""What lies ahead of each step: which steps may still be entered, which names read, what set.

A step's result is read until the step ends again, and a variable until it is set anew. `ways_on` are followed from where the
run stands, and the ways that lead there from anywhere: handlers, limits, `finally`. What an invariant reads is read when the
run is over, as long as something that it names may still change: from then on `held.py` knows what becomes of it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from engine.model.graph import RESUME, BranchValue, Expression, FlowGraph, Step, SubflowValue
from engine.model.ids import StepName
from engine.simulate.explore.endless import counts
from engine.simulate.explore.hours import NOW
from engine.simulate.explore.used import Used, names, used

COUNTED, ENTERED, SET, NAMED = "visits of ", "into ", "sets ", "names "
"""What is asked of the ways on besides verbs, each with a name after it."""

_ASKED = {NOW, "call.from", "call.to"}

Live = dict[str, set[str]]
"""By step: the names that may be read from there on."""


class Solved(Struct, frozen=True):
    decides: Live
    told: Live
    verbs: Live


def solve(graph: FlowGraph, also: tuple[Expression, ...]) -> Solved:
    steps = graph.steps
    every = {str(name): used(step) for name, step in steps.items()}
    ways = {str(name): _targets(graph, step) for name, step in steps.items()}
    verbs = {str(name): set(_verbs(graph, step)) for name, step in steps.items()}
    nothing = {name: Used() for name in every}
    _flows_back(graph, nothing, ways, {}, verbs, False)
    at_end = {name: {*_read_at_end(graph, verbs[name], also)} for name in every}
    decides = {name: set(one.decides) for name, one in every.items()}
    told = {name: {*one.told, *one.decides} for name, one in every.items()}
    return Solved(
        _flows_back(graph, every, ways, at_end, decides, True),
        _flows_back(graph, every, ways, at_end, told, False),
        verbs,
    )


def _read_at_end(graph: FlowGraph, verbs: set[str], also: tuple[Expression, ...]) -> Iterator[str]:
    for one in also:
        if any(may_change(graph, verbs, name) for name in one.names):
            yield from one.names


_STEADY = ("inputs", "uses", "call.from", "call.to", "call.direction")
"""What is the same from the beginning of a call to its end."""


def may_change(graph: FlowGraph, verbs: set[str] | None, name: str) -> bool:
    """`verbs` are those of all that may come; None before the first step, when anything may. What goes on in the background
    may end at any time."""
    space, _, rest = name.partition(".")
    if verbs is None or space not in ("steps", "vars"):
        return not name.startswith(_STEADY)
    if space == "vars":
        return f"{SET}{name}" in verbs
    step = graph.steps.get(StepName(rest.partition(".")[0]))
    return step is None or step.background or f"{ENTERED}{step.name}" in verbs


def _flows_back(
    graph: FlowGraph,
    every: Mapping[str, Used],
    ways: Mapping[str, list[str]],
    at_end: Live,
    live: Live,
    deep: bool,
) -> Live:
    """What is read later, down the ways on to where the call stands, and `at_end` of a call that ends there. `deep`: what a
    variable is computed from is read where the variable is."""
    anywhere = [*graph.handlers.values(), *graph.finally_, *([graph.limits.next] if graph.limits.next else [])]
    changed = True
    while changed:
        changed = False
        from_anywhere = set().union(*(live[one] for one in anywhere))
        for name, step in graph.steps.items():
            outside = from_anywhere | at_end.get(name, set())
            after = outside.union(*(live[one] for one in ways[name]))
            own = "" if step.background else f"steps.{name}."
            found = {one for one in after if not (own and one.startswith(own)) and one not in every[name].certain}
            found |= outside
            if deep:
                found = found.union(*(read for var, read in every[name].sets.items() if var in after))
            if not found <= live[name]:
                live[name] |= found
                changed = True
    return live


def _verbs(graph: FlowGraph, step: Step) -> Iterator[str]:
    """Of a step, and what else is asked of the ways to it: which one it is, whether it reads the hour, that its visits count."""
    yield step.verb
    yield f"{ENTERED}{step.name}"
    yield from (f"{SET}{name}" for name in used(step).sets if name.startswith("vars."))
    yield from (f"{NAMED}{name}" for name in named(graph, step))
    if counts(step):
        yield f"{COUNTED}{step.name}"
    yield from sorted(_ASKED.intersection(names(step.value)))
    if isinstance(step.value, SubflowValue) and step.value.flow in graph.subflows:
        yield from (verb for one in graph.subflows[step.value.flow].steps.values() for verb in _verbs(graph, one))


def named(graph: FlowGraph, step: Step) -> Iterator[str]:
    """The steps whose operations it may look at, or hand on."""
    yield from (text for text in _texts((step.value, step.until)) if text in graph.steps)


def _texts(tree: Any) -> Iterator[str]:
    """All that stands in a value: what names another step is among it."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        yield from (text for one in tree.values() for text in _texts(one))
    elif isinstance(tree, list | tuple):
        yield from (text for one in tree for text in _texts(one))
    elif isinstance(tree, Struct):
        yield from (text for field in tree.__struct_fields__ for text in _texts(getattr(tree, field)))


def _targets(graph: FlowGraph, step: Step) -> list[str]:
    found = ways_on(step)
    if step.name in graph.finally_:
        found += graph.finally_
    return [*graph.steps] if RESUME in found else [one for one in found if one]


def ways_on(step: Step) -> list[Any]:
    found: list[Any] = [*step.next.named.values(), step.next.otherwise]
    if isinstance(step.value, BranchValue):
        found += [*(target for _, target in step.value.cases), step.value.otherwise]
    if step.visits is not None:
        found.append(step.visits.next)
    return found
