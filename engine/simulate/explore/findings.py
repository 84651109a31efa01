"""What a search has found: of each breach the first, with the way to it."""

from msgspec import Struct
from msgspec.structs import replace

from engine.simulate.explore import budgets
from engine.simulate.explore.beginnings import Beginning
from engine.simulate.explore.found import Counterexample, Way
from engine.simulate.explore.moves import AnyMove
from engine.simulate.explore.reached import Edge, Place
from engine.simulate.laws import Breach


class Node(Struct):
    """A situation that was reached: from `before` by `move`; without one it is the same as `before`, but that something may
    now go wrong. `opened`: it was gone on from. `unheard`: the call is over, and the run does not know.
    `waits`: something is put off until the run may be interrupted."""

    before: int
    move: AnyMove | None
    depth: int
    face: bytes
    quiet: bool
    end: str
    unheard: bool = False
    waits: bool = False
    opened: bool = False
    step: str = ""


class Findings:
    """`counted`: budgets of steps up to so many visits are counted."""

    def __init__(self, nodes: list[Node], edges: list[Edge], beginnings: list[Beginning], counted: int) -> None:
        self._nodes = nodes
        self._edges = edges
        self._beginnings = beginnings
        self._counted = counted
        self.found: dict[tuple[str, str], Counterexample] = {}
        self._doubtful: dict[tuple[tuple[str, str], tuple[int, AnyMove]], Counterexample] = {}

    def add(self, breach: Breach, place: Place) -> None:
        key = (breach.law, breach.why)
        if key not in self.found:
            there = self._way(place.at, place.move)
            way = replace(there, moves=(*there.moves, *place.on))
            compared = None if place.other is None else replace(there, moves=(*there.moves, *place.other))
            found = Counterexample(breach=breach, way=way, other=compared, counted=self._counted)
            worn = self._worn(place.at, place.move)
            if worn is None:
                self.found[key] = found
            elif (key, worn) not in self._doubtful:
                self._doubtful[key, worn] = found

    def confirm(self) -> None:
        """What was found where a budget was used up holds only if the way goes round as often as that takes."""
        ways = budgets.Ways(self._edges) if self._doubtful else None
        for (key, worn), found in self._doubtful.items():
            if key not in self.found and ways is not None and ways.go_round(*worn):
                self.found[key] = found

    def _worn(self, before: int, move: AnyMove | None) -> tuple[int, AnyMove] | None:
        """Where on a way a budget is used up: the node before, and the move."""
        while move is None or not move.worn:
            if before < 0:
                return None
            before, move = self._nodes[before].before, self._nodes[before].move
        return before, move

    def _way(self, before: int, move: AnyMove | None) -> Way:
        """To the node `before`, and on by `move`."""
        gone = [] if move is None else [move]
        while before >= 0:
            node = self._nodes[before]
            if node.move is not None:
                gone.append(node.move)
            before = node.before
        return Way(beginning=self._beginnings[-before - 1], moves=tuple(reversed(gone)))
