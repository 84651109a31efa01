"""Where a comment holds, and what it cannot hide."""

import pytest

from engine.lint.settings import Settings
from tests.lint.flow import HEAD, codes, small

LOOP = "{play: [{silence: 1}], loop: 0}"


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        pytest.param(f"  a:\n    play: {LOOP} # offhook: ignore[API012] r\n    next: bye\n", 0, id="same-line"),
        pytest.param(f"  a: # offhook: ignore[API012] r\n    play: {LOOP}\n    next: bye\n", 2, id="key-line-only"),
        pytest.param(f"  # offhook: ignore[API012] r\n  a:\n    play: {LOOP}\n    next: bye\n", 0, id="before-step"),
        pytest.param(f"  a:\n    # offhook: ignore[API012] r\n    play: {LOOP}\n    next: bye\n", 0, id="in-step"),
        pytest.param(f"  a:\n    play: {LOOP}\n    next: bye\n    # offhook: ignore[API012] r\n", 0, id="end-of-step"),
        pytest.param(f"  a:\n    play: {LOOP}\n    next: bye\n  # offhook: ignore[API012] r\n", 2, id="of-the-next"),
        pytest.param(
            f"  a:\n\n    # more\n    # offhook: ignore[API012] r\n\n    play: {LOOP}\n    next: bye\n", 0, id="gaps"
        ),
        pytest.param(f"  a:\n    play: {LOOP} # offhook: ignore[API012,UX001] r\n    next: bye\n", 1, id="one-of-two"),
    ],
)
def test_comment_holds_where_it_stands(steps: str, left: int) -> None:
    assert len(codes(small(steps))) == left


def test_comment_at_the_head_holds_for_the_file() -> None:
    text = small(f"  a:\n    play: {LOOP}\n    next: b\n  b:\n    play: {LOOP}\n    next: bye\n")
    assert codes(text) == ["API012", "API012"]
    assert codes(f"# A note.\n# offhook: ignore[API012] the tune\n{text}") == []


def test_comment_before_a_section_holds_for_its_line() -> None:
    text = small("  a:\n    play: [Hello.]\n    next: bye\n").replace("start: a", "uses:\n  desk: number\nstart: a")
    assert codes(text) == ["VAR004"]
    assert codes(text.replace("  desk", "  # offhook: ignore[VAR004] soon\n  desk")) == []


def test_comment_in_a_text_is_none() -> None:
    steps = f'  a:\n    note: "x # offhook: ignore[API012] r"\n    play: {LOOP}\n    next: bye\n'
    assert codes(small(steps)) == ["API012"]
    block = f"  a:\n    note: |\n      # offhook: ignore[API012] r\n    play: {LOOP}\n    next: bye\n"
    assert codes(small(block)) == ["API012"]


def test_what_keeps_a_flow_from_compiling_cannot_be_ignored() -> None:
    found = codes(small("  a:\n    play: [Hello.]\n    next: nowhere # offhook: ignore[FLW001] r\n"))
    assert found == ["FLW001", "STY006"]


def test_comment_about_a_rule_that_did_not_run_is_left_alone() -> None:
    text = small(f"  a:\n    play: {LOOP} # offhook: ignore[API012] r\n    next: bye\n")
    assert codes(text, Settings(ignore=("API012",))) == []
    assert codes(text.replace("next: bye", "next: nowhere")) == ["FLW001"]


def test_comment_in_a_file_that_is_no_yaml_does_no_harm() -> None:
    assert "STY006" not in codes("# offhook: ignore[UX001] r\n\tx: {")
    assert "SYN005" in codes(f"{HEAD}# offhook: ignore[UX001] r\nsteps: []\n")
