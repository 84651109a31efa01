"""Each format of the flows that have everything, as it was looked at; and what its readers refuse."""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from engine.diagram import Drawing, draw
from engine.diagram.dot import dot
from engine.diagram.mermaid import MAX_EDGES, MAX_TEXT, mermaid, too_large
from engine.diagram.svg import svg
from engine.diagram.taken import Untaken
from engine.model.graph import FlowGraph
from tests.compile.corpus import compiled, flows, named
from tests.playbooks.machine import compiled as small

HERE = Path(__file__).parent / "goldens"
FLOWS = [path for path in flows("ok") if named(path) in ("asking", "every_way_on")]
FORMATS = {"mmd": mermaid, "dot": dot, "svg": svg}
SVG = "{http://www.w3.org/2000/svg}"
ODD = 'start: a\nsteps:\n  a: {play: "\\"<b>&amp;\\\\ `]]> #quot; \\u202e --> %% 😀 ${x} \\u0001", next: b}\n  b: {end: done}\n'


def drawings(graph: FlowGraph, untaken: Mapping[str, Untaken] | None = None) -> list[Drawing]:
    every = (graph, *graph.subflows.values())
    return [draw(one, file=f"flows/{one.flow}.flow.yaml", untaken=untaken) for one in every]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("path", FLOWS, ids=named)
def test_format_is_the_reviewed_one(path: Path, form: str, golden: Callable[[Path, str], None]) -> None:
    graph = compiled(path).graph
    assert graph is not None
    golden(HERE / f"{named(path)}.{form}", FORMATS[form](drawings(graph)))


@pytest.mark.parametrize("path", flows("ok"), ids=named)
def test_svg_is_xml_without_script(path: Path) -> None:
    graph = compiled(path).graph
    assert graph is not None
    root = ElementTree.fromstring(svg(drawings(graph)))
    assert root.tag == f"{SVG}svg"
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "title", "style", "rect", "g", "text", "path", "a"}


def test_odd_text_is_text_in_every_format() -> None:
    drawn = drawings(small(ODD))
    root = ElementTree.fromstring(svg(drawn))
    assert not [element for element in root.iter() if element.tag == f"{SVG}b"]
    assert "<b>&" in "".join(root.itertext())
    line = next(one for one in mermaid(drawn).splitlines() if "play" in one)
    assert line.count('"') == 2, "the label ends where it should"
    assert "#60;b#62;#38;amp;" in line
    assert '\\"<b>&amp;\\\\' in dot(drawn)


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("path", flows("ok"), ids=named)
def test_graphviz_reads_it(path: Path) -> None:
    graph = compiled(path).graph
    assert graph is not None
    subprocess.run(["dot", "-Tplain"], input=dot(drawings(graph)), text=True, check=True, capture_output=True)


def long(steps: int, said: str) -> FlowGraph:
    text = "".join(f'  s{n}: {{play: "{said}", next: s{n + 1}}}\n' for n in range(steps))
    return small(f"start: s0\nsteps:\n{text}  s{steps}: {{end: done}}\n")


def test_long_texts_are_left_out_before_mermaid_refuses() -> None:
    drawn = drawings(long(400, "Please listen carefully, because our menu has changed. " * 3))
    text = mermaid(drawn)
    assert len(text) <= MAX_TEXT
    assert "Please" not in text
    assert not too_large(drawn, text)


def test_what_mermaid_refuses_is_said() -> None:
    drawn = drawings(long(MAX_EDGES, "Hello."))
    assert str(MAX_EDGES) in too_large(drawn, mermaid(drawn))


def test_subflow_is_a_link_to_its_drawing() -> None:
    main = "start: a\nsteps: {a: {subflow: {flow: inner}, next: b}, b: {end: done}}"
    graph = small(main, inner="start: r\nsteps: {r: {return: done}}\n")
    assert '<a href="#flow-inner">' in svg(drawings(graph))
    assert "<a href" not in svg(drawings(graph)[:1])


def test_way_that_no_test_takes_is_marked() -> None:
    graph = compiled(next(path for path in FLOWS if named(path) == "asking")).graph
    assert graph is not None
    step = next(iter(graph.steps.values()))
    outcome = next(iter(step.next.named), step.outcomes[0])
    drawn = drawings(graph, {graph.flow: Untaken(ways=frozenset({(step.name, outcome)}), steps=frozenset({step.name}))})
    assert "(untested)" in mermaid(drawn)
    assert "<i>untested</i>" in mermaid(drawn)
    assert " unentered" in svg(drawn)
    assert "(untested)" in dot(drawn)
    assert 'class="label missed"' in svg(drawn) or 'class="arrow untaken"' in svg(drawn)
