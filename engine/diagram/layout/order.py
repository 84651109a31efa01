"""The order of the slots in each layer: each near the middle of what it is joined with, as long as that crosses less."""

from bisect import bisect_right, insort
from collections.abc import Sequence

from engine.diagram.layout.chains import Slot

_SLOTS = 3_000
"""With more of them only a few rounds are made: they cost time, and nobody looks at such a picture as a whole."""


def order(rows: list[list[Slot]]) -> None:
    """Changes the rows and the slots' `at`."""
    rounds = 24 if sum(map(len, rows)) < _SLOTS else 3
    best, least = [list(row) for row in rows], crossings(rows)
    for turn in range(rounds):
        if not least:
            break
        _sweep(rows, down=turn % 2 == 0)
        _swap(rows)
        found = crossings(rows)
        if found < least:
            best, least = [list(row) for row in rows], found
    for row, kept in zip(rows, best, strict=True):
        _set(row, kept)


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


def _swap(rows: list[list[Slot]]) -> None:
    """Neighbours change places where that crosses less."""
    for row in rows:
        for at in range(len(row) - 1):
            left, right = row[at], row[at + 1]
            if _crossed(left, right) > _crossed(right, left):
                row[at], row[at + 1] = right, left
                left.at, right.at = at + 1, at


def _crossed(left: Slot, right: Slot) -> int:
    """How many lines of two neighbours cross, when they stand in this order."""
    above = sum(one.at > other.at for one in left.above for other in right.above)
    return above + sum(one.at > other.at for one in left.below for other in right.below)


def _set(row: list[Slot], ordered: list[Slot]) -> None:
    row[:] = ordered
    for at, slot in enumerate(row):
        slot.at = at
