"""Examples of flows, environments and JSON: they compile, fit and parse."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from engine.compile import compile_bundle, compile_calendar, zone_named
from engine.project import zones
from engine.project.environment import load
from engine.project.testing import run
from engine.sandbox.script import read_script
from tests.architecture.source import ROOT
from tests.docs import flows
from tests.docs.pages import BLOCKS, BY_NAME, Block, blocks

KINDS = {"yaml", "json", "sh", "console", "text", "python"}
VARIABLES = {"SIGNALWIRE_PROJECT_ID": "p", "SIGNALWIRE_API_TOKEN": "t", "SIGNALWIRE_SPACE": "example.signalwire.com"}


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_block_is_of_a_kind_that_is_executed(block: Block) -> None:
    assert block.kind in KINDS


def good(block: Block) -> bool:
    return not block.words


@pytest.mark.parametrize("block", [one for one in blocks("yaml") if good(one)], ids=str)
def test_yaml_example_is_a_sound_flow_or_environment(block: Block, tmp_path: Path) -> None:
    if flows.is_environment(block.text):
        _is_sound_environment(block, tmp_path)
        return
    if flows.is_calendar(block.text):
        _is_sound_calendar(block)
        return
    if flows.is_swml(block.text):
        assert block.text.startswith("# flows/swml/"), "compiled with the flow that names it"
        return
    if flows.is_tests(block.text):
        _passes(block, tmp_path)
        return
    found = flows.compiled(block.text)
    said = "\n".join(f"{one.span.line}: {one.code} {one.message} {one.help}" for one in found.diagnostics)
    assert found.graph is not None, said
    assert not found.diagnostics, said


def _is_sound_environment(block: Block, tmp_path: Path) -> None:
    name = yaml.safe_load(block.text)["environment"]
    path = tmp_path / f"{name}.env.yaml"
    path.write_text(block.text, encoding="utf-8")
    assert load(path, VARIABLES).name == name


def _passes(block: Block, tmp_path: Path) -> None:
    """The tests of a flow of the same page, or of a shipped one."""
    name = yaml.safe_load(block.text)["tests"]
    shutil.copytree(ROOT / "flows", tmp_path / "flows")
    for one in BY_NAME[block.page].blocks:
        if one.text.startswith(f"flow: {name}\n"):
            (tmp_path / "flows" / f"{name}.flow.yaml").write_text(one.text, encoding="utf-8")
    path = tmp_path / "flows" / f"{name}.test.yaml"
    path.write_text(block.text, encoding="utf-8")
    tested = run(path)
    assert tested.passed, [failure for result in tested.results for failure in result.failures] or tested.diagnostics
    assert tested.results


def _is_sound_calendar(block: Block) -> None:
    data = block.text.encode()
    zone = zone_named(data)
    name = yaml.safe_load(data)["calendar"]
    assert not compile_calendar(name, data, {zone: zones.load(zone) or b""}).diagnostics


@pytest.mark.parametrize("block", [one for one in blocks("yaml") if not good(one)], ids=str)
def test_wrong_example_has_just_the_mistake_that_it_shows(block: Block) -> None:
    word, code = block.words
    assert word == "error"
    assert {one.code for one in flows.compiled(block.text).diagnostics if one.severity == "error"} == {code}


@pytest.mark.parametrize("block", blocks("json"), ids=str)
def test_json_example_parses(block: Block) -> None:
    json.loads(block.text)


@pytest.mark.parametrize("block", [one for one in blocks("json") if one.words == ("script",)], ids=str)
def test_script_can_be_played(block: Block) -> None:
    assert read_script(json.loads(block.text))


def test_shipped_flow_is_not_taken_for_a_fragment() -> None:
    name, text = flows.whole("flow: a\nlanguage: 1\nstart: b\nsteps: {b: {end: done}}\n")
    assert name == "a"
    assert compile_bundle(flows.bundle(name, text)).graph is not None
