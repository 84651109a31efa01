"""Where in its layer each slot stands: as near as may be to what it is joined with, in its order, without overlaps."""

from collections.abc import Sequence

from engine.diagram.layout.chains import Slot

GAP = 22
_SLOTS = 3_000


def columns(rows: Sequence[Sequence[Slot]]) -> None:
    """Sets every slot's `x`. The leftmost edge is 0."""
    for row in rows:
        _spread(row, [0.0] * len(row), [1.0] * len(row))
    rounds = 80 if sum(map(len, rows)) < _SLOTS else 6
    for turn in range(rounds):
        last = turn >= rounds // 2
        for row in rows if turn % 2 == 0 else reversed(rows):
            _pull(row, above=last or turn % 2 == 0, below=last or turn % 2 == 1)
    left = min((slot.x - slot.size.width / 2 for row in rows for slot in row), default=0)
    for row in rows:
        for slot in row:
            slot.x -= left


def _pull(row: Sequence[Slot], *, above: bool, below: bool) -> None:
    wanted, weights = [], []
    for slot in row:
        joined = [*(slot.above if above else ()), *(slot.below if below else ())]
        weighed = [(_weight(slot, one), one.x) for one in joined]
        total = sum(weight for weight, _ in weighed)
        wanted.append(sum(weight * x for weight, x in weighed) / total if total else slot.x)
        weights.append(total or 0.1)
    _spread(row, wanted, weights)


def _weight(slot: Slot, other: Slot) -> float:
    """What passes through several layers is to be straight."""
    lines = (slot.link >= 0) + (other.link >= 0)
    return (1.0, 2.0, 8.0)[lines]


def _spread(row: Sequence[Slot], wanted: Sequence[float], weights: Sequence[float]) -> None:
    """The places with the least squared distance from those wanted: neighbours that would overlap form a block, which
    stands at the mean of what its members want (pool adjacent violators)."""
    offsets = _offsets(row)
    blocks: list[tuple[float, float, int]] = []
    for place, weight, offset in zip(wanted, weights, offsets, strict=True):
        mean, total, count = place - offset, weight, 1
        while blocks and blocks[-1][0] > mean:
            other, its, many = blocks.pop()
            mean = (mean * total + other * its) / (total + its)
            total, count = total + its, count + many
        blocks.append((mean, total, count))
    places = [mean for mean, _, count in blocks for _ in range(count)]
    for slot, place, offset in zip(row, places, offsets, strict=True):
        slot.x = place + offset


def _offsets(row: Sequence[Slot]) -> list[float]:
    """The distance of each slot from the first one, when they stand as close as they may."""
    found: list[float] = []
    for number, slot in enumerate(row):
        if number:
            before = row[number - 1]
            gap = GAP if before.link < 0 and slot.link < 0 else GAP / 2
            found.append(found[-1] + (before.size.width + slot.size.width) / 2 + gap)
        else:
            found.append(0.0)
    return found
