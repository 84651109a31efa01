"""Which outcome each step may have had last, and which variables may be unset.

What a step leaves depends on its outcome alone (`engine.model.verbs.fields_after`), and its next end takes the
place of all that it has left before. So a name `steps.<step>.<field>` may be unset where the step may have had
none yet, or one that does not set the field. One bit for each step and outcome, one for each variable; and
one for each step whose operation may end once more behind the flow's back: what a condition found then
need not hold any longer.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from engine.compile.paths.conditions import Said, said
from engine.compile.paths.edges import Edge
from engine.compile.paths.solve import Facts
from engine.model.graph import ApiValue, AskValue, BranchValue, FlowGraph, LeaveValue, SetValue, Step, WaitValue
from engine.model.ids import StepName
from engine.model.verbs import FAILURES, VERB, fields_after

NONE = ""
"""The outcome of a step that has had none."""


class _Asked(Struct, frozen=True):
    """Of a step's bits (`whole`) only these are `left`; none of them: it cannot be. Unless it may change any
    moment (`loose`)."""

    whole: Facts
    left: Facts
    loose: Facts = 0


class _Effect(Struct, frozen=True):
    """`again`: the bits of which one says that what is `added` comes on top of an older result, and the bit for that."""

    asked: tuple[_Asked, ...] = ()
    lost: Facts = 0
    added: Facts = 0
    again: tuple[Facts, Facts] = (0, 0)


_NO_EFFECT = _Effect()


class _Tracked(Struct, frozen=True):
    """A step's bits by its outcomes, and all of them together; `loose` is no outcome."""

    bits: dict[str, Facts]
    whole: Facts
    loose: Facts


class Results:
    """The facts about the steps and variables of these names; nothing is kept of any other."""

    def __init__(self, graph: FlowGraph, names: Iterable[str]) -> None:
        self._graph = graph
        self._steps: dict[StepName, _Tracked] = {}
        self._vars: dict[str, Facts] = {}
        self._effects: dict[Edge, _Effect | None] = {}
        self._unset: dict[str, Facts] = {}
        self._size = 0
        for space, _, rest in (name.partition(".") for name in names):
            step = StepName(rest.partition(".")[0])
            if space == "steps" and step not in self._steps:
                bits = {one: self._bit() for one in (NONE, *_outcomes(graph.steps[step]))}
                self._steps[step] = _Tracked(bits, sum(bits.values()), self._bit())
            elif space == "vars" and rest not in self._vars and graph.vars[rest].required:
                self._vars[rest] = self._bit()

    def _bit(self) -> Facts:
        self._size += 1
        return 1 << (self._size - 1)

    @property
    def first(self) -> Facts:
        """Nothing has happened yet."""
        return sum(one.bits[NONE] for one in self._steps.values()) | sum(self._vars.values())

    def unset(self, name: str) -> Facts:
        """The facts that leave the name unset."""
        if name not in self._unset:
            self._unset[name] = self._without(name)
        return self._unset[name]

    def _without(self, name: str) -> Facts:
        space, _, rest = name.partition(".")
        if space != "steps":
            return self._vars.get(rest, 0) if space == "vars" else 0
        named, _, field = rest.partition(".")
        step = self._graph.steps[StepName(named)]
        bits = self._steps[step.name].bits
        return sum(bit for outcome, bit in bits.items() if field not in self._fields(step, outcome))

    def about(self, name: str) -> Facts:
        """All facts that have to do with the name."""
        step = self._steps.get(StepName(name.split(".")[1]))
        return step.whole | step.loose if step and name.startswith("steps.") else self.unset(name)

    def had(self, step: StepName, outcome: str) -> Facts:
        """The fact that this may have been the step's last outcome."""
        return self._steps[step].bits.get(outcome, 0)

    def _fields(self, step: Step, outcome: str) -> tuple[str, ...]:
        if outcome == NONE:
            return ()
        timed_out = isinstance(step.value, WaitValue) and outcome == "timeout" and bool(step.value.timeout_ms)
        awaited = None if timed_out else _awaited(step)
        verb = self._graph.steps[awaited].verb if awaited else step.verb
        return ("outcome", *(() if timed_out else fields_after(VERB[verb], outcome)))

    def transfer(self, edge: Edge, facts: Facts) -> Facts | None:
        if edge not in self._effects:
            found = self._effect(edge)
            self._effects[edge] = found if found != _NO_EFFECT else None
        effect = self._effects[edge]
        if effect is None:
            return facts
        left = _narrowed(facts, effect.asked)
        if left is None:
            return None
        older, bit = effect.again
        return left & ~effect.lost | effect.added | (bit if left & older else 0)

    def at_case(self, step: StepName, case: int, facts: Facts) -> Facts:
        """What is left of the facts when the conditions before this one of a `branch` do not hold."""
        value = self._graph.steps[step].value
        asked = tuple(self._cases(value, case)) if isinstance(value, BranchValue) else ()
        return _narrowed(facts, asked) or 0

    def _effect(self, edge: Edge) -> _Effect:
        step = self._graph.steps[edge.source.step]
        own = self._steps.get(step.name)
        if own is None and step.until is None and isinstance(step.value, ApiValue | AskValue | LeaveValue):
            return _NO_EFFECT
        if edge.kind == "case" and isinstance(step.value, BranchValue):
            return _Effect(asked=tuple(self._taken(step.value, edge.case)))
        if edge.kind == "outcome":
            return self._ended(step, own, edge.outcome)
        goes_on = VERB[step.verb].shape == "operation" and (edge.kind == "limit" or _reports_after_the_call(step))
        return self._goes_on(own) if own and goes_on and edge.kind in ("limit", "hangup") else _NO_EFFECT

    def _goes_on(self, own: _Tracked) -> _Effect:
        """The step is left, and its operation may end at any time."""
        added = sum(bit for outcome, bit in own.bits.items() if outcome not in (NONE, "expression", "interrupted"))
        return _Effect(added=added, again=(own.whole & ~own.bits[NONE], own.loose))

    def _ended(self, step: Step, own: _Tracked | None, outcome: str) -> _Effect:
        if step.background and outcome == "accepted":
            return self._goes_on(own) if own else _NO_EFFECT
        if isinstance(step.value, SetValue) and outcome == "done":
            return _Effect(lost=sum(self._vars.get(name, 0) for name in step.value.assignments))
        asked, settled = self._learnt(step, outcome)
        lost, added = (own.whole | own.loose, own.bits[outcome]) if own else (0, 0)
        return _Effect(asked, settled | lost, added)

    def _learnt(self, step: Step, outcome: str) -> tuple[tuple[_Asked, ...], Facts]:
        """What the outcome says of operations in the background, and the `loose` bits of those that are over."""
        found = [
            (self._steps[handle], outcomes)
            for handle, outcomes in self._heard_of(step, outcome)
            if handle in self._steps
        ]
        asked = tuple(
            _Asked(one.whole, sum(one.bits[name] for name in names if name in one.bits)) for one, names in found
        )
        return asked, sum(one.loose for one, names in found if NONE not in names)

    def _heard_of(self, step: Step, outcome: str) -> Iterator[tuple[StepName, tuple[str, ...]]]:
        """Handles, and the outcomes one of which they have had when the step ends like that."""
        value, until = step.value, step.until
        if until is not None and outcome == "interrupted" and until.outcomes and not self._continues(until.handle):
            yield until.handle, until.outcomes
        if not isinstance(value, WaitValue) or outcome == "error" or (outcome == "timeout" and value.timeout_ms):
            return
        for handle in value.handles if not value.many or value.all or len(value.handles) == 1 else ():
            any_ = tuple(_outcomes(self._graph.steps[handle]))
            yield handle, any_ if value.many or self._continues(handle) else (outcome,)

    def _continues(self, handle: StepName) -> bool:
        """May it have more than one result?"""
        value = self._graph.steps[handle].value
        return isinstance(value, ApiValue) and value.params.get("continuous", False) is not False

    def _taken(self, value: BranchValue, case: int) -> Iterator[_Asked]:
        yield from self._cases(value, case if case >= 0 else len(value.cases))
        if case >= 0:
            yield from self._said(value.cases[case][0].source, when=True)

    def _cases(self, value: BranchValue, before: int) -> Iterator[_Asked]:
        for condition, _ in value.cases[:before]:
            yield from self._said(condition.source, when=False)

    def _said(self, source: str, *, when: bool) -> Iterator[_Asked]:
        if ".outcome" not in source:
            return
        found, whole = said(source)
        for one in found if when or whole else ():
            own = self._steps.get(one.step)
            if own is not None and not self._continues(one.step):
                yield _Asked(own.whole, _possible(own, one, when=when), own.loose)


def _possible(own: _Tracked, one: Said, *, when: bool) -> Facts:
    return sum(bit for outcome, bit in own.bits.items() if one.may_be(outcome, when=when))


def _narrowed(facts: Facts, asked: tuple[_Asked, ...]) -> Facts | None:
    for one in asked:
        if facts & one.loose:
            continue
        if not facts & one.left:
            return None
        facts &= ~one.whole | one.left
    return facts


def _outcomes(step: Step) -> dict[str, None]:
    """All that `steps.<step>.outcome` can be: of one in the background its operation's."""
    ordinary = VERB[step.verb].outcomes if step.background else step.outcomes
    return dict.fromkeys((*ordinary, *FAILURES, "expression"))


def _awaited(step: Step) -> StepName | None:
    value = step.value
    return value.handles[0] if isinstance(value, WaitValue) and value.handles and not value.many else None


def _reports_after_the_call(step: Step) -> bool:
    life = VERB[step.verb].life
    return step.background or (life is not None and life.settles)
