"""What the compiler foresees of a step holds in every run that waits there.

The compiler says which outcome each step may have had last and which variables may be unset
(`engine.compile.paths`). Every run is held against that: nothing has happened that was not foreseen.
"""

from functools import cache

from engine.compile.paths import Paths, Place, Results, solve
from engine.model.graph import FlowGraph
from engine.model.ids import Digest
from engine.model.state import HangingUp, RunState, Settling


def check_foreseen(graph: FlowGraph, state: RunState) -> None:
    """While a run waits at a step, what it remembers is among what may be so before that step."""
    doing = state.frame.doing
    if state.status == "running" and doing is not None and not isinstance(doing, HangingUp | Settling):
        _GRAPHS[graph.digest] = graph
        _foreseen(graph.digest).check(state)


class Foreseen:
    def __init__(self, graph: FlowGraph) -> None:
        names = [*(f"steps.{name}.outcome" for name in graph.steps), *(f"vars.{name}" for name in graph.vars)]
        self.graph = graph
        self.results = Results(graph, names)
        self.before = solve(Paths(graph), self.results.first, self.results.transfer)

    def check(self, state: RunState) -> None:
        frame = state.frame
        place = Place(frame.step, state.call.state == "ended")
        facts = self.before[place]
        for step in self.graph.steps.values():
            outcome = frame.results.get(step.name, {}).get("outcome", "")
            may = facts & self.results.had(step.name, outcome)
            assert may, f"`{step.name}` has had the outcome `{outcome}` at {place}"
        for name in self.graph.vars.keys() - frame.vars.keys():
            assert facts & self.results.unset(f"vars.{name}"), f"`{name}` is not set at {place}"


_GRAPHS: dict[Digest, FlowGraph] = {}


@cache
def _foreseen(digest: Digest) -> Foreseen:
    return Foreseen(_GRAPHS[digest])
