"""What is published about documents while somebody types."""

from pathlib import Path

import pytest

from tests.lsp.editor import Editor
from tests.lsp.project import CALENDAR, ENVIRONMENT, FLOW, SUBFLOW, SWML, TESTS, TEXTS, make
from tests.unit.editing.marked import step

BROKEN = step("play: x\nnext: nowhere")


def test_finding_stands_where_it_is_and_goes_when_it_is_corrected(editor: Editor) -> None:
    editor.open(FLOW, BROKEN)
    (found,) = [one for one in editor.found(FLOW) if one["code"] == "FLW001"]
    line = BROKEN.splitlines().index("    next: nowhere")
    assert found["range"] == {"start": {"line": line, "character": 10}, "end": {"line": line, "character": 17}}
    assert (found["severity"], found["source"]) == (1, "offhook")
    assert "There is no step `nowhere`." in found["message"]
    editor.change(FLOW, TEXTS[FLOW])
    assert "FLW001" not in editor.codes(FLOW)


def test_only_the_last_of_many_changes_is_published(editor: Editor) -> None:
    editor.open(FLOW, BROKEN)
    for letters in ("b", "by", "bye"):
        editor.change(FLOW, BROKEN.replace("nowhere", letters))
    assert "FLW001" not in editor.codes(FLOW)


def test_characters_beyond_the_basic_plane_count_twice(editor: Editor) -> None:
    editor.open(FLOW, step('play: "😀 ${{ vars.nothing }}"\nnext: bye'))
    (found,) = [one for one in editor.found(FLOW) if one["code"] == "VAR001"]
    assert found["range"]["start"]["character"] == len('    play: "xx ${{ ')


@pytest.mark.parametrize(
    ("name", "before", "after", "code"),
    [
        (CALENDAR, "08:00-12:00", "12:00-08:00", "CAL001"),
        (CALENDAR, "Europe/Berlin", "Europe/Nowhere", "CAL003"),
        (ENVIRONMENT, "public_url", "public_uri", "SYN003"),
        (TESTS, "path: [menu", "path: [menue", "TST002"),
        (SWML, "main:", "mane:", "FLW015"),
        (SUBFLOW, "outcome: verified", "outcome: Verified", "SYN008"),
    ],
)
def test_other_documents_have_findings_too(editor: Editor, name: str, before: str, after: str, code: str) -> None:
    text = TEXTS[name]
    assert before in text
    editor.open(name, text)
    assert [one for one in editor.found(name) if one["severity"] == 1] == []
    editor.change(name, text.replace(before, after))
    assert [one["code"] for one in editor.found(name) if one["severity"] == 1]


def test_swml_hears_what_the_flow_says_of_its_expressions(editor: Editor) -> None:
    flow = step("redirect: {swml: desk.yaml}")
    editor.open(FLOW, flow)
    editor.open(SWML, TEXTS[SWML].replace("vars.url", "vars.nothing"))
    assert "VAR001" in editor.codes(SWML)


def test_change_of_one_document_is_heard_by_another(editor: Editor) -> None:
    editor.open(FLOW, step("subflow: {flow: pin, with: {account: x}}\nnext: {verified: bye}"))
    assert "FLW013" not in editor.codes(FLOW)
    editor.open(SUBFLOW, TEXTS[SUBFLOW].replace("verified", "known"))
    while "FLW013" not in [one["code"] for one in editor.findings[editor.uri(FLOW)]]:
        editor.wait()


def test_change_on_the_disk_is_heard(tmp_path: Path) -> None:
    folder = make(tmp_path)
    with Editor(folder) as editor:
        editor.open(FLOW, step("redirect: {swml: later.yaml}"))
        assert "FLW015" in editor.codes(FLOW)
        assert editor.registered == ["workspace/didChangeWatchedFiles"]
        later = folder / "flows/swml/later.yaml"
        later.write_text("sections: {main: []}\n", encoding="utf-8")
        editor.tell("workspace/didChangeWatchedFiles", changes=[{"uri": later.as_uri(), "type": 1}])
        while "FLW015" in [one["code"] for one in editor.findings[editor.uri(FLOW)]]:
            editor.wait()


def test_closed_document_has_no_findings_and_may_be_opened_again(editor: Editor) -> None:
    editor.open(FLOW, BROKEN)
    assert editor.codes(FLOW)
    editor.close(FLOW)
    while editor.findings[editor.uri(FLOW)]:
        editor.wait()
    editor.open(FLOW, BROKEN)
    assert "FLW001" in editor.codes(FLOW)


def test_file_outside_of_a_project_is_checked_by_itself(editor: Editor, tmp_path: Path) -> None:
    name = (tmp_path / "alone.flow.yaml").as_uri()
    editor.open(name, "flow: alone\nlanguage: 1\nstart: a\nsteps:\n  a:\n    play: x\n    next: b\n")
    assert "FLW001" in editor.codes(name)


def test_document_that_was_never_saved_is_known_by_its_first_key(editor: Editor) -> None:
    editor.open("untitled:Untitled-1", "flow: x\nlanguage: 1\nstart: a\nsteps:\n  a:\n    play: x\n    next: b\n")
    assert "FLW001" in editor.codes("untitled:Untitled-1")


def test_file_that_is_not_ours_is_left_alone(editor: Editor) -> None:
    editor.open("notes.yaml", "steps: [")
    assert editor.codes("notes.yaml") == []
    assert editor.ask_at("hover", "notes.yaml", 0, 3) is None
    assert editor.ask_at("completion", "notes.yaml", 0, 3)["items"] == []


def test_settings_of_the_project_hold_and_wrong_ones_are_said_once(tmp_path: Path) -> None:
    folder = make(tmp_path)
    (folder / "offhook.toml").write_text('[lint]\nignore = ["TST001", "FLW002"]\n', encoding="utf-8")
    with Editor(folder) as editor:
        editor.open(FLOW, step("play: x\nnext: bye"))
        assert "FLW002" not in editor.codes(FLOW)
        (folder / "offhook.toml").write_text("[lint]\nignored = 1\n", encoding="utf-8")
        for line in ("play: y", "play: z"):
            editor.change(FLOW, step(f"{line}\nnext: bye"))
            assert "FLW002" in editor.codes(FLOW)
        assert len(editor.shown) == 1
        assert "There is no setting `ignored`." in editor.shown[0]


def test_client_that_counts_bytes_is_answered_in_bytes(tmp_path: Path) -> None:
    with Editor(make(tmp_path), encodings=("utf-8", "utf-16")) as editor:
        assert editor.capabilities["capabilities"]["positionEncoding"] == "utf-8"
        editor.open(FLOW, step('play: "é ${{ vars.nothing }}"\nnext: bye'))
        (found,) = [one for one in editor.found(FLOW) if one["code"] == "VAR001"]
        assert found["range"]["start"]["character"] == len('    play: "é ${{ '.encode())
