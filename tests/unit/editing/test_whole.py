"""Outlines, actions, positions; tables that have to be complete."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compile.schemas import schema
from engine.editing.actions import actions
from engine.editing.functions import FUNCTIONS
from engine.editing.known import KINDS
from engine.editing.outline import outline
from engine.editing.positions import Encoding, Positions
from engine.editing.steps import ABOUT
from engine.expr.functions import NAMES
from engine.lint.fixing import apply
from engine.lint.run import lint
from engine.lint.settings import Settings
from engine.model.bundle import Bundle
from engine.model.verbs import FAILURES
from tests.unit.editing.marked import BEGINNING, step
from tests.unit.schemas.registry import all_places


def test_outline_has_sections_and_steps_with_their_verbs() -> None:
    found = {one.name: one for one in outline(BEGINNING)}
    assert list(found) == ["flow", "language", "start", "uses", "inputs", "vars", "signals", "steps"]
    steps = [(one.name, one.detail) for one in found["steps"].inner]
    assert steps == [("menu", "ask"), ("listen", "collect"), ("music", "play"), ("keep", "set"), ("bye", "end")]
    assert [one.name for one in found["vars"].inner] == ["tries", "url"]
    menu = found["steps"].inner[0]
    assert BEGINNING[menu.key : menu.key_end] == "menu"
    assert BEGINNING[menu.start : menu.end].endswith("next: {sales: bye, otherwise: keep}")


def test_outline_of_a_broken_file_has_its_steps() -> None:
    steps = next(one for one in outline(step('play: "x\nnext: {')) if one.name == "steps").inner
    assert steps[-1].name == "last"


WARNED = step("play: x\nnext: bye")
"""A step that nothing leads to (FLW002)."""


def findings(text: str) -> list[str]:
    found = lint(Bundle("hello", {"hello.flow.yaml": text.encode()}), file="hello.flow.yaml", settings=Settings())
    return [one.code for one in found if one.path.startswith("steps.last") or one.code == "STY006"]


@pytest.mark.parametrize("text", [WARNED, step("play: >-\n  one\n  two\nnext: bye"), WARNED.replace("\n", "\r\n")])
def test_comment_leaves_a_finding_as_it_is(text: str) -> None:
    found = lint(Bundle("hello", {"hello.flow.yaml": text.encode()}), file="hello.flow.yaml", settings=Settings())
    (one,) = [finding for finding in found if finding.code == "FLW002" and finding.path == "steps.last"]
    *_, action = actions(text, [one], one.start, one.end)
    assert action.title == "Leave FLW002 as it is, with a comment"
    assert "FLW002" in findings(text)
    assert not {"FLW002", "STY006"} & set(findings(apply(text, action.edits)))


def test_repair_comes_first_and_an_error_cannot_be_left() -> None:
    text = step("play: x\nnext: by")
    found = lint(Bundle("hello", {"hello.flow.yaml": text.encode()}), file="hello.flow.yaml", settings=Settings())
    (one,) = [finding for finding in found if finding.code == "FLW001"]
    (action,) = actions(text, found, one.start, one.start)
    assert (action.title, action.preferred) == ("Write `bye`", False)
    assert apply(text, action.edits) == step("play: x\nnext: bye")
    assert actions(text, found, 0, 1) == ()


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 7), ("utf-16", 4), ("utf-32", 3)])
def test_character_counts_as_the_client_does(encoding: Encoding, character: int) -> None:
    positions = Positions("a\né😀xy", encoding)
    assert positions.position(4) == (1, character - 1)
    assert positions.offset(1, character) == 5


@pytest.mark.parametrize(("line", "character", "offset"), [(-1, 5, 0), (0, 99, 2), (7, 0, 8), (1, -3, 4), (1, 99, 6)])
def test_position_that_is_nowhere_is_moved(line: int, character: int, offset: int) -> None:
    assert Positions("ab\r\ncd\ne").offset(line, character) == offset


@given(st.text(alphabet="ab\n\ré😀\u2028", max_size=30), st.integers(0, 30))
def test_position_leads_back(text: str, offset: int) -> None:
    positions = Positions(text)
    offset = min(offset, len(text))
    if text[offset - 1 : offset + 1] != "\r\n":  # between the two halves of a line break is no place
        assert positions.offset(*positions.position(offset)) == offset


def test_every_name_that_schemas_speak_of_is_known() -> None:
    spoken = {place.schema["x-names"] for place in all_places() if "x-names" in place.schema}
    assert spoken == set(KINDS)
    assert schema("flow.schema.json")


def test_every_function_and_failure_is_described() -> None:
    assert set(NAMES) <= FUNCTIONS.keys()
    assert {*FAILURES, "expression", "otherwise", "accepted", "interrupted"} <= ABOUT.keys()
