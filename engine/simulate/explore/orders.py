"""The law `same-end`: after each choice, all orders of what is under way lead to the same place.

Some orders are those of another call. So these are compared with each other alone:

hung up    those in which the run has heard of it at one and the same step
put off    those in which what waited until the run might be interrupted, a signal or the limit `call`, came at one and the same
           place (`put_off.py`). Where it is lost, that is compared with all of them
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from engine.simulate.explore.moves import AnyMove, fault_of, is_ordering
from engine.simulate.explore.reached import Edge, Place, Reached, beginnings, hangs_up, onward, path
from engine.simulate.laws import Breach


class _Course(NamedTuple):
    """What has happened on the way there: `heard` is the step at which the run heard that its call was over, `came` where each came
    that was put off. One that still is, is put off there."""

    heard: str = ""
    came: tuple[str, ...] = ()


_Rests = dict[tuple[_Course, bytes], int]
"""The faces of quiet situations, by the course, each with the first situation that has it."""
_Orders = list[list[tuple[int, str]]]
"""By situation: where to, and where something came that was put off."""
_STILL = ("still put off",)


def differing(
    nodes: Sequence[Reached], edges: Sequence[Edge], failing: Set[int], came: Mapping[int, str]
) -> Iterator[tuple[Breach, Place]]:
    """After a fault either the choice may come before the run knows that the step has failed, or the step has: that order is left
    out. A situation that calls without a fault come to as well is theirs."""
    well = [edge for edge in edges if not fault_of(edge[2])]
    clean = onward(nodes, well, beginnings(nodes))
    failed = {place for place in failing if edges[place][0] not in clean}
    on: list[list[Edge]] = [[] for _ in nodes]
    ordered: _Orders = [[] for _ in nodes]
    for place, edge in enumerate(edges):
        if is_ordering(edge[2]) and place not in failed:
            on[edge[0]].append(edge)
            ordered[edge[0]].append((edge[1], came.get(place, "")))
    led: dict[int, _Rests] = {}
    for source, target, move in edges:
        if is_ordering(move) or fault_of(move) or move.worn or _races(nodes[source], move):
            continue
        two = _two(_places(target, nodes, ordered, led), hangs_up(move))
        if two is not None:
            one, other = two
            breach = Breach("same-end", "another order of webhooks and answers leads elsewhere")
            yield breach, Place(source, move, path(target, {other}, on), path(target, {one}, on))


def _races(source: Reached, move: AnyMove) -> bool:
    """Where somebody hangs up while something is under way, the run may hear of it or not: that is two calls, from then on
    until it has heard."""
    return not source.quiet and (hangs_up(move) or source.unheard)


def _two(rests: _Rests, hung_up: bool) -> tuple[int, int] | None:
    """Two situations that differ, though they should not. What a hang-up has brought to an end is told beside it, and may take the
    run a step on before it hears."""
    by: dict[tuple[str, tuple[str, ...]], dict[bytes, int]] = {}
    for (course, face), place in rests.items():
        alike = by.setdefault((course.heard if hung_up else "", course.came), {})
        alike[face] = min(alike.get(face, place), place)
    for heard, came in list(by):
        if came:
            lost = by.get((heard, ()), {})
            by[heard, came] = {**by[heard, came], **lost}
    found = min((sorted(faces.values())[:2] for faces in by.values() if len(faces) > 1), default=None)
    return None if found is None else (found[0], found[1])


def _places(index: int, nodes: Sequence[Reached], ordered: _Orders, led: dict[int, _Rests]) -> _Rests:
    """Where orders lead to."""
    going = [index]
    while going:
        here = going[-1]
        if here in led:
            going.pop()
        elif nodes[here].quiet:
            led[here] = {(_Course(came=_STILL if nodes[here].waits else ()), nodes[here].face): here}
        else:
            missing = [one for one, _ in ordered[here] if one not in led and one not in going]
            if missing:
                going.append(missing[0])
                continue
            led[here] = _led(here, nodes, ordered[here], led)
    return led[index]


def _led(here: int, nodes: Sequence[Reached], on: Sequence[tuple[int, str]], led: Mapping[int, _Rests]) -> _Rests:
    found: _Rests = {}
    for one, came in on:
        hears = nodes[here].unheard and not nodes[one].unheard
        for (course, face), place in led.get(one, {}).items():
            heard = nodes[here].step if hears else course.heard
            key = _Course(heard, (came, *course.came) if came else course.came), face
            found[key] = min(found.get(key, place), place)
    return found
