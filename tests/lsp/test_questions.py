"""What an editor asks about a place, a document or a name."""

from typing import Any

import pytest

from tests.lsp.editor import Editor, Refused
from tests.lsp.project import CALENDAR, FLOW, SUBFLOW, SWML, TESTS, TEXTS
from tests.unit.editing.marked import BEGINNING, step

AT_MENU = BEGINNING.replace("start: menu", "start: me¦nu")


def labels(found: Any) -> list[str]:
    return [item["label"] for item in found["items"]]


def test_completion_offers_what_fits_in_our_order(editor: Editor) -> None:
    found = editor.at("completion", FLOW, step("play: x\nnext: m¦"))
    assert labels(found)[:2] == ["menu", "listen"]
    assert [item["sortText"] for item in found["items"]] == sorted(item["sortText"] for item in found["items"])
    first = found["items"][0]
    assert first["detail"] == "ask"
    assert first["textEdit"]["newText"] == "menu"


@pytest.mark.parametrize(
    "text", [step('play: "Hi ${{ vars.¦'), step("play: x\nnext: {sa¦").replace("next: bye\n  bye", "next: {\n  bye")]
)
def test_completion_works_in_a_document_that_is_no_yaml(editor: Editor, text: str) -> None:
    assert labels(editor.at("completion", FLOW, text))


def test_files_beside_the_flow_are_offered(editor: Editor) -> None:
    assert labels(editor.at("completion", FLOW, step("subflow: {flow: ¦"))) == ["pin"]
    assert labels(editor.at("completion", FLOW, step("redirect: {swml: ¦")))[:1] == ["desk.yaml"]


def test_swml_knows_the_names_of_the_flow_that_names_it(editor: Editor) -> None:
    editor.open(FLOW, step("redirect: {swml: desk.yaml}"))
    found = labels(editor.at("completion", SWML, TEXTS[SWML].replace("vars.url", "vars.¦")))
    assert found == ["tries", "url"]


def test_hover_is_markdown_about_a_range(editor: Editor) -> None:
    found = editor.at("hover", FLOW, AT_MENU)
    assert found["contents"]["kind"] == "markdown"
    assert "To: `bye` (sales), `keep` (otherwise)." in found["contents"]["value"]
    assert found["range"] == {"start": {"line": 2, "character": 7}, "end": {"line": 2, "character": 11}}


@pytest.mark.parametrize(
    ("name", "text", "to"),
    [
        (FLOW, AT_MENU, FLOW),
        (FLOW, step("subflow: {flow: p¦in}"), SUBFLOW),
        (FLOW, step("redirect: {swml: de¦sk.yaml}"), SWML),
        (FLOW, BEGINNING.replace("hours: calendar", "ho¦urs: calendar"), CALENDAR),
        (TESTS, TEXTS[TESTS].replace("[menu", "[me¦nu"), FLOW),
    ],
)
def test_definition_leads_to_a_place_or_a_file(editor: Editor, name: str, text: str, to: str) -> None:
    (found,) = editor.at("definition", name, text)
    assert found["uri"] == editor.uri(to)


def test_definition_of_what_is_not_there_is_nothing(editor: Editor) -> None:
    assert editor.at("definition", FLOW, step("redirect: {swml: nowh¦ere.yaml}")) == []


def test_references_are_in_the_test_file_too(editor: Editor) -> None:
    found = editor.at("references", FLOW, AT_MENU, context={"includeDeclaration": True})
    assert [one["uri"] for one in found] == [editor.uri(name) for name in (FLOW, FLOW, TESTS, TESTS)]


def test_rename_changes_the_flow_and_its_tests(editor: Editor) -> None:
    editor.open(TESTS, TEXTS[TESTS].replace("one:", "another_name_for_it:"))
    found = editor.at("prepareRename", FLOW, AT_MENU)
    assert found == {"start": {"line": 2, "character": 7}, "end": {"line": 2, "character": 11}}
    changes = editor.at("rename", FLOW, AT_MENU, newName="main")["changes"]
    assert {uri: len(edits) for uri, edits in changes.items()} == {editor.uri(FLOW): 2, editor.uri(TESTS): 2}
    assert {edit["newText"] for edits in changes.values() for edit in edits} == {"main"}


def test_rename_of_a_subflows_step_changes_the_tests_of_the_flows_that_call_it(editor: Editor) -> None:
    """A step of the caller that has the same name is another."""
    editor.open(FLOW, step("subflow: {flow: pin, with: {account: x}}\nnext: menu").replace("bye", "done"))
    tests = "tests: hello\ncases:\n  one:\n    expect: {path: [menu, pin/done, done], outcomes: {pin/done: verified}}\n"
    editor.open(TESTS, tests)
    at = TEXTS[SUBFLOW].replace("  done:", "  do¦ne:")
    found = editor.at("references", SUBFLOW, at, context={"includeDeclaration": True})
    uris = [editor.uri(name) for name in (SUBFLOW, SUBFLOW, TESTS, TESTS)]
    assert sorted(one["uri"] for one in found) == sorted(uris)
    edits = editor.at("rename", SUBFLOW, at, newName="over")["changes"][editor.uri(TESTS)]
    marked = [(one["range"]["start"]["character"], one["range"]["end"]["character"]) for one in edits]
    line = tests.split("\n")[3]
    assert [line[start - 4 : end] for start, end in marked] == ["pin/done", "pin/done"]


CALLING = step("subflow: {flow: pin, with: {account: x}}\nnext: menu").replace("bye", "done")
CASES = "tests: hello\ncases:\n  one:\n    expect: {path: [menu, pin/done, done], outcomes: {pin/done: verified}}\n"
AT_INNER = CASES.replace("[menu, pin/done", "[menu, pin/do¦ne")


def test_step_of_a_subflow_is_renamed_from_a_test_that_names_it(editor: Editor) -> None:
    """There, and in all tests; what the caller has of that name is another step."""
    editor.open(FLOW, CALLING)
    found = editor.at("prepareRename", TESTS, AT_INNER)
    line = CASES.split("\n")[3]
    assert line[found["start"]["character"] : found["end"]["character"]] == "done"
    assert line[found["start"]["character"] - 4 :].startswith("pin/done")
    changes = editor.at("rename", TESTS, AT_INNER, newName="over")["changes"]
    assert {uri: len(edits) for uri, edits in changes.items()} == {editor.uri(SUBFLOW): 2, editor.uri(TESTS): 2}
    with pytest.raises(Refused, match="has no step `gone`"):
        editor.at("rename", TESTS, AT_INNER.replace("do¦ne", "go¦ne"), newName="over")


def test_step_of_a_subflow_is_found_from_a_test_that_names_it(editor: Editor) -> None:
    editor.open(FLOW, CALLING)
    (declared,) = editor.at("definition", TESTS, AT_INNER)
    assert declared["uri"] == editor.uri(SUBFLOW)
    assert declared["range"]["start"] == {"line": 6, "character": 2}
    found = editor.at("references", TESTS, AT_INNER, context={"includeDeclaration": True})
    uris = [editor.uri(name) for name in (SUBFLOW, SUBFLOW, TESTS, TESTS)]
    assert sorted(one["uri"] for one in found) == sorted(uris)


@pytest.mark.parametrize(
    ("text", "name", "why"), [(AT_MENU, "Main", "cannot be the name"), (step("play: x¦"), "y", "Only steps")]
)
def test_rename_that_cannot_be_is_refused_with_the_reason(editor: Editor, text: str, name: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        editor.at("rename", FLOW, text, newName=name)
    assert refused.value.code == -32803
    assert "Traceback" not in "".join(editor.errors)


def test_symbols_are_sections_and_steps(editor: Editor) -> None:
    editor.open(FLOW, step('play: "x'))
    found = editor.ask("textDocument/documentSymbol", textDocument={"uri": editor.uri(FLOW)})
    steps = next(one for one in found if one["name"] == "steps")
    assert [(one["name"], one.get("detail")) for one in steps["children"]][-1] == ("last", "play")


def actions(editor: Editor, text: str, line: str) -> Any:
    editor.open(FLOW, text)
    number = text.splitlines().index(line)
    place = {"line": number, "character": len(line) - 1}
    document = {"uri": editor.uri(FLOW)}
    return editor.ask(
        "textDocument/codeAction",
        textDocument=document,
        range={"start": place, "end": place},
        context={"diagnostics": []},
    )


def test_action_repairs_a_finding(editor: Editor) -> None:
    (found,) = actions(editor, step("play: x\nnext: by"), "    next: by")
    assert (found["title"], found["kind"]) == ("Write `bye`", "quickfix")
    (edit,) = found["edit"]["changes"][editor.uri(FLOW)]
    assert edit["newText"] == "bye"
    assert found["diagnostics"][0]["code"] == "FLW001"


def test_action_leaves_a_finding_with_a_comment(editor: Editor) -> None:
    found = actions(editor, step("play: x\nnext: bye"), "  last:")
    titles = [one["title"] for one in found]
    assert "Leave FLW002 as it is, with a comment" in titles
