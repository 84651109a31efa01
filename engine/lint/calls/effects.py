"""What each edge does to the facts, by the step that is left and how it ended."""

from functools import cached_property

from engine.compile.paths import Edge, Facts, Place, edges, onward
from engine.lint.calls.facts import ANYTHING, NONE, Bits, Effect
from engine.lint.calls.leaving import ONCE, left_for_swml
from engine.lint.calls.operations import Operations
from engine.lint.calls.speech import said
from engine.lint.calls.topics import RECORDING, speaks_of
from engine.lint.calls.trust import Trust
from engine.model.graph import (
    ApiValue,
    AskValue,
    BranchValue,
    ExcursionValue,
    FetchValue,
    FlowGraph,
    LeaveValue,
    ReturnValue,
    Step,
    SubflowValue,
)
from engine.model.ids import StepName
from engine.model.verbs import FAILURES

_RECORDING = ("record", "transcribe", "live_transcribe")
_FAILED = (*FAILURES, "expression")
_IDLE = (BranchValue, FetchValue, LeaveValue, ReturnValue)
"""Values of steps that begin and end nothing, ask for nothing and say nothing."""
_LEGS_END = ("canceled", "completed")


class Effects:
    def __init__(self, graph: FlowGraph, bits: Bits) -> None:
        self._graph, self._bits = graph, bits
        self._found: dict[Edge, Effect] = {}
        self._endings: dict[tuple[StepName, str], Effect] = {}
        self._tellings: dict[StepName, Effect] = {}
        self._by_handlers: Facts = -1
        self.operations = Operations(graph, bits)
        self.trust = Trust(graph, bits)
        unnoticed = bits.add("unnoticed")
        # A flow that is called may count on the one that calls it.
        told_before = any(isinstance(step.value, ReturnValue) for step in graph.steps.values())
        self._straight = bits.add("straight")
        for name, step in self.operations.steps.items():
            if step.verb in _RECORDING:
                bits.add("untold", name)
        self._away = bits.add("away") if any(isinstance(one.value, ReturnValue) for one in graph.steps.values()) else 0
        for step in graph.steps.values():
            if (leg := other_leg(step)) is not None:
                bits.add("ended", leg)
        self.first: Facts = (
            ANYTHING | self.operations.first | self.trust.first | self._straight | (0 if told_before else unnoticed)
        )

    def __call__(self, edge: Edge, facts: Facts) -> Facts:
        """A handler that resumes brings what it and the interruption may have added: all else is as it was."""
        if edge.kind == "resume":
            return facts & (self._brought(edge.target) | ANYTHING | self._straight)
        effect = self._found.get(edge) or self._of(edge)
        return facts if effect is NONE else effect(facts)

    def _of(self, edge: Edge) -> Effect:
        if edge not in self._found:
            self._found[edge] = self._made(edge)
        return self._found[edge]

    def _made(self, edge: Edge) -> Effect:
        step = self._graph.steps.get(edge.source.step)
        if edge.source.over and edge.kind in ("visits", "limit"):
            return Effect(self._straight)
        if step is None or edge.kind in ("visits", "end"):
            return NONE
        if edge.target.over and not edge.source.over:
            return self.operations.over()
        if edge.kind == "case":
            return self.trust.asked(step)
        if edge.kind == "outcome":
            unnamed = edge.source.over and edge.outcome in FAILURES and edge.outcome not in step.next.named
            return Effect(self._straight) if unnamed else self._ended(step, edge.outcome)
        return self._interrupted(step)

    def _interrupted(self, step: Step) -> Effect:
        """By a signal or a limit, before anything was sent or after: all that may have been added is. Where a step is over with
        its answer, they come after it, and do not lead back to it."""
        if step.name not in self.operations.steps or step.verb in ONCE:
            return NONE
        done = self._ended(step, "accepted")
        return Effect(added=done.added, when=done.when)

    def _ended(self, step: Step, outcome: str) -> Effect:
        """The same whether the call is over, and for a step that is interrupted."""
        if step.name in self._idle:
            return NONE
        if (step.name, outcome) not in self._endings:
            self._endings[step.name, outcome] = self._ending(step, outcome)
        return self._endings[step.name, outcome]

    @cached_property
    def _idle(self) -> frozenset[StepName]:
        """The steps that leave all as it is, as most do: of them no outcome need be looked at."""
        return frozenset(step.name for step in self._graph.steps.values() if self._is_idle(step))

    def _is_idle(self, step: Step) -> bool:
        value = step.value
        plain = isinstance(value, _IDLE) or step.verb == "play" or (isinstance(value, AskValue) and bool(value.choices))
        alone = step.until is None and step.name not in self.operations.steps
        return plain and alone and self._told(step) is NONE

    def _ending(self, step: Step, outcome: str) -> Effect:
        found = self.operations.of(step, outcome).also(self.trust.of(step, outcome))
        if isinstance(step.value, ExcursionValue) and outcome != "expression":
            found = found.also(self.operations.away(), Effect(added=self._away))
        if isinstance(step.value, SubflowValue) and outcome in left_for_swml(self._graph.subflows[step.value.flow]):
            found = found.also(Effect(added=self._away))
        found = found.also(self._told(step))
        if outcome not in _FAILED:
            found = found.also(self._leg(step))
            if (untold := self._bits.of("untold", step.name)) and step.name in self.operations.steps:
                found = found.also(Effect(when=((self._bits.of("unnoticed"), untold),)))
        return found

    def _told(self, step: Step) -> Effect:
        """The caller has heard of a recording, or of something that nobody knows. That a notice fails is no fault of the flow."""
        if step.name not in self._tellings:
            self._tellings[step.name] = self._telling(step)
        return self._tellings[step.name]

    def _telling(self, step: Step) -> Effect:
        told = [speaks_of(one, RECORDING) for one in said(step)]
        heard = True in told or (None in told and not step.background)
        return Effect(self._bits.all("unnoticed", "untold")) if heard else NONE

    def _leg(self, step: Step) -> Effect:
        if step.verb == "dial":
            return Effect(self._bits.of("ended", f"steps.{step.name}.call_id"))
        leg = other_leg(step)
        ends = isinstance(step.value, ApiValue) and step.value.params.get("status") in _LEGS_END
        return Effect(added=self._bits.of("ended", leg)) if leg is not None and ends else NONE

    def _brought(self, place: Place) -> Facts:
        handlers = {*self._graph.handlers.values()}
        if self._by_handlers < 0:
            self._by_handlers = self._added([Place(one) for one in handlers])
        leads = (edge for edge in edges(self._graph, place) if edge.target.step in handlers)
        found = self._by_handlers
        for edge in leads:
            found |= self._of(edge).possible
        return found

    def _added(self, places: list[Place]) -> Facts:
        """By all steps that are reached from these places, but for what is resumed."""
        found = 0
        for edge in onward(self._graph, places):
            found |= self._of(edge).possible
        return found


def other_leg(step: Step) -> str | None:
    """The leg that an `update` is about, by the name that holds it or its id; None for the run's own call."""
    if step.verb != "update" or not isinstance(step.value, ApiValue):
        return None
    leg = step.value.params.get("id")
    if leg is None:
        return None
    names = getattr(leg, "names", None)
    if names is None:
        return str(leg)
    return None if names == ("call.id",) else " ".join(names)
