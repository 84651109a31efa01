"""No secret is told: what was entered where something secret was asked for is in no line of the transcript."""

from collections.abc import Iterator

from engine.model.graph import FlowGraph
from engine.simulate import hidden, laws, transcript
from engine.simulate.explore.taken import Taken
from engine.simulate.laws import Breach, Turned


class Telling:
    """For one flow; one without secrets costs nothing."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph

    def breaches(self, taken: Taken) -> Iterator[Breach]:
        if not self._graph.sealed:
            return
        for turned in taken.turns:
            if secrets := self._secrets(turned):
                lines = transcript.lines(self._graph, [(turned.event, turned.done)])
                yield from (laws.of_telling(line) for line in lines if laws.tells(line, secrets))

    def _secrets(self, turned: Turned) -> frozenset[str]:
        """Of what the run keeps, and of what has just come, which it may keep no longer."""
        return hidden.entered(self._graph, turned.done.state) | hidden.reported(self._graph, turned.event)
