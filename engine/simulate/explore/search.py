"""The search: breadth first, so that what is found is found on a shortest way; equal situations are gone on from once."""

from collections import deque
from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from engine.model.graph import Expression, FlowGraph
from engine.simulate.cases import invariants
from engine.simulate.cases.invariants import remembering
from engine.simulate.explore import beginnings, budgets, laws, whole
from engine.simulate.explore.beginnings import Beginning, Given
from engine.simulate.explore.covering import Covering
from engine.simulate.explore.enabled import Enabled
from engine.simulate.explore.endless import endless
from engine.simulate.explore.found import Counterexample, Explored, Way
from engine.simulate.explore.likeness import Likeness
from engine.simulate.explore.moves import AnyMove, fault_of
from engine.simulate.explore.situation import Situation
from engine.simulate.explore.taken import Taken
from engine.simulate.explore.taking import Taking
from engine.simulate.explore.telling import Telling
from engine.simulate.laws import Breach

MAX_STATES = 200_000
_USUAL_STATES = 40_000
"""So many situations are looked at without faults, and with nothing slow, before."""
_MOST_FOUND = 5
_ASKED_EVERY = 64


class Bounds(Struct, frozen=True, kw_only=True):
    """`depth`: moves on one way, 0 for any number. `visits`: how often one step may be entered on one way; the situations of
    most loops repeat long before."""

    states: int = MAX_STATES
    visits: int = 8
    depth: int = 0


class Progress(Struct, frozen=True):
    states: int
    open: int
    depth: int


def explore(
    graph: FlowGraph,
    given: Given | None = None,
    *,
    invariants: tuple[Expression, ...] = (),
    bounds: Bounds | None = None,
    goes_on: Callable[[Progress], bool] = lambda _: True,
) -> Explored:
    """Everything that a call of the flow may come to. `goes_on` is asked now and then; False ends the search there.

    What does not hold even when all goes well is found first, and shown without faults."""
    given, bounds = given or Given(), bounds or Bounds()
    first = replace(bounds, states=min(bounds.states, _USUAL_STATES))
    usual = Search(graph, replace(given, faults=0, slow=0), invariants, first)
    plain = usual.run(goes_on)
    if plain.found or not (given.faults or given.slow):
        return plain
    search = Search(graph, given, invariants, bounds)
    search.covering.includes(usual.covering)
    found = search.run(goes_on)
    covered = replace(found.covered, usual=plain.covered.states, usual_cut=plain.covered.cut)
    return replace(found, covered=covered)


class Node(Struct):
    """A situation that was reached: from `before` by `move`. `opened`: it was gone on from. `unheard`: the call is over, and
    the run does not know."""

    before: int
    move: AnyMove | None
    depth: int
    face: bytes
    quiet: bool
    end: str
    unheard: bool = False
    opened: bool = False
    step: str = ""


class Search:
    def __init__(self, graph: FlowGraph, given: Given, invariants: tuple[Expression, ...], bounds: Bounds) -> None:
        self.written = graph
        self.graph = graph = remembering(endless(graph, bounds.visits))
        self.given = given
        self.invariants = invariants
        self.bounds = bounds
        self.nodes: list[Node] = []
        self.edges: list[tuple[int, int, AnyMove]] = []
        self.failing: set[int] = set()
        self.known: dict[bytes, int] = {}
        self.beginnings: list[Beginning] = []
        self.found: dict[tuple[str, str], Counterexample] = {}
        self.doubtful: dict[tuple[tuple[str, str], tuple[int, AnyMove]], Counterexample] = {}
        self.covering = Covering(graph)
        self._left: list[Situation] = []
        self._open: deque[tuple[int, Situation]] = deque()
        self._enabled = Enabled(graph)
        self._telling = Telling(graph)
        self._likeness = Likeness(graph, invariants)
        self._why = ""
        self._beyond: set[str] = set()

    def run(self, goes_on: Callable[[Progress], bool]) -> Explored:
        for how in beginnings.all_of(self.graph):
            self.beginnings.append(how)
            taken = beginnings.begin(self.graph, self.given, how)
            self._reached(-len(self.beginnings), None, None, taken)
        while self._open and not self._is_cut(goes_on):
            self._go_on(*self._open.popleft())
        for breach, place in whole.breaches(self.nodes, self.edges, self.failing):
            self._breach(breach, place.at, place.move, place.on, place.other)
        self._confirm()
        left = [*self._left, *(situation for _, situation in self._open)]
        why = ", ".join([*([self._why] if self._why else []), *sorted(self._beyond)])
        covered = self.covering.covered(self.nodes, len(self.edges), left, why)
        return Explored(covered=covered, found=tuple(self.found.values())[:_MOST_FOUND])

    def _is_cut(self, goes_on: Callable[[Progress], bool]) -> bool:
        count = len(self.nodes)
        if len(self.found) >= _MOST_FOUND:
            self._why = "enough was found"
        elif count >= self.bounds.states:
            self._why = f"--max-states {self.bounds.states}"
        elif count % _ASKED_EVERY == 0 and not goes_on(Progress(count, len(self._open), self.nodes[-1].depth)):
            self._why = "--seconds"
        return bool(self._why)

    def _go_on(self, index: int, at: Situation) -> None:
        node = self.nodes[index]
        if self.bounds.depth and node.depth >= self.bounds.depth:
            self._open.append((index, at))
            self._why = f"--depth {self.bounds.depth}"
            return
        node.opened = True
        for move in self._enabled.moves(at):
            self._tries(index, at, move)

    def _tries(self, index: int, at: Situation, move: AnyMove) -> None:
        taken = Taking(self.graph, at).take(move)
        self._reached(index, at, move, taken)
        if at.may_fail and taken.released and not fault_of(move):
            for lost, without in _losses(taken):
                self._reached(index, at, replace(move, loses=lost), without)
        if at.left.limits and not taken.after.flying:
            for step in budgets.gone_round(self.graph, taken):
                worn = replace(move, worn=step)
                self._reached(index, at, worn, Taking(self.graph, at).take(worn))

    def _reached(self, before: int, at: Situation | None, move: AnyMove | None, taken: Taken) -> None:
        after = taken.after
        beyond = budgets.beyond(self.written, after.run, self.bounds.visits)
        broken = list(laws.at_once(self.written, taken) if beyond else self._broken(move, taken))
        if not beyond:
            self.covering.notes(move, taken)
        key = self._likeness.of(after)
        index = self.known.get(key)
        is_new = index is None
        if index is None:
            index = self.known[key] = len(self.nodes)
            self._add(before, move, after, broken=bool(broken), beyond=beyond)
        else:
            self.covering.merged += 1
        if before >= 0 and move is not None:
            if taken.fails:
                self.failing.add(len(self.edges))
            self.edges.append((before, index, move))
        if is_new and self._is_end(after) and not beyond:
            broken += self._invariants(after)
        for breach in broken:
            self._breach(breach, before, move)

    def _broken(self, move: AnyMove | None, taken: Taken) -> Iterator[Breach]:
        yield from laws.broken(self.graph, move, taken)
        yield from laws.at_once(self.written, taken)
        yield from self._telling.breaches(taken)

    def _add(self, before: int, move: AnyMove | None, after: Situation, *, broken: bool, beyond: str) -> None:
        depth = self.nodes[before].depth + 1 if before >= 0 else 0
        is_end = self._is_end(after) and not beyond
        self.nodes.append(
            Node(
                before=before,
                move=move,
                depth=depth,
                face=self._likeness.face(after) if after.is_quiet else b"",
                quiet=after.is_quiet,
                end=after.run.end_reason if is_end else "",
                unheard=after.is_unheard,
                opened=is_end,
                step=after.run.frame.step,
            )
        )
        if is_end or broken:
            return
        if beyond:
            self._beyond.add(beyond)
            self._left.append(after)
        else:
            self._open.append((len(self.nodes) - 1, after))

    @staticmethod
    def _is_end(at: Situation) -> bool:
        return at.is_over and not (at.waiting or at.sent is not None or at.flying)

    def _invariants(self, at: Situation) -> Iterator[Breach]:
        return (Breach("invariant", why) for _, why in invariants.broken(self.invariants, at.run))

    # What was found

    def _breach(
        self,
        breach: Breach,
        before: int,
        move: AnyMove | None,
        on: tuple[AnyMove, ...] = (),
        other: tuple[AnyMove, ...] | None = None,
    ) -> None:
        key = (breach.law, breach.why)
        if key not in self.found:
            there = self.way(before, move)
            way = replace(there, moves=(*there.moves, *on))
            compared = None if other is None else replace(there, moves=(*there.moves, *other))
            found = Counterexample(breach=breach, way=way, other=compared, counted=self.bounds.visits)
            worn = self._worn(before, move)
            if worn is None:
                self.found[key] = found
            elif (key, worn) not in self.doubtful:
                self.doubtful[key, worn] = found

    def _confirm(self) -> None:
        """What was found where a budget was used up holds only if the way goes round as often as that takes."""
        ways = budgets.Ways(self.edges) if self.doubtful else None
        for (key, worn), found in self.doubtful.items():
            if key not in self.found and ways is not None and ways.go_round(*worn):
                self.found[key] = found

    def _worn(self, before: int, move: AnyMove | None) -> tuple[int, AnyMove] | None:
        """Where on a way a budget is used up: the node before, and the move."""
        while move is None or not move.worn:
            if before < 0:
                return None
            before, move = self.nodes[before].before, self.nodes[before].move
        return before, move

    def way(self, before: int, move: AnyMove | None) -> Way:
        """To the node `before`, and on by `move`."""
        gone = [] if move is None else [move]
        while before >= 0:
            node = self.nodes[before]
            if node.move is not None:
                gone.append(node.move)
            before = node.before
        return Way(beginning=self.beginnings[-before - 1], moves=tuple(reversed(gone)))


def _losses(taken: Taken) -> Iterator[tuple[int, Taken]]:
    """The same without one of the webhooks that it has sent on their way."""
    after = taken.after
    for place, one in enumerate(taken.released):
        kept = tuple(each for each in after.flying if each is not one)
        if len(kept) < len(after.flying):
            yield place, replace(taken, after=replace(after, flying=kept, left=after.left.after_fault()))
