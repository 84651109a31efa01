"""SWML against the vendor's schema: what is odd, where, and in whose words."""

from pathlib import Path
from typing import Any

import pytest

from engine.compile import compile_bundle
from engine.lint.settings import Settings
from engine.model.bundle import Bundle
from engine.project.checking import check
from engine.project.vendor_swml import vendor_check

FLOW = """
flow: story
language: 1
vars: {cents: 1200, name: Ann}
start: away
steps:
  away:
    excursion: {swml: SWML, deadline: 10m}
    next: bye
  bye: {end: hangup}
"""


def problems(*main: Any) -> list[tuple[Any, ...]]:
    found = vendor_check()
    assert found is not None, "signalwire-sdk is among the tests' packages"
    return [(*one.path, one.message) for one in found({"sections": {"main": list(main)}})]


def test_sound_methods_are_not_spoken_of() -> None:
    assert problems("answer", {"play": {"url": "say:Hello"}}, {"sleep": {"duration": -1}}, {"hangup": {}}) == []


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ({"enter_queu": {"queue_name": "x"}}, ("enter_queu",), "SWML has no method `enter_queu`."),
        ({"pay": {}}, ("pay",), "`payment_connector_url` is missing"),
        ({"sleep": {"duration": "long"}}, ("sleep",), "refuses this"),
        ({"play": {"url": "say:x"}, "hangup": {}}, (), "a mapping with one name"),
        (7, (), "a mapping with one name"),
    ],
)
def test_odd_method_is_found_where_it_stands(method: Any, path: tuple[str, ...], said: str) -> None:
    (found,) = problems("answer", method)
    assert found[:3] == ("sections", "main", 1)
    assert found[3 : 3 + len(path)] == path
    assert said in found[-1]


def test_compiler_warns_at_the_method_and_templates_count_as_their_type() -> None:
    swml = '{sections: {main: [{set: {a: "${{ vars.cents }}"}}, {plai: {url: "say:${{ vars.name }}"}}]}}'
    text = FLOW.replace("SWML", swml)
    done = compile_bundle(Bundle("story", {"story.flow.yaml": text.encode()}), swml_check=vendor_check())
    assert done.graph is not None, "it is a warning"
    (found,) = done.diagnostics
    assert (found.code, found.severity, found.help) == ("FLW019", "warning", "Did you mean `play`?")
    line = text.splitlines()[found.span.line - 1]
    assert line[found.span.column - 1 :].startswith("plai:")


def test_linter_speaks_of_a_document_where_the_flow_names_it(tmp_path: Path) -> None:
    (tmp_path / "swml").mkdir()
    (tmp_path / "swml" / "pay.yaml").write_text("sections:\n  main:\n    - pay: {}\n    - plai: {}\n")
    flow = tmp_path / "story.flow.yaml"
    flow.write_text(FLOW.replace("SWML", "pay.yaml"))
    found = [one for one in check(flow, Settings()).findings if one.code == "FLW019"]
    assert [one.message.split(":")[0] for one in found] == ["swml/pay.yaml, line 3", "swml/pay.yaml, line 4"]
    assert {one.span.line for one in found} == {8}
    assert {one.file for one in found} == {str(flow)}
