"""Which version of a flow a call gets: new calls the library of the moment, running ones what they were started with."""

from collections import OrderedDict
from collections.abc import Callable

from engine.journal.bundles import recompiled
from engine.model.errors import JournalError
from engine.model.graph import FlowGraph
from engine.model.ids import Digest
from engine.runner.library import Library

_REMEMBERED = 64
"""Graphs of versions that are served no more: their runs' late webhooks ask for them."""


class Versions:
    """`library` is replaced as a whole, between two requests: nobody sees half of a change."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._earlier: OrderedDict[Digest, FlowGraph] = OrderedDict()

    def replace(self, library: Library) -> None:
        """The bundles of all that it serves are in the journal already."""
        for digest, served in self.library.by_digest.items():
            self._remember(digest, served.graph)
        self.library = library

    def of(self, digest: Digest, bundle: Callable[[Digest], bytes | None]) -> FlowGraph:
        """The graph that a run was started with; compiled from its bundle if it is no longer served."""
        for served in self.library.served.values():
            if served.graph.digest == digest:
                return served.graph
        graph = self._earlier.get(digest)
        if graph is None:
            found = bundle(digest)
            if found is None:
                raise JournalError(
                    f"The flow version {digest[:12]}, which a run was started with, is not in the journal.",
                    help="Restore the journal from a copy: `offhook journal backup` makes them.",
                )
            graph = recompiled(found)
        self._remember(digest, graph)
        return graph

    def _remember(self, digest: Digest, graph: FlowGraph) -> None:
        self._earlier[digest] = graph
        self._earlier.move_to_end(digest)
        if len(self._earlier) > _REMEMBERED:
            self._earlier.popitem(last=False)
