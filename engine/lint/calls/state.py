"""What may be so of a call before each step, and the shortest way on which it is."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from engine.compile.paths import Decisions, Edge, Facts, Paths, Place, passed, solve
from engine.compile.patience import Ask, go_on
from engine.lint.calls.effects import Effects
from engine.lint.calls.facts import Bits, Kind
from engine.model.graph import FlowGraph, Step
from engine.model.ids import StepName

Way = tuple[str, ...]


class Calls:
    """Of a flow that compiles. Solved once, when it is first asked."""

    def __init__(self, graph: FlowGraph, ask: Ask = go_on) -> None:
        self.graph = graph
        self._ask = ask
        self._bits = Bits()
        self._effects = Effects(graph, self._bits)
        self._silent = sum(self._bits.of("silent", name) for name in self._bits.names("silent"))
        self._quiet = self._bits.add("quiet")
        self._decisions = Decisions(graph, self._bits.size)

    @property
    def going_on(self) -> Mapping[StepName, Step]:
        """The steps that begin something which goes on."""
        return self._effects.operations.steps

    def names(self, kind: Kind) -> Iterator[StepName]:
        return (StepName(one) for one in self._bits.names(kind))

    def may(self, kind: Kind, name: str, step: str, *, over: bool = False) -> bool:
        """May it be so when the step is entered, while the call lives or when it is `over`?"""
        return bool(self._before.get(Place(StepName(step), over), 0) & self._bits.of(kind, name))

    def reaches(self, step: str, *, over: bool = False) -> bool:
        return Place(StepName(step), over) in self._before

    def way(self, kind: Kind, name: str, step: str, *, over: bool = False) -> Way:
        """The shortest way on which it is so, as an author reads it; empty when there is none: `may` joins ways."""
        place = Place(StepName(step), over)
        facts, about = self._bits.of(kind, name), self._about(kind, name)
        found = self._decisions.witness(
            self._paths, self._before, self._first, self._transfer, place, facts, about=about
        )
        return () if found is None else ("start", *(passed(self.graph, edge) for edge in found), step)

    @cached_property
    def _paths(self) -> Paths:
        return Paths(self.graph, self._ask)

    @cached_property
    def _before(self) -> Mapping[Place, Facts]:
        return solve(self._paths, self._first, self._transfer)

    @property
    def _first(self) -> Facts:
        return self._effects.first | self._quiet | self._decisions.first

    def _transfer(self, edge: Edge, facts: Facts) -> Facts | None:
        left = self._decisions.transfer(edge, facts)
        if left is None:
            return None
        after = self._effects(edge, left) | (left & self._decisions.whole)
        all_silent = after & self._silent == self._silent
        return after | self._quiet if all_silent else after & ~self._quiet

    def _about(self, kind: Kind, name: str) -> Facts:
        """The facts that have a say in it."""
        bits = self._bits
        match kind:
            case "quiet":
                return self._silent
            case "untold":
                return bits.of("unnoticed")
            case "unchecked" if name.startswith("vars."):
                return bits.all("unchecked")
            case "armed" | "loud" | "heard":
                return bits.of("live", name)
        return 0
