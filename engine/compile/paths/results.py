"""Which outcome each step may have had last, which variables may be unset, which signal was taken last.

What a step leaves depends on its outcome alone (`given.py`), and its next end takes the place of all that it
has left before. So a name `steps.<step>.<field>` may be unset where the step may have had none yet, or one
that does not set the field. One bit for each variable, and those of each step and outcome (tracked.py): where its operation
may end once more behind the flow's back, what a condition has found need not hold any longer.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from engine.compile.paths.conditions import said
from engine.compile.paths.edges import Edge, Place, edges, onward
from engine.compile.paths.given import NONE, continues, waits_for
from engine.compile.paths.solve import Facts
from engine.compile.paths.tracked import NOBODY, Asked, Tracked, asked, narrowed, tracked, tracked_step
from engine.model.graph import BranchValue, FlowGraph, SetValue, Step, SubflowValue, WaitValue
from engine.model.ids import StepName
from engine.model.verbs import VERB


class _Effect(Struct, frozen=True, gc=False):
    """`again`: the bits of an older result on top of which comes what is `added`, and how many bits further they say so.
    `waits`: time passes from there on."""

    asked: tuple[Asked, ...] = ()
    lost: Facts = 0
    added: Facts = 0
    again: tuple[Facts, int] = (0, 0)
    waits: bool = False


_NO_EFFECT = _Effect()
_IN_ONE_GO = ("branch", "set")
"""From one to the next of them, and when they have led to another, no operation has ended meanwhile."""


class Results:
    """The facts about the steps and variables of these names; nothing is kept of any other. `size`: how many bits are
    taken by facts of somebody else's, and left alone."""

    def __init__(self, graph: FlowGraph, names: Iterable[str], size: int = 0) -> None:
        self._graph = graph
        self._steps: dict[StepName, Tracked] = {}
        self._vars: dict[str, Facts] = {}
        self._signals = NOBODY
        self._effects: dict[Edge, _Effect] = {}
        self._unset: dict[str, Facts] = {}
        self._kept: dict[StepName, Facts] = {}
        self.size = size
        for space, _, rest in (name.partition(".") for name in names):
            step = StepName(rest.partition(".")[0])
            if space == "steps" and step not in self._steps:
                self._steps[step] = tracked_step(graph, graph.steps[step], self._bit)
            elif space == "vars" and rest not in self._vars and graph.vars[rest].required:
                self._vars[rest] = self._bit()
            elif space == "signal" and not self._signals.whole:
                self._signals = tracked((NONE, *graph.signals), self._bit)
        self._going_on = tuple(one for one in self._steps.values() if one.older)

    def _bit(self) -> Facts:
        self.size += 1
        return 1 << (self.size - 1)

    @property
    def first(self) -> Facts:
        """Nothing has happened yet."""
        known = (*self._steps.values(), self._signals)
        return sum(one.bits.get(NONE, 0) for one in known) | sum(self._vars.values())

    @property
    def known(self) -> tuple[Facts, ...]:
        """The facts about each step."""
        return tuple(one.whole for one in self._steps.values())

    def unset(self, name: str) -> Facts:
        """The facts that leave the name unset."""
        if name not in self._unset:
            self._unset[name] = self._without(name)
        return self._unset[name]

    def _without(self, name: str) -> Facts:
        space, _, rest = name.partition(".")
        if space == "vars":
            return self._vars.get(rest, 0)
        if space == "signal":
            carried = self._graph.signals
            return sum(bit for one, bit in self._signals.bits.items() if rest not in carried.get(one, {}))
        if space != "steps":
            return 0
        named, _, field = rest.partition(".")
        own = self._steps[StepName(named)]
        return own.some(lambda outcome: field not in own.given[outcome])

    def about(self, name: str) -> Facts:
        """All facts that have to do with the name."""
        step = self._steps.get(StepName(name.split(".")[1])) if name.startswith("steps.") else None
        return step.whole if step else self.unset(name)

    def had(self, step: StepName, outcome: str) -> Facts:
        """The facts that this may have been the step's last outcome."""
        return self._steps[step].some(lambda one: one in (outcome, f"{outcome[:6]}xx"))

    @cached_property
    def speaking(self) -> frozenset[StepName]:
        """The steps that may change what is known. Most do not."""
        steps = self._graph.steps.values()
        return frozenset(one.name for one in steps if one.name in self._steps or self._has_say(one))

    def transfer(self, edge: Edge, facts: Facts) -> Facts | None:
        if edge.kind == "resume":
            return facts & self._brought(edge.target)
        if edge.source.step not in self.speaking:
            return facts
        effect = self._effects.get(edge)
        if effect is None:
            effect = self._effects[edge] = self._effect(edge)
        if effect is _NO_EFFECT:
            return facts
        left = narrowed(facts, effect.asked)
        if left is None:
            return None
        older, shift = effect.again
        after = left & ~effect.lost | effect.added | (left & older) << shift
        return self._a_moment_later(after) if effect.waits else after

    def _a_moment_later(self, facts: Facts) -> Facts:
        """What may have ended since."""
        for one in self._going_on:
            facts |= one.ends if facts & one.older else 0
        return facts

    def at_case(self, step: StepName, case: int, facts: Facts) -> Facts:
        """What is left of the facts when the conditions before this one of a `branch` do not hold."""
        value = self._graph.steps[step].value
        found = tuple(self._cases(value, case)) if isinstance(value, BranchValue) else ()
        return narrowed(facts, found) or 0

    def _brought(self, place: Place) -> Facts:
        """What a handler may have added when it resumes the step: by its own steps, and by how it was interrupted."""
        handlers = set(self._graph.handlers.values())
        if StepName("") not in self._kept:
            self._kept[StepName("")] = self._added([Place(one, over) for one in handlers for over in (False, True)])
        if place.step not in self._kept:
            leads = (edge for edge in edges(self._graph, Place(place.step)) if edge.target.step in handlers)
            self._kept[place.step] = sum_of(self._effect(edge) for edge in leads)
        return self._kept[StepName("")] | self._kept[place.step]

    def _added(self, places: list[Place]) -> Facts:
        """By all steps that can be reached from these places, but for what is resumed."""
        return sum_of(self._effect(edge) for edge in onward(self._graph, places))

    def _effect(self, edge: Edge) -> _Effect:
        step = self._graph.steps[edge.source.step]
        if step.name not in self.speaking:
            return _NO_EFFECT
        own = self._steps.get(step.name, NOBODY)
        if edge.kind == "case" and isinstance(step.value, BranchValue):
            found = _Effect(asked=tuple(self._taken(step.value, edge.case)))
        elif edge.kind == "outcome":
            found = self._ended(step, own, edge.outcome)
        elif edge.kind in ("limit", "signal", "end") or _reports_after_the_call(step):
            found = self._goes_on(own) if VERB[step.verb].life is not None else _NO_EFFECT
        else:
            found = _NO_EFFECT
        found = self._signalled(step, edge, found) if self._signals.whole else found
        found = replace(found, waits=True) if self._going_on and self._begins_to_wait(step, edge) else found
        return _NO_EFFECT if found == _NO_EFFECT else found

    def _has_say(self, step: Step) -> bool:
        """May it change what is known of others?"""
        return (
            bool(self._signals.whole)
            or step.until is not None
            or isinstance(step.value, BranchValue | SetValue | WaitValue)
        )

    def _begins_to_wait(self, step: Step, edge: Edge) -> bool:
        following = self._graph.steps.get(edge.target.step)
        return step.verb in _IN_ONE_GO and (following is None or following.verb not in _IN_ONE_GO)

    def _goes_on(self, own: Tracked) -> _Effect:
        """The step is left, and its operation may end at any time."""
        return _Effect(lost=own.settled, added=own.ends, again=(own.settled, own.shift))

    def _ended(self, step: Step, own: Tracked, outcome: str) -> _Effect:
        if step.background and outcome == "accepted":
            return self._goes_on(own)
        if isinstance(step.value, SetValue) and outcome == "done":
            return _Effect(lost=sum(self._vars.get(name, 0) for name in step.value.assignments))
        heard = [
            (self._steps[handle], names)
            for handle, names in waits_for(self._graph, step, outcome)
            if handle in self._steps
        ]
        if own is NOBODY and not heard:
            return _NO_EFFECT
        found = tuple(Asked(one.whole, sum(one.bits.get(name, 0) for name in names)) for one, names in heard)
        return _Effect(found, own.whole, own.bits.get(outcome, 0))

    def _signalled(self, step: Step, edge: Edge, found: _Effect) -> _Effect:
        """`signal` is what was taken last, by whatever flow."""
        bits, value = self._signals.bits, step.value
        name = edge.outcome.removeprefix("signal.") if edge.kind == "signal" else ""
        if isinstance(value, WaitValue) and value.signal and edge.kind == "outcome" and edge.outcome == "done":
            name = value.signal
        if name:
            return replace(found, lost=found.lost | self._signals.whole, added=found.added | bits.get(name, 0))
        if isinstance(value, SubflowValue):
            taken = sum(bits.get(one, 0) for one in self._graph.subflows[value.flow].signals)
            return replace(found, added=found.added | taken)
        return found

    def _taken(self, value: BranchValue, case: int) -> Iterator[Asked]:
        yield from self._cases(value, case if case >= 0 else len(value.cases))
        if case >= 0:
            yield from self._said(value.cases[case][0].source, when=True)

    def _cases(self, value: BranchValue, before: int) -> Iterator[Asked]:
        for condition, _ in value.cases[:before]:
            yield from self._said(condition.source, when=False)

    def _said(self, source: str, *, when: bool) -> Iterator[Asked]:
        if ".outcome" not in source:
            return
        found, whole = said(source)
        for one in found if when or whole else ():
            own = self._steps.get(one.step)
            if own is not None and not continues(self._graph, one.step):
                yield asked(own, one, when=when)


def sum_of(effects: Iterable[_Effect]) -> Facts:
    found = 0
    for one in effects:
        older, shift = one.again
        found |= one.added | older << shift
    return found


def _reports_after_the_call(step: Step) -> bool:
    life = VERB[step.verb].life
    return step.background or (life is not None and life.settles)
