"""Which hours a flow can tell apart: two calls that begin at different ones are the same if all that it asks of `now` comes out
alike in both, at their beginning and in the hours after."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from engine.model.graph import Expression, ExpressionFailed, FlowGraph
from engine.model.state import RunState
from engine.simulate.explore.used import Used, used

NOW = "now"
_HOUR_MS = 3_600_000
_LATER = range(5)
"""Hours from a call's beginning; calls are no longer."""


class Hours:
    """Of a flow with its subflows. Whether a text for the caller has a value at all, is the same at any moment of a call."""

    def __init__(self, graph: FlowGraph) -> None:
        flows = (graph, *graph.subflows.values())
        every = [used(step) for flow in flows for step in flow.steps.values()]
        self._conditions = [one for each in every for one in each.conditions if NOW in one.names]
        self._risky = [one for each in every for one in each.risky if NOW in one.names]
        self._exact = any(map(_computes, every)) or not _are_known(self._conditions)
        self._by_beginning = not _are_known(self._risky)
        self._known: dict[int, Any] = {}

    def of(self, run: RunState) -> Any:
        """Equal for runs that nothing which asks for the hour tells apart."""
        if self._exact:
            return run.started_ms
        if self._by_beginning:
            return str(run.started_ms)
        found = self._known.get(run.started_ms)
        if found is None:
            found = self._known[run.started_ms] = list(self._seen(run))
        return found

    def _seen(self, run: RunState) -> Iterator[Any]:
        for later in _LATER:
            at_ms = run.started_ms + later * _HOUR_MS
            yield [_outcome(one, run, at_ms) for one in self._conditions]
            yield [_outcome(one, run, at_ms) is not None for one in self._risky]


def _computes(one: Used) -> bool:
    """Is the hour handed on, or something made of it?"""
    return NOW in one.exact or any(NOW in read for read in one.sets.values())


def _are_known(expressions: list[Expression]) -> bool:
    """Is all else that they read the same from the beginning of a call to its end?"""
    return all(name == NOW or name.startswith("uses.") for one in expressions for name in one.names)


def _outcome(one: Expression, run: RunState, at_ms: int) -> Any:
    def look_up(name: str) -> Any:
        return datetime.fromtimestamp(at_ms / 1000, UTC) if name == NOW else run.uses[name.removeprefix("uses.")]

    try:
        return one.evaluate(look_up)
    except ExpressionFailed:
        return None
