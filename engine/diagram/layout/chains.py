"""Layers of slots: boxes, and the points where arrows go through layers."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from engine.diagram.layout.graph import Link, Size

THIN = Size(10, 0)
"""The room of a line that passes between boxes."""


class Slot(Struct, eq=False):
    """A place in a layer. `link` is the number of the link whose line passes here, -1 for a box; `label`: with its label.
    `x` is its centre. `above` and `below` are the slots of the next layers that it is joined with."""

    name: str
    rank: int
    size: Size
    link: int = -1
    label: bool = False
    x: float = 0.0
    at: int = 0
    above: list["Slot"] = []
    below: list["Slot"] = []


class Layers(Struct):
    """`chains` are the slots of each link from its upper end to its lower one, without the boxes; `upward` are the links
    that go up. A link from a box to itself has no chain."""

    rows: list[list[Slot]]
    boxes: dict[str, Slot]
    chains: dict[int, list[Slot]]
    upward: frozenset[int]


def layers(sizes: Mapping[str, Size], links: Sequence[Link], ranks: Mapping[str, int]) -> Layers:
    rows: list[list[Slot]] = [[] for _ in range(max(ranks.values(), default=0) + 1)]
    boxes = {box: _put(rows, Slot(box, ranks[box], size)) for box, size in sizes.items()}
    chains: dict[int, list[Slot]] = {}
    upward = set()
    for number, link in enumerate(links):
        if link.source == link.target:
            continue
        upper, lower = boxes[link.source], boxes[link.target]
        if upper.rank > lower.rank:
            upward.add(number)
            upper, lower = lower, upper
        chains[number] = _chain(rows, number, link, upper, lower)
    return Layers(rows, boxes, chains, frozenset(upward))


def _chain(rows: list[list[Slot]], number: int, link: Link, upper: Slot, lower: Slot) -> list[Slot]:
    """The label is next to where the arrow begins."""
    labelled = upper.rank + 1 if upper.name == link.source else lower.rank - 1
    chain = []
    before = upper
    for rank in range(upper.rank + 1, lower.rank):
        has_label = rank == labelled and link.label.width > 0
        size = Size(link.label.width + THIN.width, link.label.height) if has_label else THIN
        slot = _put(rows, Slot(f"{link.source}>{link.target}", rank, size, number, has_label))
        _join(before, slot)
        chain.append(slot)
        before = slot
    _join(before, lower)
    return chain


def _put(rows: list[list[Slot]], slot: Slot) -> Slot:
    slot.at = len(rows[slot.rank])
    rows[slot.rank].append(slot)
    return slot


def _join(upper: Slot, lower: Slot) -> None:
    upper.below.append(lower)
    lower.above.append(upper)
