"""A flow whose limits a call comes to sooner than its author has set them."""

from collections.abc import Mapping

from msgspec.structs import replace

from engine.model.graph import FlowGraph, Visits
from engine.simulate.scenario import Sooner


def limited(graph: FlowGraph, sooner: Sooner) -> FlowGraph:
    """With the time of the call and the visits of steps (`menu`, in a subflow `pin/menu`) that are given, where those
    are less."""
    limits = graph.limits
    if sooner.call_ms is not None:
        limits = replace(limits, call_ms=min(limits.call_ms, sooner.call_ms))
    subflows = {name: _visited(inner, sooner.visits, f"{name}/") for name, inner in graph.subflows.items()}
    return _visited(replace(graph, limits=limits, subflows=subflows), sooner.visits, "")


def _visited(graph: FlowGraph, visits: Mapping[str, int], prefix: str) -> FlowGraph:
    steps = dict(graph.steps)
    for place, most in visits.items():
        name = place.removeprefix(prefix)
        if place.startswith(prefix) and name in steps:
            own = steps[name].visits or Visits(max=graph.limits.visits)
            steps[name] = replace(steps[name], visits=replace(own, max=min(own.max, most)))
    return replace(graph, steps=steps)
