"""What the compiler foresees of a step holds in every run that waits there.

The compiler says which outcome each step may have had last and which variables may be unset
(`engine.compile.paths`), and the linter what may go on beside the steps (`engine.lint.calls`). Every run is held
against that: nothing has happened that was not foreseen.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from engine.compile.paths import Paths, Place, Results, solve
from engine.lint.calls import Calls, Kind
from engine.model.graph import FlowGraph
from engine.model.ids import Digest, StepName
from engine.model.state import Frame, HangingUp, Operation, RunState, Settling


def check_foreseen(graph: FlowGraph, state: RunState) -> None:
    """While a run waits at a step, what its flow remembers is among what may be so before that step."""
    frame = state.frame
    if state.status == "running" and frame.doing is not None and not isinstance(frame.doing, HangingUp | Settling):
        flow = graph.subflows[frame.flow] if frame.number else graph
        if _is_unheard_of(flow, frame):
            return
        _FLOWS[graph.digest, flow.flow] = flow
        foreseen = _foreseen(graph.digest, flow.flow)
        foreseen.check(frame, over=state.call.state == "ended")
        if frame.leaving is None and state.call.state != "ended":
            foreseen.check_operations(frame, state.operations.values())


def _is_unheard_of(flow: FlowGraph, frame: Frame) -> bool:
    """Has the platform reported speech where only keys are listened for, or the other way about? The run goes on with
    it, and nothing is foreseen of that."""
    asked = (step for step in flow.steps.values() if step.verb in ("ask", "collect") and not step.background)
    said = ((step, frame.results.get(step.name, {}).get("outcome")) for step in asked)
    return any(outcome in ("digits", "speech") and outcome not in step.outcomes for step, outcome in said)


class Foreseen:
    def __init__(self, graph: FlowGraph) -> None:
        self.steps = [step.name for step in graph.steps.values() if step.name not in graph.finally_]
        names = [*(f"steps.{name}.outcome" for name in self.steps), *(f"vars.{name}" for name in graph.vars)]
        self.graph = graph
        self.results = Results(graph, names)
        self.before = solve(Paths(graph), self.results.first, self.results.transfer).before
        self.calls = Calls(graph)

    def check(self, frame: Frame, *, over: bool) -> None:
        place = Place(frame.step, over or frame.leaving is not None)
        facts = self.before[place]
        for step in self.steps:
            outcome = frame.results.get(step, {}).get("outcome", "")
            may = facts & self.results.had(step, outcome)
            assert may, f"`{step}` has had the outcome `{outcome}` at {place}"
        for name in self.graph.vars.keys() - frame.vars.keys():
            assert facts & self.results.unset(f"vars.{name}"), f"`{name}` is not set at {place}"

    def check_operations(self, frame: Frame, operations: Iterable[Operation]) -> None:
        """Of what the steps of the flow have begun in the background, and no step waits for as its own."""
        for name in self.calls.going_on.keys() - frame.visits.keys():
            assert self.calls.may("never", name, frame.step), f"`{name}` was never begun before `{frame.step}`"
        for op in operations:
            if not op.background or op.frame != frame.number or op.step == frame.step:
                continue
            assert self.calls.may("begun", op.step, frame.step), f"`{op.step}` was begun before `{frame.step}`"
            ordered = getattr(self.graph.steps[frame.step].value, "handle", None) == op.step
            if op.phase == "over" or op.stopping or ordered:
                continue
            # A pause that finds nothing (404) says that the recording is over, which the run has not heard yet.
            paused = any(self.graph.steps[StepName(one)].verb == "record.pause" for one in frame.visits)
            for kind in _going_on(op, paused=paused):
                assert self.calls.may(kind, op.step, frame.step), f"`{op.step}` is {kind} at `{frame.step}`"


def _going_on(op: Operation, *, paused: bool) -> Iterator[Kind]:
    yield "live"
    if op.verb in ("tap", "stream", "transcribe") or (op.verb == "record" and not paused):
        yield "heard"
    if op.verb == "collect" and not op.input:
        yield "armed" if op.armed else "unarmed"


_FLOWS: dict[tuple[Digest, str], FlowGraph] = {}


@cache
def _foreseen(digest: Digest, flow: str) -> Foreseen:
    return Foreseen(_FLOWS[digest, flow])
