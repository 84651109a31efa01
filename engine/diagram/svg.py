"""A picture by itself: SVG without script, light or dark as the reader's machine is set."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from engine.diagram.drawing import Arrow, Box, Drawing, Label, cut, plain
from engine.diagram.layout import Link, Placed, Size, layout
from engine.diagram.layout.graph import Point
from engine.diagram.svg_style import style
from engine.diagram.text_width import lines, width

MOST_BOXES = 600
"""More of them are no picture any more."""
_MARGIN, _HEADING, _PAD, _ROOM = 24.0, 34.0, 12.0, 208.0
_TITLE, _TEXT, _SMALL = 13.0, 12.0, 11.0
_LINE = 16.0
_LABELS, _LABEL = 5, 34
"""Lines of one label, and characters of a line."""


class _Frame(Struct, frozen=True):
    """A box with its texts in lines."""

    box: Box
    said: list[str]
    size: Size


def svg(drawings: Sequence[Drawing]) -> str:
    """The flows below each other, the first one being the flow itself."""
    parts: list[str] = []
    drawn = frozenset(drawing.flow for drawing in drawings)
    top, widest = _MARGIN, 0.0
    for drawing in drawings:
        text, size = _drawing(drawing, top, drawn)
        parts += text
        top += size.height + 2 * _MARGIN
        widest = max(widest, size.width)
    across, down = widest + 2 * _MARGIN, top - _MARGIN
    title = f"The flow {drawings[0].flow}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(across)} {_n(down)}" width="{_n(across)}"'
            f' height="{_n(down)}" role="img" aria-label={_quoted(title)}>',
            f"<title>{_text(title)}</title>",
            f"<style>\n{style()}\n</style>",
            f'<rect class="page" width="{_n(across)}" height="{_n(down)}"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _drawing(drawing: Drawing, top: float, drawn: frozenset[str]) -> tuple[list[str], Size]:
    frames = {box.id: _frame(box) for box in drawing.boxes}
    links = [Link(arrow.source, arrow.target, _label_size(arrow)) for arrow in drawing.arrows]
    placed = layout({name: frame.size for name, frame in frames.items()}, links)
    notes = [*drawing.notes, *(("orange: no test goes there",) if drawing.tested else ())]
    note = " · ".join(notes)
    flow = _text(drawing.flow)
    beside = width(drawing.flow, 18) * 1.1 + 14
    wide = max(placed.size.width, beside + width(note, _TEXT))
    text = [
        f'<g id={_quoted(f"flow-{drawing.flow}")} transform="translate({_n(_MARGIN)},{_n(top)})">',
        f'<text class="heading" x="0" y="16">{flow}</text>',
        *([f'<text class="note" x="{_n(beside)}" y="16">{_text(note)}</text>'] if note else []),
        f'<g transform="translate(0,{_n(_HEADING)})">',
        *(line for number, arrow in enumerate(drawing.arrows) for line in _arrow(arrow, number, placed)),
        *(line for name, frame in frames.items() for line in _linked(frame, placed.boxes[name], drawing.file, drawn)),
        "</g>",
        "</g>",
    ]
    return text, Size(wide, placed.size.height + _HEADING)


# boxes


def _frame(box: Box) -> _Frame:
    said = lines(box.says, _TEXT, _ROOM, 3)
    head = width(box.title, _TITLE) * 1.06 + (width(box.verb, _SMALL) + 14 if box.verb else 0)
    inside = [head, *(width(one, _TEXT) for one in said), *(width(mark, _SMALL) for mark in box.marks)]
    rows = 1 + len(said) + len(box.marks)
    return _Frame(box, said, Size(max(88.0, max(inside) + 2 * _PAD), rows * _LINE + 14))


def _linked(frame: _Frame, centre: Point, file: str, drawn: frozenset[str]) -> Iterator[str]:
    """A subflow leads to its own drawing, where that is in the picture."""
    linked = frame.box.calls in drawn
    yield from (f"<a href={_quoted(f'#flow-{frame.box.calls}')}>",) if linked else ()
    yield from _box(frame, centre, file)
    yield from ("</a>",) if linked else ()


def _box(frame: _Frame, centre: Point, file: str) -> Iterator[str]:
    box, size = frame.box, frame.size
    left, top = centre.x - size.width / 2, centre.y - size.height / 2
    event, ends = box.family == "event", box.family == "end"
    yield f'<g class="{box.family}{" unentered" if box.untested else ""}">'
    yield f"<title>{_text(_tooltip(box, file))}</title>"
    round_ = min(size.height / 2, 18) if event or ends else 7
    place = f'x="{_n(left)}" y="{_n(top)}" width="{_n(size.width)}" height="{_n(size.height)}"'
    yield f'<rect class="box" {place} rx="{_n(round_)}"/>'
    if box.calls:
        inner = f'x="{_n(left + 3)}" y="{_n(top + 3)}" width="{_n(size.width - 6)}" height="{_n(size.height - 6)}"'
        yield f'<rect class="box" {inner} rx="5"/>'
    elif not (event or ends):
        yield f'<path class="bar" d="{_bar(left, top, size.height)}"/>'
    y = top + 19
    if event or not box.verb:
        yield f'<text class="title" x="{_n(centre.x)}" y="{_n(y)}" text-anchor="middle">{_text(box.title)}</text>'
    else:
        yield f'<text class="title" x="{_n(left + _PAD)}" y="{_n(y)}">{_text(box.title)}</text>'
        right = left + size.width - _PAD
        yield f'<text class="verb" x="{_n(right)}" y="{_n(y)}" text-anchor="end">{_text(box.verb)}</text>'
    for kind, line in (*(("says", one) for one in frame.said), *(("mark", one) for one in box.marks)):
        y += _LINE
        if event:
            yield f'<text class="{kind} note" x="{_n(centre.x)}" y="{_n(y)}" text-anchor="middle">{_text(line)}</text>'
        else:
            yield f'<text class="{kind}" x="{_n(left + _PAD)}" y="{_n(y)}">{_text(line)}</text>'
    yield "</g>"


def _bar(left: float, top: float, height: float) -> str:
    """Along the left side, round as the box is."""
    return f"M{_n(left + 7)},{_n(top)} a7,7 0 0 0 -7,7 v{_n(height - 14)} a7,7 0 0 0 7,7 h-2 a4,4 0 0 1 -1,-4 v{_n(8 - height)} a4,4 0 0 1 1,-4 z"


def _tooltip(box: Box, file: str) -> str:
    where = f" ({file}:{box.line})" if box.line else ""
    return f"{box.title}{f': {box.verb}' if box.verb else ''}{where}{f' {box.says}' if box.says else ''}"


# arrows


def _label_size(arrow: Arrow) -> Size:
    shown = _shown(arrow)
    if not shown:
        return Size(0, 0)
    return Size(max(width(one.text, _SMALL) for one in shown) + 6, len(shown) * 14.0)


def _shown(arrow: Arrow) -> list[Label]:
    labels = [Label(text=cut(one.text, _LABEL), outcomes=one.outcomes, untaken=one.untaken) for one in arrow.labels]
    labels = [one for one in labels if one.text]
    if len(labels) <= _LABELS:
        return labels
    rest = labels[_LABELS - 1 :]
    return [
        *labels[: _LABELS - 1],
        Label(
            text=f"and {len(rest)} more",
            outcomes=tuple(one for label in rest for one in label.outcomes),
            untaken=tuple(one for label in rest for one in label.untaken),
        ),
    ]


def _arrow(arrow: Arrow, number: int, placed: Placed) -> Iterator[str]:
    kinds = "arrow untaken" if arrow.is_untaken else "arrow failure" if arrow.failure else "arrow"
    points = placed.lines[number]
    yield f'<g class="{kinds}">'
    yield f"<title>{_text(_way(arrow))}</title>"
    loop = arrow.source == arrow.target
    yield f'<path class="line" d="{_loop(points) if loop else _path(points)}"/>'
    yield f'<path class="head" d="{_head(points, loop=loop)}"/>'
    if number in placed.labels and (shown := _shown(arrow)):
        at, size = placed.labels[number], _label_size(arrow)
        left, top = at.x - size.width / 2, at.y - size.height / 2
        yield (
            f'<rect class="under" x="{_n(left)}" y="{_n(top)}" width="{_n(size.width)}" height="{_n(size.height)}"/>'
        )
        for line, label in enumerate(shown):
            missed = " missed" if label.untaken else ""
            y = _n(top + 11 + line * 14)
            yield f'<text class="label{missed}" x="{_n(at.x)}" y="{y}" text-anchor="middle">{_text(label.text)}</text>'
    yield "</g>"


def _way(arrow: Arrow) -> str:
    return f"{arrow.source} → {arrow.target}: {', '.join(arrow.outcomes)}".removesuffix(": ")


def _path(points: Sequence[Point]) -> str:
    """Straight down or up between points above each other, and swung between others. It stops short of the head."""
    last = points[-1]
    tip = Point(last.x, last.y - 6 if last.y > points[-2].y else last.y + 6)
    path = [f"M{_n(points[0].x)},{_n(points[0].y)}"]
    for before, here in zip(points, [*points[1:-1], tip], strict=False):
        if abs(before.x - here.x) < 0.5:
            path.append(f"L{_n(here.x)},{_n(here.y)}")
        else:
            middle = _n((before.y + here.y) / 2)
            path.append(f"C{_n(before.x)},{middle} {_n(here.x)},{middle} {_n(here.x)},{_n(here.y)}")
    return " ".join(path)


def _loop(points: Sequence[Point]) -> str:
    start, out, back, end = points
    return (
        f"M{_n(start.x)},{_n(start.y)} C{_n(out.x + 8)},{_n(out.y + 6)} {_n(back.x + 8)},{_n(back.y - 6)}"
        f" {_n(end.x + 6)},{_n(end.y)}"
    )


def _head(points: Sequence[Point], *, loop: bool) -> str:
    tip, before = points[-1], points[-2]
    if loop:
        return f"M{_n(tip.x)},{_n(tip.y)} l8,-4 v8 z"
    dy = -8 if tip.y > before.y else 8
    return f"M{_n(tip.x)},{_n(tip.y)} l-4,{dy} h8 z"


# writing


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(text: str) -> str:
    return escape("".join(plain(text)))


def _quoted(text: str) -> str:
    return quoteattr("".join(plain(text)))
