"""What is found of a flow that others call, for all of its callers at once."""

from collections.abc import Callable
from typing import TypeVar

from engine.model.graph import FlowGraph

_KEPT = 64
_Found = TypeVar("_Found")


def once(find: Callable[[FlowGraph], _Found]) -> Callable[[FlowGraph], _Found]:
    """The same answer for a flow of the same files; the oldest answers go first."""
    known: dict[tuple[str, str], _Found] = {}

    def found(flow: FlowGraph) -> _Found:
        key = (flow.flow, flow.digest)
        if key not in known:
            answer = find(flow)
            if len(known) >= _KEPT:
                del known[next(iter(known))]
            known[key] = answer
        return known[key]

    return found
