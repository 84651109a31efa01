"""Definitions, references, renaming: a name in all documents of its flow."""

import pytest

from engine.editing.document import Document
from engine.editing.links import Spot, definition, references
from engine.editing.renaming import CannotRename, rename, renamed
from engine.lint.fixing import apply
from tests.unit.editing.marked import BEGINNING, document, marked, step

FLOW, TESTS = "hello.flow.yaml", "hello.test.yaml"
CASES = """\
tests: hello
cases:
  one:
    expect:
      path: [menu, keep, "...", pin/menu]
      outcomes: {menu: no_input}
      vars: {url: x}
"""
SWML = 'sections: {main: [{play: "say:${{ vars.url }} of ${{ steps.menu.choice }}"}]}\n'


def together(text: str) -> tuple[dict[str, Document], int]:
    here, at = marked(text)
    cases = document(CASES, "test", flow=here.text)
    return {FLOW: here, TESTS: cases, "swml/desk.yaml": document(SWML, "swml", flow=here.text)}, at


def texts(documents: dict[str, Document], spots: list[Spot]) -> list[tuple[str, str]]:
    return [(one.file, documents[one.file].text[one.start : one.end]) for one in spots]


def test_step_is_defined_once_and_found_everywhere() -> None:
    documents, at = together(BEGINNING.replace("start: menu", "start: me¦nu"))
    (found,) = definition(documents, FLOW, at)
    assert documents[FLOW].text[found.start : found.end + 1] == "menu:"
    spots = references(documents, FLOW, at)
    assert [one.file for one in spots] == [FLOW, FLOW, TESTS, TESTS, "swml/desk.yaml"]
    assert {text for _, text in texts(documents, spots)} == {"menu"}
    assert len(references(documents, FLOW, at, declarations=False)) == len(spots) - 1


@pytest.mark.parametrize(
    ("line", "declared"),
    [
        ("set: {tries: vars.tr¦ies}", "tries: 0"),
        ("set: {tr¦ies: 1}", "tries: 0"),
        ('play: "${{ inputs.po¦ints }}"', "points: {"),
        ('play: "${{ signal.ro¦om }}"', "room: int"),
        ("wait: {signal: desk_¦free}", "desk_free: {"),
        ("wait: list¦en", "listen:"),
        ("play.stop: mu¦sic", "music:"),
        ("play: x\nuntil: {lis¦ten: [digits]}", "listen:"),
        ("play: \"${{ or(steps.lis¦ten.digits, '') }}\"", "listen:"),
        ("branch: [{if: vars.tries > 0, next: me¦nu}, {else: bye}]", "menu:"),
    ],
)
def test_definition_of_a_name(line: str, declared: str) -> None:
    documents, at = together(step(line))
    (found,) = definition(documents, FLOW, at)
    assert documents[FLOW].text.startswith(declared, found.start)


@pytest.mark.parametrize(
    ("text", "file"),
    [
        (step("subflow: {flow: p¦in}"), "lib/pin.flow.yaml"),
        (step("redirect: {swml: de¦sk.yaml}"), "swml/desk.yaml"),
        (BEGINNING.replace("hours: calendar", "ho¦urs: calendar"), "calendars/practice.calendar.yaml"),
    ],
)
def test_definition_is_a_file(text: str, file: str) -> None:
    documents, at = together(text)
    assert definition(documents, FLOW, at) == [Spot(file)]


def test_nothing_is_defined_where_no_name_stands() -> None:
    documents, at = together(step("play: hel¦lo"))
    assert definition(documents, FLOW, at) == references(documents, FLOW, at) == []


def changed(documents: dict[str, Document], at: int, name: str) -> dict[str, str]:
    edits = rename(documents, FLOW, at, name)
    return {file: apply(one.text, edits.get(file, ())) for file, one in documents.items()}


def test_step_is_renamed_in_flow_tests_and_swml() -> None:
    documents, at = together(BEGINNING.replace("start: menu", "start: me¦nu"))
    after = changed(documents, at, "main")
    assert after[FLOW] == documents[FLOW].text.replace("menu", "main")
    assert "path: [main, keep" in after[TESTS]
    assert "pin/menu" in after[TESTS]
    assert "outcomes: {main: no_input}" in after[TESTS]
    assert "steps.main.choice" in after["swml/desk.yaml"]


def test_variable_is_renamed_where_it_is_set_and_read() -> None:
    documents, at = together(step("set: {url: \"vars.u¦rl + 'vars.url'\"}\nnext: bye"))
    after = changed(documents, at, "address")
    assert "address: {type: string}" in after[FLOW]
    assert "set: {address: \"vars.address + 'vars.url'\"}" in after[FLOW]
    assert "vars: {address: x}" in after[TESTS]
    assert "say:${{ vars.address }}" in after["swml/desk.yaml"]


def test_renamed_is_the_name_alone() -> None:
    documents, at = together(step('play: "${{ steps.me¦nu.choice }}"'))
    one = renamed(documents, FLOW, at)
    assert documents[FLOW].text[one.start : one.end] == "menu"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Main", "cannot be the name of a step"),
        ("", "cannot be the name of a step"),
        ("otherwise", "has a meaning of its own"),
        ("bye", "There is a step `bye` already"),
    ],
)
def test_bad_name_is_refused(name: str, why: str) -> None:
    documents, at = together(BEGINNING.replace("start: menu", "start: me¦nu"))
    with pytest.raises(CannotRename, match=why):
        rename(documents, FLOW, at, name)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (step("subflow: {flow: p¦in}"), "Only steps and variables"),
        (step("play: hel¦lo"), "Only steps and variables"),
        (step("play: x\nnext: nowh¦ere"), "not declared in this flow"),
        (step('play: "x\nnext: bye').replace("start: menu", "start: me¦nu"), "cannot be read at line"),
    ],
)
def test_what_cannot_be_renamed_is_refused(text: str, why: str) -> None:
    documents, at = together(text)
    with pytest.raises(CannotRename, match=why):
        rename(documents, FLOW, at, "main")
