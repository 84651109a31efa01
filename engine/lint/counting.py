"""Which loops go round for ever, as far as limits and conditions can tell: nothing in them counts the rounds.

A limit of a step's own counts, and so does a `branch` on a variable that the loop sets. One on a variable that is set elsewhere
says the same in each round.
"""

from collections.abc import Collection, Iterator
from functools import cached_property

from engine.lint.routes import Ways, goes_back, leading_to, only, reached, rounds, ways
from engine.model.graph import BranchValue, Expression, FlowGraph, SetValue, Step
from engine.model.ids import StepName

_MOST = 64
"""Groups that are taken apart; a loop in what is left over then is not found."""
_LASTING = ("vars", "inputs", "uses", "call")
"""What a `set` alone writes, or nothing does."""


class Counting:
    """`broken`: steps that lead nobody knows where. `anything`: nor what they set, so that may be every variable, anywhere."""

    def __init__(self, graph: FlowGraph, broken: frozenset[StepName] = frozenset(), *, anything: bool = False) -> None:
        self._graph, self._broken = graph, broken
        self._setting = {f"vars.{name}": set[StepName]() for name in (graph.vars if anything else ())}
        for step in graph.steps.values():
            for name in step.value.assignments if isinstance(step.value, SetValue) else ():
                self._setting.setdefault(f"vars.{name}", set()).add(step.name)
        self._anywhere = self._setting.keys() if anything else self._set_by_handlers

    @cached_property
    def bounded(self) -> frozenset[StepName]:
        """The steps that end any loop after some rounds."""
        counting = (step.name for step in self._branches if any(map(self._may_change, _conditions(step))))
        return frozenset((*counting, *(step.name for step in self._graph.steps.values() if step.visits is not None)))

    def uncounted(self, found: Ways, but: str = "") -> Iterator[tuple[tuple[StepName, ...], Ways]]:
        """Groups of steps in which nothing counts, with the ways between them. `but`: a variable that does not either.

        A loop that a variable does not count asks for it nowhere, or sets it nowhere: so either is left out by turns.
        """
        left = [found]
        for _ in range(_MOST):
            if not left:
                return
            some = left.pop()
            for group in rounds(some):
                name = next((one for one in self._asking if one != but and self._counts(one, group)), "")
                if not name:
                    yield group, _between(some, group)
                else:
                    left += (_between(some, {*group} - one) for one in (self._setting[name], self._asking[name]))

    def set_back(self) -> dict[str, set[StepName]]:
        """The variables that are counted up, each with the steps that give it a constant."""
        found: dict[str, set[StepName]] = {}
        for name, steps in sorted(self._setting.items()):
            given = {one: self._given(one, name) for one in sorted(steps)}
            if any(name in right.names for right in given.values()):
                found[name] = {one for one, right in given.items() if not right.names}
        return {name: steps for name, steps in found.items() if steps}

    @cached_property
    def _asking(self) -> dict[str, set[StepName]]:
        return {name: {step.name for step in self._branches if _asks(step, name)} for name in self._setting}

    @cached_property
    def _branches(self) -> tuple[Step, ...]:
        return tuple(step for step in self._graph.steps.values() if isinstance(step.value, BranchValue))

    @property
    def _set_by_handlers(self) -> frozenset[str]:
        """By what comes between, and goes back: the variables may be others in the next round."""
        back = [*self._broken, *(step.name for step in self._graph.steps.values() if goes_back(step))]
        found = ways(self._graph) if back else {}
        between = leading_to(found, back) & reached(found, self._graph.handlers.values()).keys() if back else set()
        return frozenset(name for name, steps in self._setting.items() if steps & between)

    def _may_change(self, condition: Expression) -> bool:
        """By itself: with the time, or by what goes on beside the steps."""
        asked = self._setting.keys() & set(condition.names)
        lasts = all(one.partition(".")[0] in _LASTING for one in condition.names) and "now" not in condition.source
        return bool(asked if not lasts else asked & self._anywhere)

    def _counts(self, name: str, group: tuple[StepName, ...]) -> bool:
        return not self._setting[name].isdisjoint(group) and not self._asking[name].isdisjoint(group)

    def _given(self, step: StepName, name: str) -> Expression:
        value = self._graph.steps[step].value
        assert isinstance(value, SetValue)
        return value.assignments[name.removeprefix("vars.")]


def _conditions(step: Step) -> tuple[Expression, ...]:
    return tuple(one for one, _ in step.value.cases) if isinstance(step.value, BranchValue) else ()


def _asks(step: Step, name: str) -> bool:
    return any(name in one.names for one in _conditions(step))


def _between(found: Ways, steps: Collection[StepName]) -> Ways:
    return only({name: found[name] for name in found if name in steps}, lambda _, way: way.to in steps)
