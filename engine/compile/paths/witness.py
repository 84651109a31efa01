"""The shortest way on which something may be so before a step, as an author reads it.

What is shown has to be a way that a call can take. So the shortest one that the facts allow is held against what is remembered
along a way (memories.py, and what the facts know of conditions): what it contradicts is followed from then on, and the
next shortest is looked for. Most ways contradict nothing, and hardly one more than two or three of all that could be followed.
"""

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from engine.compile.paths.edges import Edge, Place
from engine.compile.paths.solve import Facts, Solved
from engine.model.graph import AskValue, FlowGraph, Step

if TYPE_CHECKING:
    from engine.compile.paths.memories import Memory, Past

MOST = 10_000
"""Situations that are looked at for a way that contradicts nothing; where there are more, the last one that was found counts."""
Way = tuple[Edge, ...]


def witness(
    solved: Solved, place: Place, facts: Facts, *, about: Facts = 0, known: tuple[Facts, ...] = ()
) -> Way | None:
    """The shortest way from the start on which one of the facts holds before the place, as its edges; None
    where there is none, since what holds on different ways came together.

    A way is followed with the facts in question, and those that have to do with them (`about`), and of `known`, each of which
    is about one thing, those that a way has contradicted; of all others, what may be so on any way counts.
    """
    search = _Search(solved, place, facts, facts | about)
    way = search.shortest()
    while way is not None:
        broken = [one for one in solved.paths.memories if one not in search.memories and _breaks(one, way)]
        contradicted = [one for one in known if one & ~search.about and not search.follows(way, search.about | one)]
        if not broken and not contradicted:
            return way
        search.watch(tuple(broken), contradicted)
        try:
            way = search.shortest(MOST)
        except _TooManyWays:
            return way
    return None


def _breaks(memory: "Memory", way: Way) -> bool:
    past = memory.first
    for edge in way:
        after = memory.after(edge, past)
        if after is None:
            return True
        past = after
    return False


class _TooManyWays(Exception):
    """Nobody has looked at all of them."""


class _Here(NamedTuple):
    """`interrupted`: the step that is entered anew when the handler resumes it. `past`: by the memories that are followed."""

    place: Place
    facts: Facts
    interrupted: str
    past: "tuple[Past, ...]"


class _Search:
    """`about` are the facts that a way is followed with; it grows (`watch`) by what ways have contradicted."""

    def __init__(self, solved: Solved, place: Place, facts: Facts, about: Facts) -> None:
        self._paths, self._first, self._transfer, self._before = solved
        self._place, self._facts = place, facts
        self.about = about
        self.memories: tuple[Memory, ...] = ()

    def watch(self, memories: "tuple[Memory, ...]", known: list[Facts]) -> None:
        self.memories += memories
        for one in known:
            self.about |= one

    def follows(self, way: Way, about: Facts) -> bool:
        """Is it still a way with so many facts?"""
        here = self._first & about
        for edge in way:
            after = self._transfer(edge, self._before[edge.source] & ~about | here)
            if after is None:
                return False
            here = after & about
        return bool(here & self._facts)

    def shortest(self, most: int = 0) -> Way | None:
        """`_TooManyWays` when more than `most` situations are met (0: as many as there are)."""
        begin = _Here(self._paths.start, self._first & self.about, "", tuple(one.first for one in self.memories))
        came: dict[_Here, tuple[_Here, Edge] | None] = {begin: None}
        todo = deque([begin])
        while todo:
            here = todo.popleft()
            self._paths.ask()
            if here.place == self._place and here.facts & self._facts:
                return _way(came, here)
            for edge in self._paths.out[here.place]:
                there = self._after(here, edge)
                if there is not None and there not in came:
                    if most and len(came) >= most:
                        raise _TooManyWays
                    came[there] = (here, edge)
                    todo.append(there)
        return None

    def _after(self, here: _Here, edge: Edge) -> _Here | None:
        if edge.target not in self._before or (edge.kind == "resume" and edge.target.step != here.interrupted):
            return None
        after = self._transfer(edge, self._before[here.place] & ~self.about | here.facts)
        if after is None:
            return None
        past = self._remembered(edge, here.past) if self.memories else ()
        if past is None:
            return None
        return _Here(edge.target, after & self.about, self._paths.interrupted(edge, here.interrupted), past)

    def _remembered(self, edge: Edge, past: "tuple[Past, ...]") -> "tuple[Past, ...] | None":
        found: list[Past] = []
        for memory, one in zip(self.memories, past, strict=True):
            after = memory.after(edge, one)
            if after is None:
                return None
            found.append(after)
        return tuple(found)


def _way(came: Mapping[_Here, tuple[_Here, Edge] | None], here: _Here) -> Way:
    way: list[Edge] = []
    while (step := came[here]) is not None:
        here, edge = step
        way.append(edge)
    return tuple(reversed(way))


def steps_of(graph: FlowGraph, way: tuple[Edge, ...], place: Place) -> tuple[str, ...]:
    """A way as an author reads it: `start`, each step with its line, and the place."""
    return ("start", *(_passed(graph, edge) for edge in way), place.step)


def _passed(graph: FlowGraph, edge: Edge) -> str:
    """A step of the way, with its line and, where it could end otherwise, how it ends: `menu (line 9, key 2)`."""
    if edge.kind == "resume":
        return "resume"
    step = graph.steps[edge.source.step]
    line = f"line {step.at.line}"
    plain = edge.kind == "outcome" and step.outcomes == (edge.outcome,)
    return f"{step.name} ({line})" if plain else f"{step.name} ({line}, {_ended(step, edge)})"


def _ended(step: Step, edge: Edge) -> str:
    """A choice by what is pressed for it, as a caller knows it."""
    if edge.case >= 0:
        return f"if {_short(edge.outcome)}"
    choices = step.value.choices if isinstance(step.value, AskValue) and edge.kind == "outcome" else ()
    keys = next((one.keys for one in choices if one.name == edge.outcome), ())
    return f"key {keys[0]}" if keys else edge.outcome


def _short(condition: str) -> str:
    text = " ".join(condition.split())
    return text if len(text) <= 40 else text[:37] + "..."
