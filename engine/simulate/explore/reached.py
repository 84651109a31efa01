"""What a search has reached, for the laws of the whole: situations as nodes, transitions as edges, and ways along them."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple, Protocol

from engine.exchange.caller import HangsUp
from engine.simulate.explore.moves import AnyMove, Does

Edge = tuple[int, int, AnyMove]


class Place(NamedTuple):
    """A way: to the situation `at`, on by `move`, and then by `on`; `other`, in place of that, is what it is compared with."""

    at: int
    move: AnyMove | None = None
    on: tuple[AnyMove, ...] = ()
    other: tuple[AnyMove, ...] | None = None


class Reached(Protocol):
    before: int
    move: AnyMove | None
    face: bytes
    quiet: bool
    end: str
    unheard: bool
    waits: bool
    opened: bool
    step: str


def hangs_up(move: AnyMove) -> bool:
    return isinstance(move, Does) and isinstance(move.act, HangsUp)


def onward(nodes: Sequence[Reached], edges: Iterable[Edge], start: Iterable[int]) -> set[int]:
    """What can be reached from there."""
    on: list[list[int]] = [[] for _ in nodes]
    for source, target, _ in edges:
        on[source].append(target)
    open_ = deque(start)
    found = set(open_)
    while open_:
        further = {one for one in on[open_.popleft()] if one not in found}
        found |= further
        open_.extend(further)
    return found


def beginnings(nodes: Sequence[Reached]) -> Iterator[int]:
    return (index for index, node in enumerate(nodes) if node.move is None)


def path(start: int, there: Set[int], on: Sequence[Sequence[Edge]]) -> tuple[AnyMove, ...]:
    """The shortest way there, with what is usual first."""
    by: dict[int, Edge | None] = {start: None}
    open_ = deque([start])
    while open_:
        at = open_.popleft()
        if at in there:
            return tuple(_back(by, at))[::-1]
        for edge in on[at]:
            if edge[1] not in by:
                by[edge[1]] = edge
                open_.append(edge[1])
    return ()


def _back(by: Mapping[int, Edge | None], at: int) -> Iterator[AnyMove]:
    while (edge := by[at]) is not None:
        yield edge[2]
        at = edge[0]
