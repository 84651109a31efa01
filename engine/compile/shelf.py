"""Flows that others call, compiled once for all of their callers.

What becomes of such a flow is decided by its own files: itself, the flows and the SWML that it names, and calendars and
zones, which anything may ask for. As long as these are the same bytes, the next caller gets the same graph. That holds
for sound flows alone: what is said of a mistake may depend on who calls.
"""

from collections.abc import Callable, Mapping

from engine.model.bundle import FLOW_SUFFIX
from engine.model.graph import FlowGraph

Own = frozenset[tuple[str, bytes]]
"""The files of a flow that is called, by their paths in the bundle."""
_KEPT = 64


class Shelf:
    """Graphs by the flow's name and its own files; the oldest go first. One shelf serves one `swml_check`."""

    def __init__(self) -> None:
        self._graphs: dict[tuple[str, Own], FlowGraph | None] = {}
        self._begun: set[tuple[str, Own]] = set()

    def take(self, flow: str, own: Own, compiled: Callable[[], FlowGraph | None]) -> FlowGraph | None:
        """None where the flow is not sound, or calls itself."""
        key = (flow, own)
        if key not in self._graphs and key not in self._begun:
            self._begun.add(key)
            try:
                graph = compiled()
            finally:
                self._begun.discard(key)
            if len(self._graphs) >= _KEPT:
                del self._graphs[next(iter(self._graphs))]
            self._graphs[key] = graph
        return self._graphs.get(key)


def own_files(files: Mapping[str, bytes], path: str, needs: Callable[[bytes], tuple[str, ...]]) -> Own:
    """Of a bundle's files those of the flow at the path; `needs` says which others a flow names."""
    wanted, found = [path], {one: data for one, data in files.items() if not _is_named(one)}
    while wanted:
        one = wanted.pop()
        if one not in found and one in files:
            found[one] = files[one]
            wanted += needs(files[one]) if one.endswith(FLOW_SUFFIX) else ()
    return frozenset(found.items())


def _is_named(path: str) -> bool:
    """Does it belong only to the flows that name it?"""
    return path.endswith(FLOW_SUFFIX) or path.startswith("swml/")
