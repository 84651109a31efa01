"""Values that no condition tells apart are one.

A name's conditions are those that read it, and those that read what it is copied to: a variable, an input of a subflow. Two
values are the same when all of them come out alike, with whatever they compare with for the other names. A value that is
computed with, compared with another value, or handed to the platform, is only the same as itself."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from engine.expr import Checked, Environment
from engine.model.graph import Expression, ExpressionFailed, FlowGraph
from engine.simulate.cases import invariants
from engine.simulate.explore import boolean, handed, literals
from engine.simulate.explore.handed import Handed, Place, Through
from engine.simulate.explore.used import Used, used

ABSENT = "(none)"
_MOST = 144
"""Values tried of the other names of one condition, together."""
_HANDED = 3
"""So often a value is followed that something is computed from."""
_Watched = tuple[Expression, str, bool]
"""A condition, the name in it that is looked at, and whether it matters what comes out, or only that something does."""

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class Classes:
    """Of a flow and its subflows; names are `vars.x`, and in a subflow `flow/vars.x`. `also` are conditions that are
    looked at when the run is over."""

    def __init__(self, graph: FlowGraph, also: tuple[Expression, ...] = ()) -> None:
        steps = [(name, _apart(used(step), flow)) for name, flow in _flows(graph) for step in flow.steps.values()]
        self._exact = {_full(flow, name) for flow, one in steps for name in _exact(one)}
        self._watched: dict[str, list[_Watched]] = {}
        for flow, one in [*steps, ("", Used(conditions=also))]:
            for condition in (*one.conditions, *one.risky):
                for name in condition.names:
                    self._watched.setdefault(_full(flow, name), []).append(
                        (condition, name, condition in one.conditions)
                    )
                    if len(condition.names) > 1:
                        self._exact.add(_full(flow, name))
        copies = [(_full(flow, to), _full(flow, name)) for flow, to, name in _copies(steps)]
        self._through = dict[tuple[int, str, int], Through]()
        for _ in range(_HANDED):
            self._hands_back(copies)
            for each in handed.computed(graph):
                self._hands_on(each)
        self._known: dict[tuple[str, bytes], Any] = {}
        self._working: dict[int, bool] = {}

    def of(self, flow: str, name: str, value: Any) -> Any:
        """Equal for values that nothing tells apart."""
        return value if _full(flow, name) in self._exact else self.judged(flow, name, value)

    def judged(self, flow: str, name: str, value: Any) -> Any:
        """What the name's conditions say of the value, also where it is handed on as well."""
        full = _full(flow, name)
        key = full, _encode(value)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = [self._seen(one, value) for one in self._watched.get(full, ())]
        return found

    def apart(self, places: Sequence[Place], values: Iterable[Any]) -> list[Any]:
        """Of the values the first of each kind that some condition on the names of these places tells from the others; None: it is
        not there."""
        found: dict[str, Any] = {}
        for value in values:
            found.setdefault(self.kind(places, value), value)
        return list(found.values())

    def kind(self, places: Iterable[Place], value: Any) -> str:
        """The same for values that no condition on the names of these places tells apart."""
        return repr([self.judged(*place, ABSENT if value is None else value) for place in places])

    def asks(self, places: Iterable[Place]) -> list[str]:
        """The conditions on the names of these places, as they are written."""
        return [one.source for place in places for one, _, _ in self._watched.get(_full(*place), ())]

    def beside(self, places: Iterable[Place]) -> set[str]:
        """The names that conditions on these places read as well: what is compared with another value."""
        every = [(flow, one, own) for flow, name in places for one, own, _ in self._watched.get(_full(flow, name), ())]
        return {_full(flow, name) for flow, one, own in every for name in one.names if name != own}

    def decides(self, place: Place) -> bool:
        """Does some condition depend on it?"""
        return any(is_asked for _, _, is_asked in self._watched.get(_full(*place), ()))

    def _hands_back(self, copies: list[tuple[str, str]]) -> None:
        """What is asked of a copy is asked of what is copied."""
        changed = True
        while changed:
            changed = False
            for to, name in copies:
                more = [one for one in self._watched.get(to, ()) if one not in self._watched.get(name, ())]
                if more or (to in self._exact and name not in self._exact):
                    self._watched.setdefault(name, []).extend(more)
                    self._exact |= {name} if to in self._exact else set()
                    changed = True

    def _hands_on(self, one: Handed) -> None:
        """What is asked of what is computed is asked, by way of the computation, of what it is computed from."""
        for condition, name, is_asked in list(self._watched.get(_full(*one.to), ())):
            key = id(condition), name, id(one.given)
            if key not in self._through and not (isinstance(condition, Through) and condition.given is one.given):
                self._through[key] = Through(condition, name, one.given)
                for each in one.given.names:
                    self._watched.setdefault(_full(one.flow, each), []).append((self._through[key], each, is_asked))

    def _seen(self, watched: _Watched, value: Any) -> Any:
        condition, name, is_asked = watched
        others = [one for one in condition.names if one != name]
        seen = [_outcome(condition, _look_up(name, value, given)) for given in _tried(condition, others)]
        if others and not self._works(condition):
            return value
        return seen if is_asked else [one is not None for one in seen]

    def _works(self, condition: Expression) -> bool:
        """Has it a value for some of what is tried? Else nothing is known of it."""
        found = self._working.get(id(condition))
        if found is None:
            tried = _tried(condition, list(condition.names))
            found = any(isinstance(_outcome(condition, each.__getitem__), bool) for each in tried)
            self._working[id(condition)] = found
        return found


def _apart(one: Used, flow: FlowGraph) -> Used:
    """With conditions on several names taken apart at `&&`, `||` and `!`: what comes out is what the parts make of it."""
    if all(len(condition.names) < 2 for condition in one.conditions):
        return one
    fields = {name: "dyn" for condition in one.conditions for name in condition.names}
    known = Environment(fields | invariants.names(flow))
    return replace(one, conditions=tuple(part for each in one.conditions for part in _parts(each, known)))


def _parts(condition: Expression, known: Environment) -> list[Expression]:
    """A condition of which some part is nothing by itself, or reads what only runs know, stays whole."""
    if len(condition.names) < 2:
        return [condition]
    parts = [known.compile(source) for source in boolean.leaves(boolean.tree(condition.source))]
    checked = [part for part in parts if isinstance(part, Checked)]
    return list(checked) if len(checked) == len(parts) else [condition]


def _flows(graph: FlowGraph) -> Iterator[tuple[str, FlowGraph]]:
    yield "", graph
    yield from graph.subflows.items()


def _full(flow: str, name: str) -> str:
    return f"{flow}/{name}" if flow and "/" not in name else name


def _exact(one: Used) -> set[str]:
    """Handed on, or computed with."""
    computed = {name for to, read in one.sets.items() for name in read - one.copies[to]}
    return {*one.exact, *computed}


def _copies(steps: list[tuple[str, Used]]) -> Iterator[tuple[str, str, str]]:
    return ((flow, to, name) for flow, one in steps for to, found in one.copies.items() for name in found)


def _tried(condition: Expression, others: list[str]) -> list[dict[str, Any]]:
    values = [False, True, *literals.of(condition.source), "", "1", 0, 0.0]
    every = itertools.islice(itertools.product(values, repeat=len(others)), _MOST)
    return [dict(zip(others, each, strict=True)) for each in every]


def _look_up(name: str, value: Any, others: Mapping[str, Any]) -> Callable[[str], Any]:
    def find(wanted: str) -> Any:
        if wanted == name and value == ABSENT:
            raise KeyError(wanted)
        return value if wanted == name else others[wanted]

    return find


def _outcome(condition: Expression, look_up: Callable[[str], Any]) -> Any:
    """None where it has no value."""
    try:
        return condition.evaluate(look_up)
    except ExpressionFailed:
        return None
