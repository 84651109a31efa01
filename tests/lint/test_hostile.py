"""Whatever has happened to a flow, there are findings or there are none, at places within the file, and fixes end."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.lint.fixing import fix
from tests.lint.corpus import flows
from tests.lint.flow import check


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8").replace(f"flow: {path.name.removesuffix('.flow.yaml')}", "flow: small", 1)


TEXTS = [_text(path) for path in (*flows("err"), *flows("ok"))]
ODD = (
    "{",
    "}",
    "[",
    "]",
    ": ",
    "\n",
    "#",
    "- ",
    '"',
    "'",
    "null",
    "\t",
    "\x85",
    "\u2028",
    "\U0001f600",
    "& ",
    "*a",
    "${{",
    "0",
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A fixture with some of it taken away, doubled, from another one, or odd."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        other = draw(st.sampled_from(TEXTS))
        begin = draw(st.integers(0, len(other)))
        put = draw(st.sampled_from(("", text[start:end] * 2, other[begin : begin + 60], *ODD)))
        text = text[:start] + put + text[end:]
    return text


@given(damaged())
def test_damaged_flow_has_findings_within_the_file(text: str) -> None:
    for one in check(text):
        assert 0 <= one.start <= one.end <= len(text)
        assert one.message


@given(damaged())
def test_fixes_of_a_damaged_flow_end_and_add_no_error(text: str) -> None:
    before = sum(one.severity == "error" for one in check(text))
    done = fix(text, check, unsafe=True)
    assert sum(one.severity == "error" for one in done.findings) <= before


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_flow_that_ends_anywhere_has_an_answer(text: str) -> None:
    for end in range(0, len(text), max(1, len(text) // 12)):
        check(text[:end])
