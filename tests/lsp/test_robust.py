"""Large files, places that are nowhere, what is cancelled, a server without its package."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.lsp.editor import Editor, Refused
from tests.lsp.project import CALENDAR, FLOW, TEXTS, make
from tests.unit.editing.marked import BEGINNING

QUESTIONS = ("completion", "hover", "definition", "prepareRename")
STEPS = 1_250
LARGE = BEGINNING + "".join(
    f"  s{number}:\n    ask: {{prompt: Hello, digits: {{max: 1}}}}\n    next:\n      otherwise: s{(number + 1) % STEPS}\n"
    for number in range(STEPS)
)


def test_file_of_five_thousand_lines_is_checked_and_asked_about(editor: Editor) -> None:
    assert LARGE.count("\n") > 5_000
    found = editor.at("completion", FLOW, f"{LARGE}  end_of_it:\n    next: s¦")
    assert {"menu", "s0", f"s{STEPS - 1}"} <= {item["label"] for item in found["items"]}
    assert isinstance(editor.codes(FLOW), list)
    line = LARGE.splitlines().index("  s700:")
    editor.change(FLOW, LARGE)
    assert "From: `s699` (otherwise)." in editor.ask_at("hover", FLOW, line, 4)["contents"]["value"]


@pytest.mark.parametrize("method", QUESTIONS[:3])
@pytest.mark.parametrize(
    ("line", "character"), [(99_999, 0), (0, 99_999), (3, 2_147_483_647), (2_147_483_647, 5), (-5, -5), (2**40, 1.5)]
)
def test_place_that_is_nowhere_is_answered(editor: Editor, method: str, line: int, character: float) -> None:
    editor.open(FLOW, TEXTS[FLOW])
    editor.ask_at(method, FLOW, line, character)
    assert editor.ask_at("hover", FLOW, 2, 8) is not None


def test_half_a_character_is_answered(editor: Editor) -> None:
    editor.open(FLOW, TEXTS[FLOW].replace("La la", "La \ud83d"))
    assert editor.ask_at("hover", FLOW, 2, 8) is not None
    assert "SYN009" not in editor.codes(FLOW)


@pytest.mark.parametrize("method", QUESTIONS)
def test_document_that_was_never_opened_is_answered(editor: Editor, method: str) -> None:
    assert not (editor.ask_at(method, "flows/other.flow.yaml", 0, 0) or {}).get("items")


_MANY = 200
"""Questions, so that some still wait when they are cancelled, however fast the machine is."""


def test_question_that_is_cancelled_is_answered_once(editor: Editor) -> None:
    editor.open(FLOW, LARGE)
    document, position = {"uri": editor.uri(FLOW)}, {"line": 30, "character": 4}
    asked = [editor.begin("textDocument/hover", textDocument=document, position=position) for _ in range(_MANY)]
    for number in asked[1:]:
        editor.tell("$/cancelRequest", id=number)
    codes = [refusal(editor, number) for number in asked]
    # Each is answered once: as cancelled, or with what had been found before the cancellation was read.
    assert len(codes) == _MANY
    assert set(codes) <= {0, -32800}
    assert editor.ask_at("hover", FLOW, 2, 8) is not None


def refusal(editor: Editor, number: int) -> int:
    """The code of the error; 0 when there is none."""
    try:
        editor.answer(number)
    except Refused as refused:
        return refused.code
    return 0


_STEP = "  s{0}:\n    play: Hi.\n    background: true\n    next:\n      accepted: s{1}\n"
_GROWING = 11_000
ENDLESS = (
    "flow: hello\nlanguage: 1\nstart: s0\nsteps:\n"
    + "".join(_STEP.format(at, at + 1) for at in range(_GROWING))
    + f"  s{_GROWING}: {{end: hangup}}\n"
)
"""A flow that takes minutes: whatever goes on behind one of its steps goes on behind all others."""


@pytest.mark.parametrize("last", ["asked", "typed", "closed"])
def test_editor_leaves_without_waiting_for_what_nobody_reads(tmp_path: Path, last: str) -> None:
    """A file has an hour here."""
    folder = make(tmp_path)
    (folder / "offhook.toml").write_text("[lint]\nseconds = 3600\n", encoding="utf-8")
    with Editor(folder, leaves_s=30) as editor:
        editor.open(FLOW, ENDLESS)
        editor.at("hover", CALENDAR, f"{TEXTS[CALENDAR]}¦")  # by then the flow is looked at
        if last == "typed":
            editor.change(FLOW, f"{ENDLESS}# more\n")
            editor.change(FLOW, TEXTS[FLOW])
            assert isinstance(editor.codes(FLOW), list)
        elif last == "closed":
            editor.close(FLOW)


def test_without_its_package_the_command_says_what_to_install(tmp_path: Path) -> None:
    hidden = (
        "import sys; sys.modules['pygls'] = None; from engine.cli import main; sys.argv = ['offhook', 'lsp']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", hidden],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "pip install 'offhook[lsp]'" in done.stderr
    assert done.stdout == ""
