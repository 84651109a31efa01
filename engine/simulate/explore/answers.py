"""The replies to a fetch that a flow tells apart: one of each outcome, and of `ok` one for each value that matters; and so what
comes with signals."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.model.graph import AskValue, Expression, FetchValue, FlowGraph, Step
from engine.model.ids import StepName
from engine.simulate.cases import possible
from engine.simulate.explore import literals
from engine.simulate.explore.classes import Classes
from engine.simulate.explore.entries import typical
from engine.simulate.explore.handed import Place, signalled
from engine.simulate.scenario import Reply, Scenario, Signal

_MOST = 200
"""Values looked at of one field; of those that no condition tells apart one is tried."""
_TOGETHER = 16
"""Bodies tried of one fetch, when their fields are combined."""
_LONGEST = 24
_SAMPLES = ("2026-11-24", "2026-11-24T10:00:00Z", "1")
_PLAIN: Mapping[str, tuple[Any, ...]] = {
    "string": ("(text)",),
    "int": (1, 0),
    "double": (12.5, 0.0),
    "bool": (True, False),
}


class Answers:
    """`cases` are calls of the flow's tests: what comes in their replies and signals is tried as well, where conditions tell it
    apart. `also` are conditions that are looked at when a run is over."""

    def __init__(self, graph: FlowGraph, cases: tuple[Scenario, ...] = (), also: tuple[Expression, ...] = ()) -> None:
        self._graph = graph
        self._cases = cases
        self._texts = literals.texts(graph)
        self._numbers = literals.numbers(graph)
        self._classes = Classes(graph, also)
        self._known: dict[str, tuple[Reply, ...]] = {}

    def of(self, name: str) -> tuple[Reply, ...]:
        """`name` as cases call the step: `lookup`, in a subflow `pin/lookup`."""
        found = self._known.get(name)
        if found is None:
            flow, _, step = name.rpartition("/")
            graph = self._graph.flow_of(flow)
            found = self._known[name] = tuple(self._replies(flow, graph.steps[step]))
        return found

    def signals(self) -> Iterator[Signal]:
        """Each that may be sent, with the payloads that conditions tell apart."""
        for name, fields in self._graph.signals.items():
            places = signalled(self._graph, name)
            told = [one.payload for case in self._cases for one in case.signals.values() if one.name == name]
            yield from (Signal(name=name, payload=payload) for payload in self._bodies(places, fields, told))

    def _replies(self, flow: str, step: Step) -> Iterator[Reply]:
        value = step.value
        assert isinstance(value, FetchValue)
        name = f"{flow}/{step.name}" if flow else step.name
        told = [one.body for case in self._cases if name in case.replies for one in case.replies[name].each]
        for body in self._bodies([(flow, f"steps.{step.name}.body")], value.returns, told):
            yield Reply(status=200, body=body)
        if value.returns is not None:
            yield Reply(status=200, text="<html>")
            yield Reply(status=200, body=_PLAIN["string"][0])  # JSON of another shape
        named = [int(one[5:]) for one in step.next.named if one.startswith("http_") and one[5:].isdigit()]
        tried = {
            (
                possible.way_of(step, f"http_{status}"),
                bool(value.retry.times) and status in value.retry.statuses,
            ): status
            for status in (*value.retry.statuses[:1], 501, 418, *named)
        }
        yield from (Reply(status=status, text="") for status in tried.values())
        yield Reply(kind="unreachable")

    def _bodies(self, places: Sequence[Place], returns: Any, told: Sequence[Any]) -> Iterator[Any]:
        """What is read in these places. Fields with all of each other's values; where these are too many, the plain one and one at
        a time."""
        if returns is None:
            yield None
            return
        plain = _plain(returns)
        fields = [(path, self._apart(places, path, kind, told)) for path, kind in _fields(returns)]
        if math.prod(len(values) for _, values in fields) > _TOGETHER:
            yield plain
            yield from (_with(plain, path, value) for path, values in fields for value in values[1:])
            return
        for each in itertools.product(*(values for _, values in fields)):
            body = plain
            for (path, _), value in zip(fields, each, strict=True):
                body = _with(body, path, value)
            yield body

    def _apart(self, places: Sequence[Place], path: tuple[str, ...], kind: Any, told: Sequence[Any]) -> list[Any]:
        """Of one field, one value of each kind that conditions tell apart."""
        inner = [(flow, ".".join((name, *path))) for flow, name in places]
        given = (value for one in told if (value := _at(one, path)) is not None)
        found = self._classes.apart(inner, (_plain(kind), *self._values(kind, self._classes.asks(inner)), *given))
        entered = self._entered(inner) if isinstance(kind, str) and kind.startswith("string") else ()
        return list(dict.fromkeys((*found, *entered))) if entered else found

    def _entered(self, places: Sequence[Place]) -> Iterator[str]:
        """What callers enter, where it is compared with that."""
        for name in sorted(self._classes.beside(places)):
            flow, _, local = name.rpartition("/")
            step = self._graph.flow_of(flow).steps.get(StepName(local.removeprefix("steps.").partition(".")[0]))
            if step is not None and isinstance(step.value, AskValue):
                yield from typical(step.value)

    def _values(self, kind: Any, asked: Sequence[str]) -> list[Any]:
        """`asked` are the conditions on it."""
        if isinstance(kind, list):
            return list(self._lists(kind, asked))
        base = kind.removesuffix("?")
        found = list(_PLAIN[base][1:])
        if base == "string":
            found += ["", *_SAMPLES, *self._texts, *literals.made(asked)]
        elif base in ("int", "double"):
            found += [int(one) if base == "int" else one for one in (*self._numbers, *literals.sums(asked))]
        return [*dict.fromkeys(found)][:_MOST] + ([None] if kind.endswith("?") else [])

    def _lists(self, kind: list[Any], asked: Sequence[str]) -> Iterator[list[Any]]:
        """None, two and four, and as many as conditions compare with; and one with another value in one field."""
        lengths = [int(one) for one in literals.compared(asked) if one.is_integer() and 0 <= one <= _LONGEST]
        yield from (_plain(kind) * length for length in dict.fromkeys((0, 2, 4, *lengths)))
        for path, inner in _fields(kind[0]) if asked else ():
            values = self._values(inner, asked) if not isinstance(inner, list) else []
            yield from ([_with(_plain(kind[0]), path, value)] for value in values)


def _plain(returns: Any) -> Any:
    if isinstance(returns, Mapping):
        return {name: _plain(one) for name, one in returns.items()}
    if isinstance(returns, list):
        return [_plain(returns[0])]
    return _PLAIN[returns.removesuffix("?")][0]


def _fields(returns: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(returns, Mapping):
        for name, one in returns.items():
            yield from _fields(one, (*path, name))
    else:
        yield path, returns


def _at(body: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body


def _with(body: Any, path: tuple[str, ...], value: Any) -> Any:
    """None: without the field."""
    if not path:
        return value
    first, rest = path[0], path[1:]
    if not rest and value is None:
        return {name: one for name, one in body.items() if name != first}
    return {**body, first: _with(body[first], rest, value)}
