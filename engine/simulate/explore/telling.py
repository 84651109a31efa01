"""No secret is told: what was entered where something secret was asked for is in no line of the transcript."""

from collections.abc import Iterator

from engine.model.graph import FlowGraph
from engine.simulate import laws, telling
from engine.simulate.explore.taken import Taken
from engine.simulate.laws import Breach


class Telling:
    """For one flow; one without secrets costs nothing."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph

    def breaches(self, taken: Taken) -> Iterator[Breach]:
        if self._graph.sealed:
            for turned in taken.turns:
                yield from map(laws.of_telling, telling.lines(self._graph, turned))
