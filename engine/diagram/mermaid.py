"""Mermaid, which GitHub and others draw within Markdown."""

from collections.abc import Iterator, Sequence

from engine.diagram.drawing import Arrow, Box, Drawing, Label, cut, plain

MAX_TEXT, MAX_EDGES = 50_000, 500
"""Mermaid's own `maxTextSize` (characters) and `maxEdges`, unless a page sets others; GitHub does not."""
_SAYS, _LABEL = 70, 50
_COLOURS = {
    "event": "fill:#f3f4f6,stroke:#6b7280,color:#1f2328,stroke-dasharray:4 3",
    "speak": "fill:#eff5ff,stroke:#2563eb,color:#1f2328",
    "listen": "fill:#ecfbf8,stroke:#0d9488,color:#1f2328",
    "decide": "fill:#fdf7e7,stroke:#b7791f,color:#1f2328",
    "service": "fill:#f6f1fe,stroke:#7c3aed,color:#1f2328",
    "away": "fill:#fff3ea,stroke:#c2410c,color:#1f2328",
    "flow": "fill:#fdf0f6,stroke:#be185d,color:#1f2328",
    "end": "fill:#e9ebee,stroke:#374151,color:#1f2328",
}


def mermaid(drawings: Sequence[Drawing]) -> str:
    """Without what steps say where Mermaid would refuse the text with it."""
    text = _text(drawings, says=True)
    return text if len(text) <= MAX_TEXT else _text(drawings, says=False)


def too_large(drawings: Sequence[Drawing], text: str) -> str:
    """What Mermaid will say against it; empty when it takes it."""
    edges = sum(len(drawing.arrows) for drawing in drawings)
    if edges > MAX_EDGES:
        return f"The graph has {edges} arrows, and Mermaid draws {MAX_EDGES} unless told otherwise (maxEdges)."
    if len(text) > MAX_TEXT:
        return f"The text has {len(text)} characters, and Mermaid takes {MAX_TEXT} unless told otherwise (maxTextSize)."
    return ""


def _text(drawings: Sequence[Drawing], *, says: bool) -> str:
    first = {drawing.flow: f"f{number}" for number, drawing in enumerate(drawings)}
    lines = ["flowchart TD"]
    for number, drawing in enumerate(drawings):
        inner = [f"  {line}" for line in _drawing(drawing, f"f{number}", first, says=says)]
        if len(drawings) > 1:
            inner = [
                f'  subgraph {first[drawing.flow]}["{_escaped(drawing.flow)}"]',
                *(f"  {one}" for one in inner),
                "  end",
            ]
        lines += inner
    used = {box.family for drawing in drawings for box in drawing.boxes}
    lines += [f"  classDef is_{family} {colours}" for family, colours in _COLOURS.items() if family in used]
    return "\n".join([*lines, ""])


def _drawing(drawing: Drawing, prefix: str, first: dict[str, str], *, says: bool) -> Iterator[str]:
    """Names of our own for the boxes: `end` and others are words of Mermaid's."""
    ids = {box.id: f"{prefix}_{number}" for number, box in enumerate(drawing.boxes)}
    yield f"%% {_comment(drawing)}"
    for box in drawing.boxes:
        yield f"{ids[box.id]}{_shape(box, says=says)}:::is_{box.family}"
    for arrow in drawing.arrows:
        yield f"{ids[arrow.source]} {_line(arrow)}{_label(arrow)} {ids[arrow.target]}"
    for box in drawing.boxes:
        if box.calls in first:
            yield f'{ids[box.id]} -.->|"calls"| {first[box.calls]}_0'


def _comment(drawing: Drawing) -> str:
    return "; ".join([f"{drawing.flow} ({''.join(plain(drawing.file))})", *drawing.notes])


def _shape(box: Box, *, says: bool) -> str:
    parts = [f"<b>{_escaped(box.title)}</b>", *([_escaped(box.verb)] if box.verb and box.verb != "branch" else [])]
    lines = [" ".join(parts), *([_escaped(cut(box.says, _SAYS))] if box.says and says else [])]
    marks = (*box.marks, *(("untested",) if box.untested else ()))
    text = "<br/>".join([*lines, *(f"<i>{_escaped(mark)}</i>" for mark in marks)])
    match box:
        case Box(family="event" | "end"):
            return f'(["{text}"])'
        case Box(verb="branch"):
            return f'{{"{text}"}}'
        case Box(verb="subflow"):
            return f'[["{text}"]]'
    return f'["{text}"]'


def _line(arrow: Arrow) -> str:
    return "-.->" if arrow.failure or arrow.is_untaken else "-->"


def _label(arrow: Arrow) -> str:
    texts = [_said(label) for label in arrow.labels]
    shown = "<br/>".join(one for one in texts if one)
    return f'|"{shown}"|' if shown else ""


def _said(label: Label) -> str:
    text = _escaped(cut(label.text, _LABEL))
    return f"{text} (untested)".strip() if label.untaken else text


def _escaped(text: str) -> str:
    """As entities, which Mermaid writes with `#`; what is left has no meaning within quotes."""
    return "".join(f"#{ord(char)};" if char in '#"<>&`\\' else char for char in plain(text))
