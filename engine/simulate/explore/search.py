"""The search: the nearest first, so that what is found is found on a short way; equal situations are gone on from once.

First calls in which nothing goes wrong and nothing is slow. Then something may go wrong, or be slow, in each of the scenes that
these have come to (`frontier.py`); what comes of it and is known from the first search is gone on from no more."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

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
from engine.simulate.explore.findings import Findings, Node
from engine.simulate.explore.found import Covered, Explored
from engine.simulate.explore.frontier import Frontier
from engine.simulate.explore.likeness import Likeness
from engine.simulate.explore.moves import AnyMove, fault_of
from engine.simulate.explore.passing import Gone, Marks, Passed
from engine.simulate.explore.reached import Place
from engine.simulate.explore.situation import Left, Situation
from engine.simulate.explore.taken import Taken
from engine.simulate.explore.taking import Taking
from engine.simulate.explore.telling import Telling
from engine.simulate.laws import Breach

MAX_STATES = 500_000
_USUAL_STATES = 250_000
"""So many situations at most are looked at without faults, and with nothing slow, before."""
_MOST_FOUND = 5
_ASKED_EVERY = 64

_Found = TypeVar("_Found")


class Bounds(Struct, frozen=True, kw_only=True):
    """`depth`: moves on one way, 0 for any number. `visits`: how often one step may be entered on one way; the situations of
    most loops repeat long before."""

    states: int = MAX_STATES
    visits: int = 8
    depth: int = 0


class Progress(Struct, frozen=True):
    """`usual`: it is still about calls in which nothing goes wrong and nothing is slow."""

    states: int
    open: int
    depth: int
    usual: bool = False


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
    return Search(graph, given, invariants, bounds, usual).run(goes_on)


class Search:
    """`after`: the search without faults that has been made before."""

    def __init__(
        self,
        graph: FlowGraph,
        given: Given,
        invariants: tuple[Expression, ...],
        bounds: Bounds,
        after: "Search | None" = None,
    ) -> None:
        self.written = graph
        self.graph = graph = remembering(endless(graph, bounds.visits))
        self.given = given
        self.invariants = invariants
        self.bounds = bounds
        self.nodes: list[Node] = [] if after is None else after.nodes
        self.edges: list[tuple[int, int, AnyMove]] = [] if after is None else after.edges
        self.failing: set[int] = set() if after is None else after.failing
        self.came: dict[int, str] = {} if after is None else after.came
        self.known: dict[bytes, int] = {} if after is None else after.known
        self.passed: dict[bytes, Passed] = {} if after is None else after.passed
        self.beginnings: list[Beginning] = [] if after is None else after.beginnings
        self.covering: Covering = Covering(graph, invariants) if after is None else after.covering
        self._findings = Findings(self.nodes, self.edges, self.beginnings, bounds.visits)
        self.found = self._findings.found
        self._after = after
        self._before = self._begun = len(self.nodes)
        self._firsts: list[tuple[int, Situation]] = []
        self._left: dict[int, tuple[str, Situation]] = {}
        self._open = Frontier()
        self._enabled = Enabled(graph, given.cases, invariants)
        self._telling = Telling(graph)
        self._likeness = Likeness(graph, invariants)
        self._all_left = Left(faults=given.faults, slow=given.slow)
        self._why = ""

    @property
    def is_usual(self) -> bool:
        return not (self.given.faults or self.given.slow)

    def run(self, goes_on: Callable[[Progress], bool]) -> Explored:
        for how in beginnings.all_of(self.graph, self.given, self.invariants):
            self.beginnings.append(how)
            taken = beginnings.begin(self.graph, self.given, how)
            self._reached(-len(self.beginnings), None, None, taken)
        for index, at in () if self._after is None else self._after._firsts:
            self._upset(index, at)
        self._begun = len(self.nodes)
        while self._open and not self._is_cut(goes_on):
            self._go_on(*self._open.pop())
        for breach, place in whole.breaches(self.nodes, self.edges, self.failing, self.came):
            self._findings.add(breach, place)
        self._findings.confirm()
        return Explored(covered=self._covered(), found=tuple(self.found.values())[:_MOST_FOUND])

    def _covered(self) -> Covered:
        left = [*(at for _, at in self._left.values()), *self._open.situations()]
        covered = self.covering.covered(self.nodes, len(self.edges), left, self._reasons())
        if self._after is None:
            return covered
        usual = self._after
        return replace(
            covered,
            usual=self._before,
            usual_cut=len(usual._left) + len(usual._open),
            usual_why=usual._reasons(),
            scenes=len(self._open.scenes),
            scenes_cut=self._open.unseen,
        )

    def _reasons(self) -> str:
        """Why something was left, if anything was."""
        beyond = sorted({why for why, _ in self._left.values()})
        return ", ".join([*([self._why] if self._why else []), *beyond])

    def _upset(self, index: int, at: Situation) -> None:
        """In a situation of calls in which nothing has gone wrong, something may now."""
        at = replace(at, left=replace(at.left, faults=self.given.faults, slow=self.given.slow))
        key = self._likeness.of(at)
        if key not in self.known:
            self.known[key] = len(self.nodes)
            self._add(index, None, at, broken=False, beyond="")

    def _is_cut(self, goes_on: Callable[[Progress], bool]) -> bool:
        count = len(self.nodes) - self._begun
        if len(self.found) >= _MOST_FOUND:
            self._why = "enough was found"
        elif count >= self.bounds.states:
            self._why = f"--max-states {self.bounds.states}"
        elif count % _ASKED_EVERY == 0 and not goes_on(self._progress()):
            self._why = "--seconds"
        return bool(self._why)

    def _progress(self) -> Progress:
        return Progress(len(self.nodes), len(self._open), self.nodes[-1].depth, self.is_usual)

    def _go_on(self, index: int, at: Situation) -> None:
        node = self.nodes[index]
        if self.bounds.depth and node.depth >= self.bounds.depth:
            self._left[index] = f"--depth {self.bounds.depth}", at
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
        for step in self._worn_out(at, taken):
            worn = replace(move, worn=step)
            self._reached(index, at, worn, Taking(self.graph, at).take(worn))

    def _worn_out(self, at: Situation, taken: Taken) -> Iterator[str]:
        """Steps whose budget may have been used up before the move."""
        return budgets.gone_round(self.graph, taken) if at.left.limits and not taken.after.flying else iter(())

    def _reached(self, before: int, at: Situation | None, move: AnyMove | None, taken: Taken) -> None:
        gone = self._looked_at(move, taken)
        if move is None or not gone.may_go_on or self._enabled.only(taken.after) is None:
            self._arrives(before, gone)
            return
        start = self._likeness.of(taken.after)
        passed = self._first(self.passed, start, taken.after)
        if passed is None:
            last = self._followed(gone)
            index = self._arrives(before, replace(last, marks=gone.marks.and_then(last.marks)))
            if last.may_go_on:
                self.passed[start] = Passed(index, last.move.then if last.move else (), last.marks)
        else:
            self.covering.merged += 1
            self._leads(before, passed.index, replace(move, then=passed.then), gone.marks.and_then(passed.marks))

    def _looked_at(self, move: AnyMove | None, taken: Taken) -> Gone:
        beyond = budgets.beyond(self.written, taken.after.run, self.bounds.visits)
        broken = tuple(laws.at_once(self.written, taken) if beyond else self._broken(move, taken))
        if not beyond:
            self.covering.notes(move, taken)
        marks = Marks(taken.fails, taken.came(self.graph))
        return Gone(move=move, taken=taken, marks=marks, beyond=beyond, broken=broken)

    def _followed(self, gone: Gone) -> Gone:
        """On by what can only follow, with the marks of that alone; but not past a step that is come to again: its budget may be used
        up, and a loop without an end must be seen to be one."""
        gone = replace(gone, marks=Marks())
        while gone.may_go_on and gone.move is not None and (only := self._enabled.only(gone.taken.after)):
            taken = Taking(self.graph, gone.taken.after).take(only)
            if next(budgets.gone_round(self.graph, taken), None):
                break
            last = self._looked_at(only, taken)
            move = replace(gone.move, then=(*gone.move.then, only))
            gone = replace(last, move=move, marks=gone.marks.and_then(last.marks))
        return gone

    def _arrives(self, before: int, gone: Gone) -> int:
        after, broken = gone.taken.after, gone.broken
        key = self._likeness.of(after)
        index = self._first(self.known, key, after)
        is_new = index is None
        if index is None:
            index = self.known[key] = len(self.nodes)
            self._add(before, gone.move, after, broken=bool(broken), beyond=gone.beyond)
        else:
            self.covering.merged += 1
            if index in self._left and gone.may_go_on:
                is_new = True
                self._within(index, after)
        if before >= 0 and gone.move is not None:
            self._leads(before, index, gone.move, gone.marks)
        if is_new and self._is_end(after) and not gone.beyond:
            broken = (*broken, *self._invariants(after))
        for breach in broken:
            self._findings.add(breach, Place(before, gone.move))
        return index

    def _leads(self, before: int, index: int, move: AnyMove, marks: Marks) -> None:
        if marks.fails:
            self.failing.add(len(self.edges))
        if marks.came:
            self.came[len(self.edges)] = marks.came
        self.edges.append((before, index, move))

    def _first(self, known: Mapping[bytes, _Found], key: bytes, after: Situation) -> _Found | None:
        return next((known[one] for one in self._keys(key, after) if one in known), None)

    def _keys(self, key: bytes, after: Situation) -> Iterator[bytes]:
        """The same situation, or one that is the same but that nothing has gone wrong before: it goes on in all the same ways,
        and in others. Which orders lead where is asked of each situation by itself (`whole.py`): so where orders may differ,
        only when all has come to rest."""
        yield key
        if after.left == self._all_left:
            return
        if not (after.left.faults or after.left.slow or after.left.limits):
            yield self._likeness.of(after, replace(after.left, limits=1))
        if after.is_quiet and not self.is_usual:
            yield self._likeness.of(after, replace(self._all_left, signalled=after.left.signalled))

    def _within(self, index: int, at: Situation) -> None:
        """What was left since a budget was used up on the way there: on another way it is not."""
        node = self.nodes[index]
        if self.bounds.depth and node.depth >= self.bounds.depth:
            return
        del self._left[index]
        if self._is_end(at):
            node.end, node.opened = at.run.end_reason, True
        else:
            self._open.add(node.depth, index, at, self._likeness.scene(at))

    def _broken(self, move: AnyMove | None, taken: Taken) -> Iterator[Breach]:
        yield from laws.broken(self.graph, move, taken)
        yield from laws.at_once(self.written, taken)
        yield from self._telling.breaches(taken)

    def _add(self, before: int, move: AnyMove | None, after: Situation, *, broken: bool, beyond: str) -> None:
        depth = self.nodes[before].depth + (move is not None) if before >= 0 else 0
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
                waits=bool(after.run.put_off),
                opened=is_end,
                step=after.run.frame.step,
            )
        )
        if is_end or broken:
            return
        index = len(self.nodes) - 1
        if beyond:
            self._left[index] = beyond, after
            return
        scene = self._likeness.scene(after)
        if self.is_usual and after.left.limits and scene not in self._open.scenes:
            self._firsts.append((index, after))
        self._open.add(depth, index, after, scene)

    @staticmethod
    def _is_end(at: Situation) -> bool:
        return at.is_over and not (at.waiting or at.sent is not None or at.flying)

    def _invariants(self, at: Situation) -> Iterator[Breach]:
        return (Breach("invariant", why) for _, why in invariants.broken(self.invariants, at.run))


def _losses(taken: Taken) -> Iterator[tuple[int, Taken]]:
    """The same without one of the webhooks that it has sent on their way."""
    after = taken.after
    for place, one in enumerate(taken.released):
        kept = tuple(each for each in after.flying if each is not one)
        if len(kept) < len(after.flying):
            yield place, replace(taken, after=replace(after, flying=kept, left=after.left.after_fault()))
