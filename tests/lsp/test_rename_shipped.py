"""A rename in a shipped flow, whose test file names its steps and variables in conditions too."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.project.testing import run
from tests.architecture.source import ROOT
from tests.lsp.editor import CURSOR, Editor

FLOW, TESTS = "flows/queue_and_callback.flow.yaml", "flows/queue_and_callback.test.yaml"


@pytest.mark.parametrize(
    ("at", "name", "gone"),
    [
        ("  this_¦number:", "own_number", "steps.this_number"),
        ("vars.num¦ber", "callback_number", "vars.number"),
    ],
)
def test_what_is_renamed_leaves_no_stale_name_in_the_tests(tmp_path: Path, at: str, name: str, gone: str) -> None:
    shutil.copytree(ROOT / "flows", tmp_path / "flows")
    before = {file: (tmp_path / file).read_text(encoding="utf-8") for file in (FLOW, TESTS)}
    assert gone in before[TESTS]
    with Editor(tmp_path) as editor:
        text = before[FLOW].replace(at.replace(CURSOR, ""), at, 1)
        found = editor.at("references", FLOW, text, context={"includeDeclaration": True})
        edits = editor.at("rename", FLOW, text, newName=name)["changes"]
        marked = {(one["uri"], one["range"]["start"]["line"]) for one in found}
        assert marked == {(uri, one["range"]["start"]["line"]) for uri, those in edits.items() for one in those}
        for file in before:
            changed = applied(before[file], edits[editor.uri(file)])
            assert gone not in changed
            (tmp_path / file).write_text(changed, encoding="utf-8")
    tested = run(tmp_path / TESTS, only="no case is called this")
    assert not tested.diagnostics, [one.message for one in tested.diagnostics]


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda one: one["range"]["start"]["character"], reverse=True):
        start, end = edit["range"]["start"], edit["range"]["end"]
        assert start["line"] == end["line"]
        line = lines[start["line"]]
        lines[start["line"]] = line[: start["character"]] + edit["newText"] + line[end["character"] :]
    return "\n".join(lines)
