"""Graphviz' language, for those who want its layouts and its formats."""

from collections.abc import Iterator, Sequence

from engine.diagram.drawing import Arrow, Box, Drawing, Label, cut, plain
from engine.diagram.svg_style import LIGHT

_SAYS, _LABEL, _WRAP = 90, 50, 34
_UNTAKEN, _FAILURE, _LINE = "#bc4c00", "#b42318", "#8c959f"


def dot(drawings: Sequence[Drawing]) -> str:
    """One graph; of several flows each is a cluster."""
    first = {drawing.flow: _quoted(f"{drawing.flow}/{drawing.boxes[0].id}") for drawing in drawings}
    lines = [
        f"digraph {_quoted(drawings[0].flow)} {{",
        '  graph [rankdir=TB, fontname="sans-serif", labelloc=t, labeljust=l, nodesep=0.35, ranksep=0.45]',
        '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=11, margin="0.15,0.08"]',
        f'  edge [fontname="sans-serif", fontsize=9, color="{_LINE}", arrowsize=0.7]',
    ]
    for drawing in drawings:
        heading = _quoted(" · ".join([drawing.flow, *drawing.notes]))
        inner = [f"label={heading}", *_drawing(drawing, first)]
        if len(drawings) > 1:
            cluster = _quoted(f"cluster_{drawing.flow}")
            inner = [f"subgraph {cluster} {{", *(f"  {line}" for line in inner), "}"]
        lines += [f"  {line}" for line in inner]
    return "\n".join([*lines, "}", ""])


def _drawing(drawing: Drawing, first: dict[str, str]) -> Iterator[str]:
    def name(box: str) -> str:
        return _quoted(f"{drawing.flow}/{box}")

    for box in drawing.boxes:
        yield f"{name(box.id)} [{_box(box, drawing.file)}]"
    for arrow in drawing.arrows:
        yield f"{name(arrow.source)} -> {name(arrow.target)}{_arrow(arrow)}"
    for box in drawing.boxes:
        if box.calls in first:
            yield f'{name(box.id)} -> {first[box.calls]} [label="calls", style=dotted]'


def _box(box: Box, file: str) -> str:
    bar, surface = LIGHT[box.family]
    head = f"{box.title}  ({box.verb})" if box.verb else box.title
    marks = (*box.marks, *(("(untested)",) if box.untested else ()))
    text = "\n".join([head, *_wrapped(cut(box.says, _SAYS)), *marks])
    found = {"label": text, "fillcolor": surface, "color": _UNTAKEN if box.untested else bar}
    if box.line:
        found["tooltip"] = f"{file}:{box.line}"
    if box.family in ("event", "end"):
        found["shape"] = "ellipse"
    if box.family == "event":
        found["style"] = "dashed,filled"
    if box.calls:
        found["peripheries"] = "2"
    return ", ".join(f"{key}={_quoted(value)}" for key, value in found.items())


def _arrow(arrow: Arrow) -> str:
    found = {}
    if text := "\n".join(one for label in arrow.labels if (one := _said(label))):
        found["label"] = text
    if arrow.is_untaken:
        found |= {"color": _UNTAKEN, "fontcolor": _UNTAKEN, "style": "dashed"}
    elif arrow.failure:
        found |= {"color": _FAILURE, "fontcolor": _FAILURE, "style": "dotted"}
    written = ", ".join(f"{key}={_quoted(value)}" for key, value in found.items())
    return f" [{written}]" if written else ""


def _said(label: Label) -> str:
    text = cut(label.text, _LABEL)
    return f"{text} (untested)".strip() if label.untaken else text


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and len(line) + len(word) >= _WRAP:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    if line:
        yield line


def _quoted(text: str) -> str:
    r"""`\n` is a new line to Graphviz; other backslashes are doubled, so that they are what they are."""
    lines = ("".join(plain(line)) for line in text.split("\n"))
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
