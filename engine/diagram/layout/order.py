"""The order of the slots in each layer: each near the middle of what it is joined with, as long as that crosses less."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence

from engine.diagram.layout.chains import Slot

_PASSES = 8
"""Along a row, until nothing changes."""
_SLOTS = 6_000
"""With more of them only a few rounds are made: they cost time, and nobody looks at such a picture as a whole."""


def order(rows: list[list[Slot]]) -> None:
    """Changes the rows and the slots' `at`. Begins with several, since one may end where another does not."""
    given = [list(row) for row in rows]
    many = sum(map(len, rows)) > _SLOTS
    begins = [_grown(rows)] if many else [given, _grown(rows), _grown(rows, backward=True)]
    orders = [_improved(rows, begin, 2 if many else 24) for begin in begins]
    _, best = min(orders, key=lambda one: one[0])
    _take(rows, best)


def _improved(rows: list[list[Slot]], begin: list[list[Slot]], rounds: int) -> tuple[int, list[list[Slot]]]:
    """The fewest crossings that were found from there, and the order that has them."""
    _take(rows, begin)
    best, least = begin, crossings(rows)
    for turn in range(rounds):
        if not least:
            break
        _sweep(rows, down=turn % 2 == 0)
        _swap(rows, ties=turn % 4 == 1)
        found = crossings(rows)
        if found < least:
            best, least = [list(row) for row in rows], found
    return least, best


def _grown(rows: list[list[Slot]], *, backward: bool = False) -> list[list[Slot]]:
    """Each box with what is joined with it next to each other, as one comes upon them."""
    grown: list[list[Slot]] = [[] for _ in rows]
    seen: set[int] = set()
    every = [slot for row in rows for slot in row]
    for root in reversed(every) if backward else every:
        ahead = [root]
        while ahead:
            slot = ahead.pop()
            if id(slot) not in seen:
                seen.add(id(slot))
                grown[slot.rank].append(slot)
                ahead += [*reversed(slot.above), *reversed(slot.below)]
    return grown


def _take(rows: list[list[Slot]], orders: list[list[Slot]]) -> None:
    for row, ordered in zip(rows, orders, strict=True):
        _set(row, list(ordered))


def crossings(rows: Sequence[Sequence[Slot]]) -> int:
    total = 0
    for row in rows:
        seen: list[int] = []
        for slot in row:
            ends = sorted(one.at for one in slot.below)
            total += sum(len(seen) - bisect_right(seen, at) for at in ends)
            for at in ends:
                insort(seen, at)
    return total


def _sweep(rows: list[list[Slot]], *, down: bool) -> None:
    for row in rows if down else reversed(rows):
        wanted = {id(slot): _middle(slot, slot.above if down else slot.below) for slot in row}
        _set(row, sorted(row, key=lambda slot: wanted[id(slot)]))


def _middle(slot: Slot, joined: Sequence[Slot]) -> float:
    """As a share of the row, so that rows of different lengths compare; where it is, if there is nothing."""
    return sum(one.at for one in joined) / len(joined) if joined else float(slot.at)


def _swap(rows: list[list[Slot]], *, ties: bool) -> None:
    """Neighbours change places as long as that crosses less; with `ties` once where it makes no difference."""
    for row in rows:
        swapped = _passed(row, least=0 if ties else 1)
        for _ in range(_PASSES):
            if not swapped:
                break
            swapped = _passed(row, least=1)


def _passed(row: list[Slot], *, least: int) -> bool:
    """Once along a row: neighbours change places where at least so many crossings go. Has any?"""
    swapped = False
    for at in range(len(row) - 1):
        left, right = row[at], row[at + 1]
        if _crossed(left, right) - _crossed(right, left) >= least:
            row[at], row[at + 1] = right, left
            left.at, right.at = at + 1, at
            swapped = True
    return swapped


def _crossed(left: Slot, right: Slot) -> int:
    """How many lines of two neighbours cross, when they stand in this order."""
    return _over(left.above, right.above) + _over(left.below, right.below)


def _over(lefts: Sequence[Slot], rights: Sequence[Slot]) -> int:
    """In how many pairs the left one's other end is right of the right one's."""
    if len(lefts) == len(rights) == 1:
        return int(lefts[0].at > rights[0].at)
    ends = sorted(one.at for one in rights)
    return sum(bisect_left(ends, one.at) for one in lefts)


def _set(row: list[Slot], ordered: list[Slot]) -> None:
    row[:] = ordered
    for at, slot in enumerate(row):
        slot.at = at
