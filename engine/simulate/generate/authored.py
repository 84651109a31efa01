"""Calls of the flow's own tests: they are known to go where a search may take long to come, or never comes."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from engine.model.graph import FlowGraph
from engine.simulate import simulate
from engine.simulate.cases.coverage import Way
from engine.simulate.explore.beginnings import Given
from engine.simulate.generate import aims
from engine.simulate.generate.playing import Call, Player
from engine.simulate.generate.samples import Samples
from engine.simulate.scenario import Scenario


class Authored(Struct, frozen=True, kw_only=True):
    """A case, with the flow bound to its calendars."""

    name: str
    graph: FlowGraph
    scenario: Scenario


class Authors:
    """All of them. `takes` is what they take together."""

    def __init__(self, cases: Iterable[Authored], given: Given, samples: Samples) -> None:
        self._given = given
        self._samples = samples
        self._each = [(one, aims.taken(one.graph, simulate(one.graph, one.scenario))) for one in cases]

    @property
    def takes(self) -> frozenset[Way]:
        return frozenset[Way]().union(*(takes for _, takes in self._each))

    def calls(self, wanted: frozenset[Way]) -> Iterator[tuple[Authored, Call]]:
        """Those that take most of what is left, one after the other, less what makes no difference."""
        left, todo = set(wanted), list(self._each)
        while left and todo:
            best = max(todo, key=lambda each: (len(left & each[1]), -len(each[0].scenario.script)))
            todo.remove(best)
            one, takes = best
            if not left & takes:
                return
            call = Player(one.graph, self._given, self._samples).whole(one.scenario, frozenset(left))
            if call is not None:
                yield one, call
                left -= call.takes
