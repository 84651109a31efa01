"""Laws of the whole: they need every situation and every transition. Where some are cut off, they are looked at as far as what
is missing can change nothing."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import reduce
from operator import or_

from engine.simulate.explore import orders
from engine.simulate.explore.moves import AnyMove, Limit, fault_of
from engine.simulate.explore.reached import Edge, Place, Reached, beginnings, hangs_up, onward, path
from engine.simulate.laws import Breach


def breaches(
    nodes: Sequence[Reached], edges: Sequence[Edge], failing: Set[int], came: Mapping[int, str]
) -> Iterator[tuple[Breach, Place]]:
    """Of the edges, by their place, `failing` are those on which a step ends with a failure, and on those of `came` something came that
    was put off (`put_off.py`)."""
    yield from _endless(nodes, edges)
    yield from orders.differing(nodes, edges, failing, came)
    yield from _lost_badly(nodes, edges, failing)


def _endless(nodes: Sequence[Reached], edges: Sequence[Edge]) -> Iterator[tuple[Breach, Place]]:
    """A hang-up and a limit end every call: where nothing else does, nobody who waits for the end ever gets there."""
    ends = _before_an_end(nodes, [edge for edge in edges if not _cuts_short(edge[2])])
    never = [index for index in range(len(nodes)) if index not in ends]
    if never:
        index = next((index for index in never if nodes[index].quiet), never[0])
        any_ends = index in _before_an_end(nodes, edges)
        why = "nothing but hanging up, or a limit, ends the call" if any_ends else "no way leads to an end"
        yield Breach("ends", f"from `{nodes[index].step}` on, {why}"), Place(index)


def _cuts_short(move: AnyMove) -> bool:
    return bool(fault_of(move) or move.worn) or isinstance(move, Limit) or hangs_up(move)


def _before_an_end(nodes: Sequence[Reached], edges: Sequence[Edge]) -> set[int]:
    """What leads to an end, or to what was not looked at."""
    into: list[list[int]] = [[] for _ in nodes]
    for source, target, _ in edges:
        into[target].append(source)
    open_ = deque(index for index, node in enumerate(nodes) if node.end or not node.opened)
    ends = set(open_)
    while open_:
        for source in into[open_.popleft()]:
            if source not in ends:
                ends.add(source)
                open_.append(source)
    return ends


_BESIDES = {
    "drop": ("lost", "limit"),
    "duplicate": (),
}
_OF_ANSWERS = ("error", "lost", "rejected", "limit")
"""How a run may end after a fault, and not without: failures, and as `limit` where waiting has used up the time."""

_OF_LOGS = ("busy", "error", "no_answer")
"""What the voice log tells of a call that was not answered, where the webhook that is lost would have told more."""


def _lost_badly(nodes: Sequence[Reached], edges: Sequence[Edge], failing: Set[int]) -> Iterator[tuple[Breach, Place]]:
    """Where a step ends with a failure, the flow's author says how it goes on, and that may be to any end; up to there the run
    ends as it might have without the fault. Who hangs up after it has time for that, comes to an end of those who hang up."""
    names = sorted({node.end for node in nodes if node.end})
    bits = {name: 1 << place for place, name in enumerate(names)}
    unknown = 1 << len(names)
    well = [edge for edge in edges if not fault_of(edge[2])]
    might = _ends(nodes, well, bits, unknown)
    untold = [
        edge
        for place, edge in enumerate(edges)
        if place not in failing and not (fault_of(edge[2]) or edge[2].worn or isinstance(edge[2], Limit))
    ]
    may = _ends(nodes, untold, bits, unknown)
    stays = _ends(nodes, [edge for edge in untold if not hangs_up(edge[2])], bits, unknown)
    hung_up = _after_hanging_up(nodes, well, might)
    on: list[list[Edge]] = [[] for _ in nodes]
    for edge in untold:
        on[edge[0]].append(edge)
    for place, (source, target, move) in enumerate(edges):
        fault = fault_of(move)
        if not fault or place in failing or might[source] & unknown:
            continue
        besides = _BESIDES.get(fault, _OF_ANSWERS)
        if not nodes[source].step:
            besides = *besides, *_OF_LOGS
        odd = (stays[target] | may[target] & ~hung_up) & ~might[source]
        for name in names:
            if odd & bits[name] and name not in besides:
                why = f"after `{fault}` the run may end as `{name}`, and not without"
                known = (*(one for one in names if might[source] & bits[one]), *besides)
                there = {index for index, node in enumerate(nodes) if node.end == name}
                yield (
                    Breach("lost-well", why, tuple(dict.fromkeys(known))),
                    Place(source, move, path(target, there, on)),
                )


def _after_hanging_up(nodes: Sequence[Reached], well: Sequence[Edge], might: Sequence[int]) -> int:
    """How calls may end in which nothing has gone wrong, and somebody hangs up."""
    clean = onward(nodes, well, beginnings(nodes))
    return reduce(or_, (might[target] for source, target, move in well if source in clean and hangs_up(move)), 0)


def _ends(nodes: Sequence[Reached], edges: Sequence[Edge], bits: dict[str, int], unknown: int) -> list[int]:
    """For each situation the end reasons that can be reached from it, as bits; `unknown` for what was not gone on from."""
    into: list[list[int]] = [[] for _ in nodes]
    for source, target, _ in edges:
        into[target].append(source)
    found = [bits[node.end] if node.end else 0 if node.opened else unknown for node in nodes]
    open_ = deque(index for index, reached in enumerate(found) if reached)
    while open_:
        index = open_.popleft()
        for source in into[index]:
            if found[index] & ~found[source]:
                found[source] |= found[index]
                open_.append(source)
    return found
