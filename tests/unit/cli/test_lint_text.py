"""How `offhook lint` shows a place in a file."""

import pytest

from engine.cli.lint_text import frame, window
from engine.lint.finding import Finding
from engine.model.diagnostics import Span


def at(line: int, column: int, end_line: int, end_column: int) -> Finding:
    span = Span(line, column, end_line, end_column)
    return Finding(file="a", span=span, start=0, end=0, code="X001", name="x", severity="error", message="m")


@pytest.mark.parametrize(
    ("found", "lines", "shown"),
    [
        pytest.param(at(2, 3, 2, 6), ["a", "  abc d"], ["    2 |   abc d", "          ^^^"], id="a-word"),
        pytest.param(at(1, 2, 2, 2), ["abc", "def"], ["    1 | abc", "         ^^"], id="over-lines"),
        pytest.param(at(1, 1, 1, 1), [""], ["    1 | ", "        ^"], id="an-empty-line"),
        pytest.param(at(1, 9, 1, 12), ["ab"], ["    1 | ab", "          ^"], id="behind-the-end"),
        pytest.param(at(1, 2, 1, 3), ["\tx"], ["    1 |  x", "         ^"], id="a-tab"),
        pytest.param(at(9, 1, 9, 2), ["a"], [], id="no-such-line"),
        pytest.param(
            at(1, 3, 1, 6),
            ["\x1ba\x07bc d"],
            [r"    1 | \x1ba\x07bc d", "             ^^^^^^"],
            id="control-characters",
        ),
    ],
)
def test_frame_of_a_span_marks_it(
    found: Finding, lines: list[str], shown: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    frame(found, lines)
    assert capsys.readouterr().out.splitlines() == shown


def test_window_of_a_long_line_shows_the_span() -> None:
    line = "x" * 500 + "HERE" + "y" * 500
    shown, start, end = window(line, 501, 505)
    assert len(shown) == 120
    assert shown[start - 1 : end - 1] == "HERE"
