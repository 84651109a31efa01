"""What the compiler foresees of a step holds in every run that waits there.

The compiler says which outcome each step may have had last and which variables may be unset
(`engine.compile.paths`). Every run is held against that: nothing has happened that was not foreseen.
"""

from functools import cache

from engine.compile.paths import Paths, Place, Results, solve
from engine.model.graph import FlowGraph
from engine.model.ids import Digest
from engine.model.state import Frame, HangingUp, RunState, Settling


def check_foreseen(graph: FlowGraph, state: RunState) -> None:
    """While a run waits at a step, what its flow remembers is among what may be so before that step."""
    frame = state.frame
    if state.status == "running" and frame.doing is not None and not isinstance(frame.doing, HangingUp | Settling):
        flow = graph.subflows[frame.flow] if frame.number else graph
        _FLOWS[graph.digest, flow.flow] = flow
        _foreseen(graph.digest, flow.flow).check(frame, over=state.call.state == "ended")


class Foreseen:
    def __init__(self, graph: FlowGraph) -> None:
        self.steps = [step.name for step in graph.steps.values() if step.name not in graph.finally_]
        names = [*(f"steps.{name}.outcome" for name in self.steps), *(f"vars.{name}" for name in graph.vars)]
        self.graph = graph
        self.results = Results(graph, names)
        self.before = solve(Paths(graph), self.results.first, self.results.transfer)

    def check(self, frame: Frame, *, over: bool) -> None:
        place = Place(frame.step, over or frame.leaving is not None)
        facts = self.before[place]
        for step in self.steps:
            outcome = frame.results.get(step, {}).get("outcome", "")
            may = facts & self.results.had(step, outcome)
            assert may, f"`{step}` has had the outcome `{outcome}` at {place}"
        for name in self.graph.vars.keys() - frame.vars.keys():
            assert facts & self.results.unset(f"vars.{name}"), f"`{name}` is not set at {place}"


_FLOWS: dict[tuple[Digest, str], FlowGraph] = {}


@cache
def _foreseen(digest: Digest, flow: str) -> Foreseen:
    return Foreseen(_FLOWS[digest, flow])
