"""Every flow in ok/ compiles without a word, to the graph that was reviewed (ok/*.txt)."""

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.model.verbs import VERB
from tests.compile.corpus import compiled, flows, named
from tests.compile.outline import outline

FLOWS = flows("ok")


@pytest.mark.parametrize("path", FLOWS, ids=named)
def test_flow_compiles_to_the_reviewed_graph(path: Path, golden: Callable[[Path, str], None]) -> None:
    result = compiled(path)
    assert result.diagnostics == ()
    assert result.graph is not None
    golden(path.with_name(f"{named(path)}.txt"), outline(result.graph))


def test_every_verb_is_in_a_good_flow() -> None:
    graphs = [graph for path in FLOWS if (graph := compiled(path).graph) is not None]
    called = [flow for graph in graphs for flow in graph.subflows.values()]
    assert {step.verb for graph in (*graphs, *called) for step in graph.steps.values()} >= {*VERB}


@pytest.mark.parametrize("path", FLOWS, ids=named)
def test_line_ends_and_byte_order_mark_change_nothing(path: Path) -> None:
    changed = compiled(path, codecs.BOM_UTF8 + path.read_bytes().replace(b"\n", b"\r\n"))
    assert changed.diagnostics == ()
    plain = compiled(path)
    assert changed.graph is not None
    assert plain.graph is not None
    assert outline(changed.graph) == outline(plain.graph)
