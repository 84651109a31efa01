"""Laws of the whole: they need every situation and every transition. Where some are cut off, they are looked at as far as what
is missing can change nothing."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import reduce
from operator import or_
from typing import NamedTuple, Protocol

from engine.exchange.caller import HangsUp
from engine.simulate.explore.moves import AnyMove, Does, Limit, fault_of, is_ordering
from engine.simulate.laws import Breach

Edge = tuple[int, int, AnyMove]
Rests = dict[tuple[str, bytes], int]
"""The faces of quiet situations, each with the first situation that has it, by the step at which the run heard on the way there
that its call was over; "" where it did not."""


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
    opened: bool
    step: str


def breaches(nodes: Sequence[Reached], edges: Sequence[Edge], failing: Set[int]) -> Iterator[tuple[Breach, Place]]:
    """`failing` are the edges, by their place, on which a step ends with a failure."""
    yield from _endless(nodes, edges)
    yield from _differing(nodes, edges, failing)
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
    return bool(fault_of(move) or move.worn) or isinstance(move, Limit) or _hangs_up(move)


def _hangs_up(move: AnyMove) -> bool:
    return isinstance(move, Does) and isinstance(move.act, HangsUp)


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


def _differing(nodes: Sequence[Reached], edges: Sequence[Edge], failing: Set[int]) -> Iterator[tuple[Breach, Place]]:
    """After each choice: where do all orders of what is under way then lead? After a fault either the choice may come before the
    run knows that the step has failed, or the step has: that order is left out. A situation that calls without a fault come to
    as well is theirs."""
    well = [edge for edge in edges if not fault_of(edge[2])]
    clean = _onward(nodes, well, _beginnings(nodes))
    failed = {place for place in failing if edges[place][0] not in clean}
    on: list[list[Edge]] = [[] for _ in nodes]
    for place, edge in enumerate(edges):
        if is_ordering(edge[2]) and place not in failed:
            on[edge[0]].append(edge)
    ordered = [[target for _, target, _ in each] for each in on]
    led: dict[int, Rests] = {}
    for source, target, move in edges:
        if is_ordering(move) or fault_of(move) or move.worn or _races(nodes[source], move):
            continue
        two = _two(_places(target, nodes, ordered, led), _hangs_up(move))
        if two is not None:
            one, other = two
            breach = Breach("same-end", "another order of webhooks and answers leads elsewhere")
            yield breach, Place(source, move, _path(target, {other}, on), _path(target, {one}, on))


def _onward(nodes: Sequence[Reached], edges: Iterable[Edge], start: Iterable[int]) -> set[int]:
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


def _beginnings(nodes: Sequence[Reached]) -> Iterator[int]:
    return (index for index, node in enumerate(nodes) if node.move is None)


def _races(source: Reached, move: AnyMove) -> bool:
    """Where somebody hangs up while something is under way, the run may hear of it or not: that is two calls, from then on
    until it has heard."""
    return not source.quiet and (_hangs_up(move) or source.unheard)


def _two(rests: Rests, hung_up: bool) -> tuple[int, int] | None:
    """Two situations that differ, though they should not. What a hang-up has brought to an end is told beside it, and may take the
    run a step on before it hears: only where it heard at one and the same step are the orders those of one call."""
    by: dict[str, dict[bytes, int]] = {}
    for (heard_at, face), place in rests.items():
        alike = by.setdefault(heard_at if hung_up else "", {})
        alike[face] = min(alike.get(face, place), place)
    found = min((sorted(faces.values())[:2] for faces in by.values() if len(faces) > 1), default=None)
    return None if found is None else (found[0], found[1])


def _places(index: int, nodes: Sequence[Reached], ordered: list[list[int]], led: dict[int, Rests]) -> Rests:
    """Where orders lead to."""
    path = [index]
    while path:
        here = path[-1]
        if here in led:
            path.pop()
        elif nodes[here].quiet:
            led[here] = {("", nodes[here].face): here}
        else:
            missing = [one for one in ordered[here] if one not in led and one not in path]
            if missing:
                path.append(missing[0])
                continue
            found: Rests = {}
            for one in ordered[here]:
                hears = nodes[here].unheard and not nodes[one].unheard
                for (heard_at, face), place in led.get(one, {}).items():
                    key = (nodes[here].step if hears else heard_at, face)
                    found[key] = min(found.get(key, place), place)
            led[here] = found
    return led[index]


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
    stays = _ends(nodes, [edge for edge in untold if not _hangs_up(edge[2])], bits, unknown)
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
                    Place(source, move, _path(target, there, on)),
                )


def _after_hanging_up(nodes: Sequence[Reached], well: Sequence[Edge], might: Sequence[int]) -> int:
    """How calls may end in which nothing has gone wrong, and somebody hangs up."""
    clean = _onward(nodes, well, _beginnings(nodes))
    return reduce(or_, (might[target] for source, target, move in well if source in clean and _hangs_up(move)), 0)


def _path(start: int, there: set[int], on: Sequence[Sequence[Edge]]) -> tuple[AnyMove, ...]:
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
