"""What of a frame may still be read. What nobody reads any more makes no difference, whatever it is.

A step's result is read until the step ends again, and a variable until it is set anew. `ways_on` are followed from where the
run stands, and the ways that lead there from anywhere: handlers, limits, `finally`.
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

_COUNTED, _ENTERED = "visits of ", "into "

Live = dict[str, set[str]]
"""By step: the names that may be read from there on."""


class _Solved(Struct, frozen=True):
    decides: Live
    told: Live
    verbs: Live


class Reads:
    """Of one flow. `also` are names that are looked at when the run is over."""

    def __init__(self, graph: FlowGraph, classes: Classes, flow: str, also: tuple[str, ...] = ()) -> None:
        self._solved = _solve(graph, also)
        self._graph = graph
        self._classes = classes
        self._flow = flow
        self._names: dict[str, tuple[list[str], list[str]]] = {}
        self._written: dict[tuple[Any, ...], tuple[tuple[Any, ...], bytes]] = {}
        every = [target for step in graph.steps.values() for target in _ways_on(step)]
        self.resumes = RESUME in every
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

    def visit(self, frame: Frame, step: StepName) -> int:
        return visit(self._graph, frame.visits, step)

    def visits(self, frame: Frame) -> tuple[int, ...]:
        """Of the steps that have a budget of their own and may be entered from here on."""
        known = self._counted.items()
        return tuple(
            min(self.visit(frame, name), most) if self.may_come_to(frame.step, f"{_COUNTED}{name}") else 0
            for name, most in known
        )

    def failures(self, step: str, asking: Asking) -> tuple[int, int]:
        """How often nothing was entered, and how often the wrong thing, as far as that decides what is said next."""
        ask = self._asks.get(step)
        if ask is None or asking.attempt >= ask.attempts:
            return 0, 0
        return min(asking.no_input, len(ask.no_input)), min(asking.no_match, len(ask.no_match))

    def may_enter(self, step: str, other: str) -> bool:
        """May another step be entered from there on, or the run be in it still?"""
        return self.may_come_to(step, f"{_ENTERED}{other}")

    def may_ask_the_hour(self, step: str) -> bool:
        return self.may_come_to(step, NOW)

    def may_come_to(self, step: str, verb: str) -> bool:
        """May a step of the verb be entered from there on, or be gone on with? Before the first step, any may."""
        found = self._solved.verbs.get(step)
        return found is None or verb in found


def of(graph: FlowGraph, also: tuple[Expression, ...] = ()) -> Mapping[str, Reads]:
    """By flow; "" is the run's own. `also` are looked at when the run is over."""
    classes = Classes(graph, also)
    names = tuple(name for one in also for name in one.names)
    inner = {name: Reads(one, classes, name) for name, one in graph.subflows.items()}
    return {"": Reads(graph, classes, "", names), **inner}


def _value(frame: Frame, name: str) -> Any:
    space, _, rest = name.partition(".")
    at: Any = {"vars": frame.vars, "inputs": frame.inputs, "steps": frame.results}.get(space, {})
    for part in rest.split("."):
        if not isinstance(at, Mapping) or part not in at:
            return ABSENT
        at = at[part]
    return at


def _solve(graph: FlowGraph, also: tuple[str, ...]) -> _Solved:
    steps = graph.steps
    every = {str(name): used(step) for name, step in steps.items()}
    ways = {str(name): _targets(graph, step) for name, step in steps.items()}
    decides = _flows_back(graph, every, ways, also, {name: set(one.decides) for name, one in every.items()}, True)
    told = {name: {*one.told, *one.decides} for name, one in every.items()}
    verbs = {str(name): set(_verbs(graph, step)) for name, step in steps.items()}
    nothing = {name: Used() for name in every}
    return _Solved(
        decides, _flows_back(graph, every, ways, also, told, False), _flows_back(graph, nothing, ways, (), verbs, False)
    )


def _flows_back(
    graph: FlowGraph,
    every: Mapping[str, Used],
    ways: Mapping[str, list[str]],
    also: tuple[str, ...],
    live: Live,
    deep: bool,
) -> Live:
    """What is read later, down the ways on to where the call stands. `deep`: what a variable is computed from is read
    where the variable is."""
    anywhere = [*graph.handlers.values(), *graph.finally_, *([graph.limits.next] if graph.limits.next else [])]
    changed = True
    while changed:
        changed = False
        outside = set(also).union(*(live[one] for one in anywhere))
        for name, step in graph.steps.items():
            after = set().union(*(live[one] for one in ways[name]), also)
            own = "" if step.background else f"steps.{name}."
            found = {one for one in after if not (own and one.startswith(own)) and one not in every[name].certain}
            found |= outside
            if deep:
                found = found.union(*(read for var, read in every[name].sets.items() if var in after | outside))
            if not found <= live[name]:
                live[name] |= found
                changed = True
    return live


def _verbs(graph: FlowGraph, step: Step) -> Iterator[str]:
    """Of a step, and what else is asked of the ways to it: which one it is, whether it reads the hour, that its visits count."""
    yield step.verb
    yield f"{_ENTERED}{step.name}"
    if counts(step):
        yield f"{_COUNTED}{step.name}"
    if NOW in names(step.value):
        yield NOW
    if isinstance(step.value, SubflowValue) and step.value.flow in graph.subflows:
        yield from (verb for one in graph.subflows[step.value.flow].steps.values() for verb in _verbs(graph, one))


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
