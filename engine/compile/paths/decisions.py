"""What a `branch` finds out about the way that a call has come: the outcomes that steps had last, and constants of variables.

A way whose conditions contradict each other is no way: who was told by `vars.recorded` that nothing is recorded has not come
from the step that records.
"""

import re
from collections.abc import Iterator

from engine.compile.paths.constants import Constants
from engine.compile.paths.edges import Edge
from engine.compile.paths.results import Results
from engine.compile.paths.solve import Facts
from engine.model.graph import BranchValue, FlowGraph
from engine.model.ids import StepName

_OUTCOME = re.compile(r"\bsteps\.([a-z][a-z0-9_]*)\.outcome\b")


class Decisions:
    """`size`: how many bits are taken by others. `known`: the bits by what they are about, `whole`: all of them."""

    def __init__(self, graph: FlowGraph, size: int) -> None:
        asked = [f"steps.{name}.outcome" for name in dict.fromkeys(_asked(graph)) if StepName(name) in graph.steps]
        self._results = Results(graph, asked, size)
        self._constants = Constants(graph, self._results.size)
        self.first = self._results.first | self._constants.first
        self.known: tuple[Facts, ...] = (*self._results.known, *self._constants.known)
        self.whole: Facts = sum(self.known)
        self._speaking = self._results.speaking | self._constants.speaking

    def transfer(self, edge: Edge, facts: Facts) -> Facts | None:
        """What was interrupted and is resumed goes on with what its handler leaves."""
        if not self.whole or edge.source.step not in self._speaking or edge.kind == "resume":
            return facts
        left = self._results.transfer(edge, facts)
        return None if left is None else self._constants.transfer(edge, left)


def _asked(graph: FlowGraph) -> Iterator[str]:
    for step in graph.steps.values():
        for condition, _ in step.value.cases if isinstance(step.value, BranchValue) else ():
            yield from _OUTCOME.findall(condition.source)
