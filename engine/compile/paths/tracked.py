"""What is known of a step's last outcome: a bit for each, and for each another while the next one may come at any moment.

A recording that was silent and is begun again is `no_input` until its report comes, and any of its outcomes then. What a condition
finds holds of the moment in which it is asked: of an outcome that is the older one it says nothing about the next, and
one that the older is not has come, and stays.
"""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from engine.compile.paths.conditions import Said
from engine.compile.paths.given import NONE, given, possible
from engine.compile.paths.solve import Facts
from engine.model.graph import FlowGraph, Step
from engine.model.verbs import VERB


class Tracked(Struct, frozen=True, gc=False):
    """A step's `bits` by its outcomes, and all of them together; `older` are those while another may come, each `shift` bits
    further, and `ends` those that may. What it has after each outcome."""

    bits: dict[str, Facts]
    settled: Facts
    older: Facts = 0
    shift: int = 0
    ends: Facts = 0
    given: Mapping[str, frozenset[str]] = {}

    @property
    def whole(self) -> Facts:
        return self.settled | self.older

    def some(self, holds: Callable[[str], bool]) -> Facts:
        """The facts that its last outcome was such a one, whether or not another may come."""
        found = sum(bit for outcome, bit in self.bits.items() if holds(outcome))
        return found | (found << self.shift) & self.older


NOBODY = Tracked({}, 0)


def tracked(outcomes: Iterable[str], bit: Callable[[], Facts]) -> Tracked:
    """Of what is never but one at a time, and never behind the flow's back."""
    bits = {one: bit() for one in outcomes}
    return Tracked(bits, sum(bits.values()))


def tracked_step(graph: FlowGraph, step: Step, bit: Callable[[], Facts]) -> Tracked:
    outcomes = (NONE, *possible(step))
    fields = {one: given(graph, step, one) for one in outcomes}
    bits = {one: bit() for one in outcomes}
    settled = sum(bits.values())
    if VERB[step.verb].life is None:
        return Tracked(bits, settled, given=fields)
    older = sum(bit() for _ in outcomes)
    ends = sum(one for outcome, one in bits.items() if outcome not in (NONE, "expression", "interrupted"))
    return Tracked(bits, settled, older, len(bits), ends, fields)


class Asked(Struct, frozen=True, gc=False):
    """Of a step's bits (`whole`) only these are `left`; none of them: it cannot be."""

    whole: Facts
    left: Facts


def asked(own: Tracked, one: Said, *, when: bool) -> Asked:
    """Of a class of statuses some may be the one that is asked for."""
    return Asked(own.whole, own.some(lambda outcome: one.may_be(outcome, when=when) or one.is_about_some(outcome)))


def narrowed(facts: Facts, found: tuple[Asked, ...]) -> Facts | None:
    for one in found:
        if not facts & one.left:
            return None
        facts &= ~one.whole | one.left
    return facts
