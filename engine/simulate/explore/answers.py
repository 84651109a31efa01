"""The replies to a fetch that a flow tells apart: one of each outcome, and of `ok` one for each value that matters."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.model.graph import FetchValue, FlowGraph, Step
from engine.simulate.explore import literals
from engine.simulate.explore.used import names
from engine.simulate.scenario import Reply

_MOST = 6
"""Values tried of one field."""
_PLAIN: Mapping[str, tuple[Any, ...]] = {
    "string": ("(text)",),
    "int": (1, 0),
    "double": (12.5, 0.0),
    "bool": (True, False),
}


class Answers:
    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph
        self._texts = literals.texts(graph)
        self._numbers = literals.numbers(graph)
        flows = (graph, *graph.subflows.values())
        self._read = {name for flow in flows for step in flow.steps.values() for name in names(step.value)}
        self._known: dict[str, tuple[Reply, ...]] = {}

    def of(self, name: str) -> tuple[Reply, ...]:
        """`name` as cases call the step: `lookup`, in a subflow `pin/lookup`."""
        found = self._known.get(name)
        if found is None:
            flow, _, step = name.rpartition("/")
            graph = self._graph.flow_of(flow)
            found = self._known[name] = tuple(self._replies(graph.steps[step]))
        return found

    def _replies(self, step: Step) -> Iterator[Reply]:
        value = step.value
        assert isinstance(value, FetchValue)
        for body in self._bodies(step.name, value.returns):
            yield Reply(status=200, body=body)
        if value.returns is not None:
            yield Reply(status=200, text="<html>")
        statuses = [int(one[5:]) for one in step.next.named if one.startswith("http_") and one[5:].isdigit()]
        for status in dict.fromkeys((*statuses, 418, 501, *value.retry.statuses[:1])):
            yield Reply(status=status, text="")
        yield Reply(kind="unreachable")

    def _bodies(self, step: str, returns: Any) -> Iterator[Any]:
        """The plain one, and each field's other values one at a time."""
        if returns is None:
            yield None
            return
        plain = _plain(returns)
        yield plain
        for path, kind in _fields(returns):
            if self._is_read(step, path):
                for value in self._values(kind):
                    yield _with(plain, path, value)

    def _is_read(self, step: str, path: tuple[str, ...]) -> bool:
        name = ".".join(("steps", step, "body", *path))
        return any(one == name or name.startswith(f"{one}.") for one in self._read)

    def _values(self, kind: str) -> list[Any]:
        base = kind.removesuffix("?")
        found = list(_PLAIN[base][1:])
        if base == "string":
            found += self._texts
        elif base in ("int", "double"):
            found += [int(one) if base == "int" else one for one in self._numbers]
        return [*dict.fromkeys(found)][:_MOST] + ([None] if kind.endswith("?") else [])


def _plain(returns: Any) -> Any:
    if isinstance(returns, Mapping):
        return {name: _plain(one) for name, one in returns.items()}
    if isinstance(returns, list):
        return [_plain(returns[0])]
    return _PLAIN[returns.removesuffix("?")][0]


def _fields(returns: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(returns, Mapping):
        for name, one in returns.items():
            yield from _fields(one, (*path, name))
    elif isinstance(returns, str):
        yield path, returns


def _with(body: Any, path: tuple[str, ...], value: Any) -> Any:
    """None: without the field."""
    if not path:
        return value
    first, rest = path[0], path[1:]
    if not rest and value is None:
        return {name: one for name, one in body.items() if name != first}
    return {**body, first: _with(body[first], rest, value)}
