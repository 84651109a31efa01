"""What of a frame may still be read. What nobody reads any more makes no difference, whatever it is.

What that is, is solved once for each step of a flow (`ahead.py`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from engine.model.graph import RESUME, AskValue, Expression, FlowGraph
from engine.model.ids import StepName
from engine.model.state import Asking, Frame
from engine.model.visits import visit
from engine.simulate.explore import ahead, relative
from engine.simulate.explore.classes import ABSENT, Classes
from engine.simulate.explore.endless import counts
from engine.simulate.explore.hours import NOW
from engine.simulate.explore.used import names, used

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_KNOWN = 4_096
"""Values of frames that are kept in bytes; they are known by where they stand in memory, so they are held on to."""


class Reads:
    """Of one flow. `also` are conditions that are looked at when the run is over."""

    def __init__(self, graph: FlowGraph, classes: Classes, flow: str, also: tuple[Expression, ...] = ()) -> None:
        self._solved = ahead.solve(graph, also)
        self._graph = graph
        self._classes = classes
        self._flow = flow
        self._names: dict[str, tuple[list[str], list[str]]] = {}
        self._own: dict[str, list[str]] = {}
        self._asked_for: dict[tuple[str, str], bool] = {}
        self._written: dict[tuple[Any, ...], tuple[tuple[Any, ...], bytes]] = {}
        every = [target for step in graph.steps.values() for target in ahead.ways_on(step)]
        self.resumes = RESUME in every
        self._fields = frozenset(_fields(graph, also))
        self._alone = dict(_alone(graph, also))
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

    def fields(self, step: str) -> frozenset[str]:
        """Of the results of what the step has begun, those that some expression reads."""
        return self._alone.get(step, self._fields)

    def is_alone(self, step: str) -> bool:
        """Is what it has begun in the background never waited for, nor handed on, nor anything else done with it?"""
        return step in self._alone

    def visit(self, frame: Frame, step: StepName) -> int:
        return visit(self._graph, frame.visits, step)

    def visits(self, frame: Frame) -> list[int]:
        """Of the steps that have a budget of their own and may be entered from here on."""
        if not self._counted:
            return []
        return [
            min(self.visit(frame, name), most) if self.may_come_to(frame.step, f"{ahead.COUNTED}{name}") else 0
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
        return ahead.may_change(self._graph, self._solved.verbs.get(step), name)

    def may_ask_for(self, step: str, other: str) -> bool:
        """May something be done with what another step has begun, or its result be read, from there on?"""
        found = self._asked_for.get((step, other))
        if found is None:
            read = self._solved.decides.get(step, set()) | self._solved.told.get(step, set())
            named = self.may_come_to(step, f"{ahead.NAMED}{other}")
            found = named or any(one.startswith(f"steps.{other}.") for one in read)
            self._asked_for[step, other] = found
        return found

    def may_ask_the_hour(self, step: str) -> bool:
        return self.may_come_to(step, NOW)

    def judged(self, name: str, value: Any) -> Any:
        """Equal for values of a name that nothing in this flow tells apart."""
        return self._classes.of(self._flow, name, value)

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


def _alone(graph: FlowGraph, also: tuple[Expression, ...]) -> Iterator[tuple[str, frozenset[str]]]:
    """Steps in the background that no other names, and the fields of theirs that expressions read."""
    steps = graph.steps.values()
    named = {name for step in steps for name in ahead.named(graph, step)}
    every = {*(name for step in steps for name in names(step.value)), *(name for one in also for name in one.names)}
    for step in steps:
        own = f"steps.{step.name}."
        if step.background and step.name not in named:
            yield step.name, frozenset(one.removeprefix(own).partition(".")[0] for one in every if one.startswith(own))


def _value(frame: Frame, name: str) -> Any:
    space, _, rest = name.partition(".")
    at: Any = {"vars": frame.vars, "inputs": frame.inputs, "steps": frame.results}.get(space, {})
    for part in rest.split("."):
        if not isinstance(at, Mapping) or part not in at:
            return ABSENT
        at = at[part]
    return at
