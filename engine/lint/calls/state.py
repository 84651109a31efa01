"""What may be so of a call before each step, and the shortest way on which it is."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property

from engine.compile.paths import (
    Decisions,
    Edge,
    Facts,
    Paths,
    Place,
    Solved,
    Transfer,
    is_own,
    solve,
    steps_of,
    witness,
)
from engine.compile.patience import Ask, go_on
from engine.lint.calls.effects import Effects
from engine.lint.calls.facts import Bits, Kind
from engine.model.graph import FlowGraph, Step
from engine.model.ids import StepName

Way = tuple[str, ...]


class Calls:
    """Of a flow that compiles. Solved once, when it is first asked. `paths` are the graph's, where somebody has them."""

    def __init__(self, graph: FlowGraph, ask: Ask = go_on, paths: Paths | None = None) -> None:
        self.graph = graph
        self._paths = paths or Paths(graph, ask)
        self._bits = Bits()
        self._effects = Effects(graph, self._bits)
        self._silent = sum(self._bits.of("silent", name) for name in self._bits.names("silent"))
        self._quiet = self._bits.add("quiet")
        self._here = self._bits.add("here")
        self._decisions = Decisions(graph, self._bits.size)

    @property
    def going_on(self) -> Mapping[StepName, Step]:
        """The steps that begin something which goes on."""
        return self._effects.operations.steps

    def names(self, kind: Kind) -> Iterator[StepName]:
        return (StepName(one) for one in self._bits.names(kind))

    def may(self, kind: Kind, name: str, step: str, *, over: bool = False) -> bool:
        """May it be so when the step is entered, while the call lives or when it is `over`?"""
        return bool(self._solved.before.get(Place(StepName(step), over), 0) & self._bits.of(kind, name))

    def way(self, kind: Kind, name: str, step: str, *, over: bool = False) -> Way:
        """The shortest way on which it is so, as an author reads it; empty when there is none: `may` joins ways."""
        if not self.may(kind, name, step, over=over):
            return ()
        return self._shortest(
            self._transfer, Place(StepName(step), over), self._bits.of(kind, name), self._about(kind, name)
        )

    def way_to(self, step: str) -> Way:
        """The shortest way of a caller who gets there, while the call lives or else when it is over."""
        return self.way("anything", "", step) or self.way("anything", "", step, over=True)

    def way_round(self, step: str, inside: Callable[[Edge], bool]) -> Way:
        """The shortest way to the step, and from there by such edges back to it."""

        def begins(edge: Edge) -> bool:
            return edge.source.step == step and inside(edge)

        return self.way_by(begins, inside, step) or self.way_by(begins, inside, step, over=True)

    def way_round_in(self, step: str, group: Collection[StepName]) -> Way:
        """By any ways between these steps."""

        def inside(edge: Edge) -> bool:
            source, target = edge.source.step, edge.target.step
            return source in group and target in group and is_own(self.graph.steps[source], edge)

        return self.way_round(step, inside)

    def way_by(
        self, begins: Callable[[Edge], bool], goes_on: Callable[[Edge], bool], step: str, *, over: bool = False
    ) -> Way:
        """The shortest way to the step whose last part begins with one edge and goes on by others; empty when there is
        none."""

        def transfer(edge: Edge, facts: Facts) -> Facts | None:
            after = self._transfer(edge, facts & ~self._here)
            here = begins(edge) or (facts & self._here and goes_on(edge))
            return after | self._here if after is not None and here else after

        return self._shortest(transfer, Place(StepName(step), over), self._here)

    def ends(self, step: str) -> Iterator[Edge]:
        """How the step may end while the call lives, by its own ways on."""
        ahead = self._paths.out.get(Place(StepName(step)), ())
        return (edge for edge in ahead if is_own(self.graph.steps[edge.source.step], edge))

    def _shortest(self, transfer: Transfer, place: Place, facts: Facts, about: Facts = 0) -> Way:
        solved = self._solved._replace(transfer=transfer)
        found = witness(solved, place, facts, about=about, known=self._decisions.known)
        return () if found is None else steps_of(self.graph, found, place)

    @cached_property
    def _solved(self) -> Solved:
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
            case "armed" | "loud" | "heard" | "forgotten" | "paused":
                return bits.of("live", name)
            case "resumed":
                return bits.of("live", name) | bits.of("paused", name)
        return 0
