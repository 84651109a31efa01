"""Hosts of fetches that are known before any call: is each of them one that the environment allows?"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.expr.template import beginning
from engine.fetching.failure import NotFetched
from engine.fetching.hosts import HostPolicy
from engine.model.graph import FetchValue, FlowGraph, Step

_HOST_IS_WHOLE = re.compile(r"[^:/?#]+://[^/?#]*[/?#]")


def refused(graph: FlowGraph, uses: Mapping[str, Any], policy: HostPolicy) -> list[str]:
    """A line for each fetch of the flow, or of one of its subflows, that would be refused on every call."""
    lines = []
    for flow, step, url in _known(graph, uses):
        try:
            policy.checked(url)
        except NotFetched as error:
            lines.append(f"step {step.name} of flow {flow}: {error.message}")
    return lines


def _known(graph: FlowGraph, uses: Mapping[str, Any]) -> Iterator[tuple[str, Step, str]]:
    for flow in (graph, *graph.subflows.values()):
        for step in flow.steps.values():
            url = _known_url(step.value.url, uses) if isinstance(step.value, FetchValue) else ""
            if url:
                yield flow.flow, step, url


def _known_url(url: Any, uses: Mapping[str, Any]) -> str:
    """As far as literals and `uses` go, where that is past the host; else nothing."""
    text, whole = beginning(url, {f"uses.{name}": value for name, value in uses.items()})
    return text if whole or _HOST_IS_WHOLE.match(text) else ""
