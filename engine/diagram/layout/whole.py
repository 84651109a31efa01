"""All of a graph: each part that hangs together for itself, and the parts side by side."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

from engine.diagram.layout.chains import Layers, Slot, layers
from engine.diagram.layout.columns import columns
from engine.diagram.layout.graph import Link, Placed, Point, Size
from engine.diagram.layout.order import order
from engine.diagram.layout.ranks import ranks

BETWEEN = 60
"""Between two parts."""
_NEAR, _PORTS, _LOOP = 24, 26, 26
"""Between layers at the least; between two arrows at one side of a box at the most; how far an arrow from a box to
itself stands out."""


def layout(sizes: Mapping[str, Size], links: Sequence[Link]) -> Placed:
    """Boxes in the order in which ways begin."""
    parts = [_part(sizes, links, names) for names in _parts(sizes, links)]
    boxes: dict[str, Point] = {}
    labels: dict[int, Point] = {}
    lines: dict[int, tuple[Point, ...]] = {}
    size = Size(0, 0)
    for part, corner in zip(parts, _corners(parts), strict=True):
        boxes |= {name: _moved(at, corner) for name, at in part.boxes.items()}
        labels |= {number: _moved(at, corner) for number, at in part.labels.items()}
        lines |= {number: tuple(_moved(at, corner) for at in line) for number, line in part.lines.items()}
        size = Size(max(size.width, corner.x + part.size.width), max(size.height, corner.y + part.size.height))
    return Placed(size, boxes, labels, lines)


def _parts(sizes: Mapping[str, Size], links: Sequence[Link]) -> list[list[str]]:
    near: dict[str, list[str]] = {box: [] for box in sizes}
    for link in links:
        near[link.source].append(link.target)
        near[link.target].append(link.source)
    seen: set[str] = set()
    found: list[list[str]] = []
    for box in sizes:
        ahead = [box] if box not in seen else []
        seen.update(ahead)
        for one in ahead:
            fresh = [other for other in dict.fromkeys(near[one]) if other not in seen]
            seen.update(fresh)
            ahead += fresh
        if ahead:
            inside = set(ahead)
            found.append([one for one in sizes if one in inside])
    return found


def _corners(parts: Sequence[Placed]) -> list[Point]:
    """The first part at the left; the others at its right, below each other as long as they are not lower than it."""
    found = [Point(0, 0)] if parts else []
    x, y, width = (parts[0].size.width + BETWEEN if parts else 0.0), 0.0, 0.0
    for part in parts[1:]:
        if y and y + part.size.height > parts[0].size.height:
            x, y, width = x + width + BETWEEN, 0.0, 0.0
        found.append(Point(x, y))
        y += part.size.height + BETWEEN / 2
        width = max(width, part.size.width)
    return found


def _moved(at: Point, by: Point) -> Point:
    return Point(at.x + by.x, at.y + by.y)


def _part(sizes: Mapping[str, Size], every: Sequence[Link], names: Sequence[str]) -> Placed:
    inside = set(names)
    numbers = [number for number, link in enumerate(every) if link.source in inside]
    links = [every[number] for number in numbers]
    loops = {link.source: link.label.width for link in links if link.source == link.target}
    found = layers({name: _with_loop(sizes[name], loops.get(name)) for name in names}, links, ranks(names, links))
    order(found.rows)
    columns(found.rows)
    tops, bottoms = _heights(found.rows)
    boxes = {
        name: Point(
            slot.x - (slot.size.width - sizes[name].width) / 2,
            (tops[slot.rank] + bottoms[slot.rank]) / 2,
        )
        for name, slot in found.boxes.items()
    }
    labels: dict[int, Point] = {}
    lines: dict[int, tuple[Point, ...]] = {}
    for at, number in enumerate(numbers):
        link = links[at]
        if link.source == link.target:
            labels[number], lines[number] = _loop(boxes[link.source], sizes[link.source], link)
            continue
        for slot in found.chains[at]:
            if slot.label:
                labels[number] = Point(slot.x, (tops[slot.rank] + bottoms[slot.rank]) / 2)
        lines[number] = _line(found, at, link, sizes, boxes, (tops, bottoms))
    width = max(slot.x + slot.size.width / 2 for row in found.rows for slot in row)
    return Placed(Size(width, bottoms[-1]), boxes, labels, lines)


def _with_loop(size: Size, label: float | None) -> Size:
    return size if label is None else Size(size.width + 2 * (_LOOP + label + 8), size.height)


def _heights(rows: Sequence[Sequence[Slot]]) -> tuple[list[float], list[float]]:
    """Top and bottom of each layer. Where lines go far to the side there is more room, so that they are not flat."""
    tall = [max((slot.size.height for slot in row), default=0.0) for row in rows]
    gaps = [_NEAR + min(44.0, _widest(row) / 9) for row in rows]
    tops = [0.0, *accumulate(height + gap for height, gap in zip(tall, gaps, strict=True))][: len(rows)]
    return tops, [top + height for top, height in zip(tops, tall, strict=True)]


def _widest(row: Sequence[Slot]) -> float:
    return max((abs(slot.x - one.x) for slot in row for one in slot.below), default=0.0)


def _line(
    found: Layers,
    number: int,
    link: Link,
    sizes: Mapping[str, Size],
    boxes: Mapping[str, Point],
    rows: tuple[list[float], list[float]],
) -> tuple[Point, ...]:
    """From the upper end down, and then turned where it goes up."""
    tops, bottoms = rows
    up = number in found.upward
    upper, lower = (link.target, link.source) if up else (link.source, link.target)
    chain = found.chains[number]
    start = _port(found.boxes[upper], boxes[upper], chain[0], sizes[upper], below=True)
    points = [start, *_down_to(start, bottoms[found.boxes[upper].rank])]
    for slot in chain:
        points += [Point(slot.x, tops[slot.rank]), Point(slot.x, bottoms[slot.rank])]
    end = _port(found.boxes[lower], boxes[lower], chain[-1], sizes[lower], below=False)
    points += [*_down_to(end, tops[found.boxes[lower].rank]), end]
    return tuple(reversed(points)) if up else tuple(points)


def _down_to(port: Point, edge: float) -> list[Point]:
    """Straight from a box that is lower than its layer to the layer's edge."""
    return [Point(port.x, edge)] if abs(edge - port.y) > 0.5 else []


def _port(slot: Slot, centre: Point, towards: Slot, size: Size, *, below: bool) -> Point:
    """Where a line leaves a box: its lines stand beside each other, in the order in which they go on."""
    lines = sorted(slot.below if below else slot.above, key=lambda one: one.at)
    room = min(_PORTS, (size.width - 24) / max(1, len(lines) - 1))
    at = next(number for number, one in enumerate(lines) if one is towards)
    x = centre.x + (at - (len(lines) - 1) / 2) * room
    return Point(x, centre.y + (size.height if below else -size.height) / 2)


def _loop(centre: Point, size: Size, link: Link) -> tuple[Point, tuple[Point, ...]]:
    """Out of the right side and back into it."""
    right, dy = centre.x + size.width / 2, min(12.0, size.height / 4)
    line = (
        Point(right, centre.y + dy),
        Point(right + _LOOP, centre.y + dy),
        Point(right + _LOOP, centre.y - dy),
        Point(right, centre.y - dy),
    )
    return Point(right + _LOOP + 4 + link.label.width / 2, centre.y), line
