"""A case that can be played: without mistakes, with its flow and what it gives to the call."""

from collections.abc import Iterator

from msgspec import Struct

from engine.compile.located import Scalar
from engine.model.graph import Expression, FlowGraph, ReturnValue
from engine.model.state import RunState
from engine.simulate import hidden, simulate
from engine.simulate.cases import invariants, lawful, saying
from engine.simulate.cases.case import Case
from engine.simulate.cases.failing import Failure
from engine.simulate.cases.given import Given
from engine.simulate.cases.invariants import Invariant
from engine.simulate.cases.judging import judge
from engine.simulate.outcome import Outcome
from engine.simulate.scenario import Scenario


class Ready(Struct, frozen=True, kw_only=True):
    """`graph` is bound to the calendars that the case names. `held`: what its file says of every call."""

    case: Case
    graph: FlowGraph
    given: Given
    held: tuple[Invariant, ...] = ()

    def play(self, scenario: Scenario | None = None) -> Outcome:
        """The case's own call, or another one through the same flow."""
        looks = (
            self.held
            or self.graph.sealed
            or any(isinstance(one.value, ReturnValue) for one in self.graph.steps.values())
        )
        graph = invariants.remembering(self.graph) if looks else self.graph
        return simulate(graph, scenario or self.given.scenario)

    def failures(self, outcome: Outcome) -> tuple[Failure, ...]:
        """What of its own call is not as the case, the laws and the invariants of the file want it."""
        named = [node.text for node in self.case.items("expect", "laws") if isinstance(node, Scalar)]
        usual = lawful.usual(self.graph, self.given.scenario) if "same-end" in named else None
        return (*judge(self.case, self.given.script, outcome, usual), *self._breaches(outcome))

    def failures_of_another(self, outcome: Outcome) -> tuple[Failure, ...]:
        """The same of a call that is not quite the case's own: whatever of that does not depend on when things come."""
        return (*judge(self.case, self.given.script, outcome, ordered=False), *self._breaches(outcome))

    def _breaches(self, outcome: Outcome) -> Iterator[Failure]:
        last = next((one[1].state for one in reversed(outcome.happened) if isinstance(one, tuple)), None)
        if last is None or not outcome.ended:
            return
        for index, why in invariants.broken((one.condition for one in self.held), last):
            known = sorted(hidden.in_text(one, outcome.secrets) for one in _values(self.held[index].condition, last))
            yield Failure(
                at=self.held[index].at,
                message=f"An invariant of the file: {why}.",
                help=f"At the end {', '.join(known)}." if known else "",
                mark=len(outcome.transcript) - 1,
                law="invariant",
            )


def _values(condition: Expression, run: RunState) -> Iterator[str]:
    """What the names of an invariant stand for."""
    for name in condition.names:
        try:
            yield f"`{name}` is {saying.value(invariants.look_up(run, name))}"
        except KeyError:
            yield f"`{name}` is not set"
