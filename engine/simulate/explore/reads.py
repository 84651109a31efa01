"""What of a frame may still be read. What nobody reads any more makes no difference, whatever it is.

A step's result is read until the step ends again, and a variable until it is set anew. `ways_on` are followed from where the
run stands, and the ways that lead there from anywhere: handlers, limits, `finally`. What an invariant reads is read when the
run is over, as long as something that it names may still change: from then on `held.py` knows what becomes of it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from engine.model.graph import RESUME, AskValue, BranchValue, Expression, FlowGraph, Step, SubflowValue
from engine.model.ids import StepName
from engine.model.state import Asking, Frame
from engine.model.visits import visit
from engine.simulate.explore import relative
from engine.simulate.explore.classes import ABSENT, Classes
from engine.simulate.explore.endless import counts
from engine.simulate.explore.hours import NOW
from engine.simulate.explore.used import Used, names, used

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_KNOWN = 4_096
"""Values of frames that are kept in bytes; they are known by where they stand in memory, so they are held on to."""

_COUNTED, _ENTERED, _SET, _NAMED = "visits of ", "into ", "sets ", "names "

Live = dict[str, set[str]]
"""By step: the names that may be read from there on."""


class _Solved(Struct, frozen=True):
    decides: Live
    told: Live
    verbs: Live


class Reads:
    """Of one flow. `also` are conditions that are looked at when the run is over. `fields` are those of results that some
    expression reads."""

    def __init__(self, graph: FlowGraph, classes: Classes, flow: str, also: tuple[Expression, ...] = ()) -> None:
        self._solved = _solve(graph, also)
        self._graph = graph
        self._classes = classes
        self._flow = flow
        self._names: dict[str, tuple[list[str], list[str]]] = {}
        self._own: dict[str, list[str]] = {}
        self._asked_for: dict[tuple[str, str], bool] = {}
        self._written: dict[tuple[Any, ...], tuple[tuple[Any, ...], bytes]] = {}
        every = [target for step in graph.steps.values() for target in _ways_on(step)]
        self.resumes = RESUME in every
        self.fields = frozenset(_fields(graph, also))
        self._asks = {str(name): step.value for name, step in graph.steps.items() if isinstance(step.value, AskValue)}
        self._counted = {
            StepName(name): step.visits.max for name, step in graph.steps.items() if step.visits and counts(step)
        }

    def kept(self, frame: Frame) -> bytes:
        """Of a frame's values what may still make a difference, in bytes; most moves leave all of them as they are."""
        values = frame.vars, frame.inputs, frame.results
        key = frame.step, *map(id, values)
        found = self._written.get(key)
        if found is None:
            if len(self._written) > _KNOWN:
                self._written.clear()
            found = self._written[key] = values, relative.no_ids(_encode(self.values(frame)))
        return found[1]

    def values(self, frame: Frame) -> list[Any]:
        """What may still decide something of the values, and of those that may still be told, whether they are there."""
        known = self._names.get(frame.step)
        if known is None:
            decides = self._solved.decides.get(frame.step, set())
            told = self._solved.told.get(frame.step, set())
            known = self._names[frame.step] = sorted(decides), sorted(told)
        return [
            [self._classes.of(self._flow, name, _value(frame, name)) for name in known[0]],
            [_value(frame, name) is not ABSENT for name in known[1]],
        ]

    def own(self, frame: Frame) -> bytes:
        """What the present step itself reads."""
        names = self._own.get(frame.step)
        if names is None:
            step = self._graph.steps.get(frame.step)
            names = self._own[frame.step] = [] if step is None else sorted(used(step).decides)
        return relative.no_ids(_encode([self._classes.of(self._flow, one, _value(frame, one)) for one in names]))

    def visit(self, frame: Frame, step: StepName) -> int:
        return visit(self._graph, frame.visits, step)

    def visits(self, frame: Frame) -> list[int]:
        """Of the steps that have a budget of their own and may be entered from here on."""
        if not self._counted:
            return []
        return [
            min(self.visit(frame, name), most) if self.may_come_to(frame.step, f"{_COUNTED}{name}") else 0
            for name, most in self._counted.items()
        ]

    def failures(self, step: str, asking: Asking) -> tuple[int, int]:
        """How often nothing was entered, and how often the wrong thing, as far as that decides what is said next."""
        ask = self._asks.get(step)
        if ask is None or asking.attempt >= ask.attempts:
            return 0, 0
        return min(asking.no_input, len(ask.no_input)), min(asking.no_match, len(ask.no_match))

    def may_change(self, step: str, name: str) -> bool:
        """May a name of an invariant come to stand for something else, from there on?"""
        return _may_change(self._graph, self._solved.verbs.get(step), name)

    def may_ask_for(self, step: str, other: str) -> bool:
        """May something be done with what another step has begun, or its result be read, from there on?"""
        found = self._asked_for.get((step, other))
        if found is None:
            read = self._solved.decides.get(step, set()) | self._solved.told.get(step, set())
            named = self.may_come_to(step, f"{_NAMED}{other}")
            found = named or any(one.startswith(f"steps.{other}.") for one in read)
            self._asked_for[step, other] = found
        return found

    def may_ask_the_hour(self, step: str) -> bool:
        return self.may_come_to(step, NOW)

    def may_come_to(self, step: str, verb: str) -> bool:
        """May a step of the verb be entered from there on, or be gone on with? Before the first step, any may."""
        found = self._solved.verbs.get(step)
        return found is None or verb in found


def of(graph: FlowGraph, also: tuple[Expression, ...] = ()) -> Mapping[str, Reads]:
    """By flow; "" is the run's own. `also` are looked at when the run is over."""
    classes = Classes(graph, also)
    inner = {name: Reads(one, classes, name) for name, one in graph.subflows.items()}
    return {"": Reads(graph, classes, "", also), **inner}


def _fields(graph: FlowGraph, also: tuple[Expression, ...]) -> Iterator[str]:
    """What expressions read of results, by its last name; also those of flows that are given operations to wait for."""
    takers = (one for one in graph.subflows.values() if any(given.handle for given in one.inputs.values()))
    flows = (graph, *takers)
    every = [name for flow in flows for step in flow.steps.values() for name in names(step.value)]
    return (name.rpartition(".")[2] for name in (*every, *(name for one in also for name in one.names)))


def _value(frame: Frame, name: str) -> Any:
    space, _, rest = name.partition(".")
    at: Any = {"vars": frame.vars, "inputs": frame.inputs, "steps": frame.results}.get(space, {})
    for part in rest.split("."):
        if not isinstance(at, Mapping) or part not in at:
            return ABSENT
        at = at[part]
    return at


def _solve(graph: FlowGraph, also: tuple[Expression, ...]) -> _Solved:
    steps = graph.steps
    every = {str(name): used(step) for name, step in steps.items()}
    ways = {str(name): _targets(graph, step) for name, step in steps.items()}
    verbs = {str(name): set(_verbs(graph, step)) for name, step in steps.items()}
    nothing = {name: Used() for name in every}
    _flows_back(graph, nothing, ways, {}, verbs, False)
    at_end = {name: {*_read_at_end(graph, verbs[name], also)} for name in every}
    decides = {name: set(one.decides) for name, one in every.items()}
    told = {name: {*one.told, *one.decides} for name, one in every.items()}
    return _Solved(
        _flows_back(graph, every, ways, at_end, decides, True),
        _flows_back(graph, every, ways, at_end, told, False),
        verbs,
    )


def _read_at_end(graph: FlowGraph, verbs: set[str], also: tuple[Expression, ...]) -> Iterator[str]:
    for one in also:
        if any(_may_change(graph, verbs, name) for name in one.names):
            yield from one.names


_STEADY = ("inputs", "uses", "call.from", "call.to", "call.direction")
"""What is the same from the beginning of a call to its end."""


def _may_change(graph: FlowGraph, verbs: set[str] | None, name: str) -> bool:
    """`verbs` are those of all that may come; None before the first step, when anything may. What goes on in the background
    may end at any time."""
    space, _, rest = name.partition(".")
    if verbs is None or space not in ("steps", "vars"):
        return not name.startswith(_STEADY)
    if space == "vars":
        return f"{_SET}{name}" in verbs
    step = graph.steps.get(StepName(rest.partition(".")[0]))
    return step is None or step.background or f"{_ENTERED}{step.name}" in verbs


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
    yield f"{_ENTERED}{step.name}"
    yield from (f"{_SET}{name}" for name in used(step).sets if name.startswith("vars."))
    yield from (f"{_NAMED}{text}" for text in _texts(step.value) if text in graph.steps)
    if counts(step):
        yield f"{_COUNTED}{step.name}"
    if NOW in names(step.value):
        yield NOW
    if isinstance(step.value, SubflowValue) and step.value.flow in graph.subflows:
        yield from (verb for one in graph.subflows[step.value.flow].steps.values() for verb in _verbs(graph, one))


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
    found = _ways_on(step)
    if step.name in graph.finally_:
        found += graph.finally_
    return [*graph.steps] if RESUME in found else [one for one in found if one]


def _ways_on(step: Step) -> list[Any]:
    found: list[Any] = [*step.next.named.values(), step.next.otherwise]
    if isinstance(step.value, BranchValue):
        found += [*(target for _, target in step.value.cases), step.value.otherwise]
    if step.visits is not None:
        found.append(step.visits.next)
    return found
