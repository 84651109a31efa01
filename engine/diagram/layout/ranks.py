"""Which layer each box is in. Even ones are for boxes, odd ones for labels."""

from collections.abc import Mapping, Sequence

from engine.diagram.layout.graph import Link


def ranks(boxes: Sequence[str], links: Sequence[Link]) -> Mapping[str, int]:
    """Every link that is not turned round goes down. A box is as low as the longest way to it; what no way from the
    first box leads to is just above what it leads to itself. `boxes` are in the order in which ways begin."""
    back = turned(boxes, links)
    down = _out([*boxes], [link for number, link in enumerate(links) if number not in back])
    ordered = _ordered(down)
    found = _longest(ordered, down)
    led_to = set(boxes[:1])
    for box in ordered:
        led_to.update(down[box] if box in led_to else ())
    for box in reversed(ordered):
        if box not in led_to and down[box]:
            found[box] = min(found[target] for target in down[box]) - 2
    return found


def turned(boxes: Sequence[str], links: Sequence[Link]) -> frozenset[int]:
    """The links that lead back to where a way has come from, by number, and those from a box to itself. Without
    recursion: a flow may have thousands of steps in a row."""
    out: dict[str, list[tuple[int, str]]] = {box: [] for box in boxes}
    for number, link in enumerate(links):
        out[link.source].append((number, link.target))
    open_, done, back = set[str](), set[str](), set[int]()
    for root in boxes:
        work = [(root, iter(out[root]))] if root not in done else []
        open_.update(box for box, _ in work)
        while work:
            box, ahead = work[-1]
            for number, target in ahead:
                if target in open_:
                    back.add(number)
                elif target not in done:
                    open_.add(target)
                    work.append((target, iter(out[target])))
                    break
            else:
                work.pop()
                open_.discard(box)
                done.add(box)
    return frozenset(back)


def _out(boxes: Sequence[str], links: Sequence[Link]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {box: [] for box in boxes}
    for link in links:
        out[link.source].append(link.target)
    return out


def _ordered(out: Mapping[str, Sequence[str]]) -> list[str]:
    """Each after all that lead to it."""
    waiting = dict.fromkeys(out, 0)
    for targets in out.values():
        for target in targets:
            waiting[target] += 1
    ready = [box for box in out if not waiting[box]]
    for box in ready:
        for target in out[box]:
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return ready


def _longest(ordered: Sequence[str], out: Mapping[str, Sequence[str]]) -> dict[str, int]:
    found = dict.fromkeys(ordered, 0)
    for box in ordered:
        for target in out[box]:
            found[target] = max(found[target], found[box] + 2)
    return found
