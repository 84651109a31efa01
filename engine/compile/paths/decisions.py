"""What a `branch` finds out about the way that a call has come: the outcomes that steps had last, and constants of variables.

A way whose conditions contradict each other is no way: who was told by `vars.recorded` that nothing is recorded has not come
from the step that records.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress

from engine.compile.paths.constants import Constants
from engine.compile.paths.edges import Edge, Place
from engine.compile.paths.results import Results
from engine.compile.paths.solve import Facts, Paths, TooManyWays, Transfer, witness
from engine.model.graph import BranchValue, FlowGraph
from engine.model.ids import StepName

MOST = 2_000
"""Situations that are looked at for a way whose conditions agree; where there are more, conditions are not asked."""
_OUTCOME = re.compile(r"\bsteps\.([a-z][a-z0-9_]*)\.outcome\b")


class Decisions:
    """`size`: how many bits are taken by others. `whole`: all bits of what is known here."""

    def __init__(self, graph: FlowGraph, size: int) -> None:
        asked = [f"steps.{name}.outcome" for name in dict.fromkeys(_asked(graph)) if StepName(name) in graph.steps]
        self._results = Results(graph, asked, size)
        self._constants = Constants(graph, self._results.size)
        self.first = self._results.first | self._constants.first
        self.whole: Facts = self._results.whole | self._constants.whole
        self._speaking = self._results.speaking | self._constants.speaking

    def transfer(self, edge: Edge, facts: Facts) -> Facts | None:
        """What was interrupted and is resumed goes on with what its handler leaves."""
        if not self.whole or edge.source.step not in self._speaking or edge.kind == "resume":
            return facts
        left = self._results.transfer(edge, facts)
        return None if left is None else self._constants.transfer(edge, left)

    def witness(
        self,
        paths: Paths,
        before: Mapping[Place, Facts],
        first: Facts,
        transfer: Transfer,
        place: Place,
        facts: Facts,
        *,
        about: Facts = 0,
    ) -> tuple[Edge, ...] | None:
        """The shortest way whose conditions agree, as `solve.witness` gives it; of too many, one whose may not."""
        if self.whole:
            with suppress(TooManyWays):
                return witness(paths, before, first, transfer, place, facts, about=about | self.whole, most=MOST)
        return witness(paths, before, first, transfer, place, facts, about=about)


def _asked(graph: FlowGraph) -> Iterator[str]:
    for step in graph.steps.values():
        for condition, _ in step.value.cases if isinstance(step.value, BranchValue) else ():
            yield from _OUTCOME.findall(condition.source)
