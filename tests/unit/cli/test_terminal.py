"""Widths, and texts that cannot steer a terminal."""

import os

import pytest

from engine.cli import terminal


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße, 你好 🙂", "Grüße, 你好 🙂"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("\x7f\x85\x9b", r"\x7f\x85\x9b"),
        ("\u2028\u202e\ud800", r"\u2028\u202e\ud800"),
        ("back\\slash's", "back\\slash's"),
    ],
)
def test_visible_text_is_one_line_without_control_characters(text: str, shown: str) -> None:
    assert terminal.visible(text) == shown


def test_columns_are_the_terminals_or_else_what_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: False, raising=False)
    assert terminal.columns(78) == 78
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((123, 40)))
    assert terminal.columns(78) == 123
