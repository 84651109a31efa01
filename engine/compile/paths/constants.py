"""Which of the constants that `set` gives a variable it may have, where a condition asks for that variable alone.

    vars.told == 'yes'    vars.recording    !vars.recording    vars.place in ['a', 'b']

A bit for each constant, and one for every other value, of which nobody knows what a condition says. Conditions about several
names, or about one that takes too many constants, say nothing.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from engine.compile.paths.edges import Edge
from engine.compile.paths.fixed import constant, is_same
from engine.compile.paths.solve import Facts
from engine.model.graph import BranchValue, Expression, ExpressionFailed, FlowGraph, SetValue, Step
from engine.model.ids import StepName

_MOST = 8
"""Constants of a variable."""


class _Variable(Struct, frozen=True):
    """`bits` by the constants, `other` that of all else."""

    bits: tuple[tuple[Any, Facts], ...]
    other: Facts
    first: Facts

    @property
    def whole(self) -> Facts:
        return self.other | sum(bit for _, bit in self.bits)

    def of(self, value: Any) -> Facts:
        return next((bit for one, bit in self.bits if is_same(one, value)), self.other)

    def where(self, name: str, condition: Expression, holds: bool) -> Facts:
        """The bits with which the condition may hold, or not."""
        return self.other | sum(bit for one, bit in self.bits if _value(condition, name, one) in (holds, None))


class Constants:
    """`size`: how many bits are taken by others; they stay below these."""

    def __init__(self, graph: FlowGraph, size: int) -> None:
        self._graph = graph
        self._size = size
        self._of = {name: self._variable(name) for name in dict.fromkeys(_asked(graph))}
        self._of = {name: one for name, one in self._of.items() if 0 < len(one.bits) <= _MOST}

    @property
    def first(self) -> Facts:
        return sum(one.first for one in self._of.values())

    @property
    def known(self) -> tuple[Facts, ...]:
        return tuple(one.whole for one in self._of.values())

    @property
    def speaking(self) -> frozenset[StepName]:
        """The steps that give a variable something, or ask for one."""
        steps = self._graph.steps.values() if self._of else ()
        return frozenset(step.name for step in steps if isinstance(step.value, BranchValue | SetValue))

    def _variable(self, name: str) -> _Variable:
        declared = self._graph.vars[name.removeprefix("vars.")]
        given = [] if declared.default is None else [declared.default]
        given += [one[0] for right in _assigned(self._graph, name) if (one := constant(right)) is not None]
        distinct = [one for at, one in enumerate(given) if not any(is_same(one, other) for other in given[:at])]
        bits = tuple((one, self._bit()) for one in distinct)
        found = _Variable(bits, other := self._bit(), 0)
        first = other if declared.default is None else found.of(declared.default)
        return _Variable(bits, other, first)

    def _bit(self) -> Facts:
        self._size += 1
        return 1 << (self._size - 1)

    def transfer(self, edge: Edge, facts: Facts) -> Facts | None:
        step = self._graph.steps.get(edge.source.step)
        if step is None or not self._of:
            return facts
        if edge.kind == "case":
            return self._narrowed(step, edge.case, facts)
        if isinstance(step.value, SetValue) and edge.kind == "outcome" and edge.outcome == "done":
            for name, right in step.value.assignments.items():
                if (one := self._of.get(f"vars.{name}")) is not None:
                    given = constant(right)
                    facts = facts & ~one.whole | (one.other if given is None else one.of(given[0]))
        return facts

    def _narrowed(self, step: Step, case: int, facts: Facts) -> Facts | None:
        """What is left when the conditions before this one do not hold, and this one does."""
        cases = step.value.cases if isinstance(step.value, BranchValue) else ()
        for number, (condition, _) in enumerate(cases[: case + 1] if case >= 0 else cases):
            one = self._of.get(condition.names[0]) if len(condition.names) == 1 else None
            if one is None:
                continue
            left = facts & one.where(condition.names[0], condition, holds=number == case)
            if not left:
                return None
            facts = facts & ~one.whole | left
        return facts


def _asked(graph: FlowGraph) -> Iterator[str]:
    """The variables that a condition asks for alone."""
    for step in graph.steps.values():
        for condition, _ in step.value.cases if isinstance(step.value, BranchValue) else ():
            name = condition.names[0] if len(condition.names) == 1 else ""
            if name.startswith("vars.") and name.removeprefix("vars.") in graph.vars:
                yield name


def _assigned(graph: FlowGraph, name: str) -> Iterator[Expression]:
    for step in graph.steps.values():
        if isinstance(step.value, SetValue) and (right := step.value.assignments.get(name.removeprefix("vars."))):
            yield right


def _value(condition: Expression, name: str, value: Any) -> bool | None:
    """What the condition says of the value; None when nobody knows."""
    if "now" in condition.source:
        return None
    try:
        found = condition.evaluate({name: value}.__getitem__)
    except (ExpressionFailed, KeyError):
        return None
    return found if isinstance(found, bool) else None
