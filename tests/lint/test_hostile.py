"""Whatever has happened to a flow, there are findings or there are none, at places within the file, and fixes end."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.lint.fixing import fix
from tests.lint.corpus import flows
from tests.lint.flow import HEAD, check


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


LONG = 300_000
UNITS = (
    "a",
    "1",
    "1 ",
    " ",
    "${",
    "${{",
    "{{ vars.a ",
    "}}@",
    "'",
    '"',
    "a://",
    "sip:a:",
    "eyJ-",
    "press 1 ",
    "geben sie ",
)
ENDS = ("", "!x'}")
PLACES = """\
vars: {{word: {{type: string, default: {default}}}}}
steps:
  a:
    play: {play}
    next: b
  b:
    ask:
      prompt: {prompt}
      digits: {{max: 4}}
      choices: {{pin: {{keys: ["1234"]}}}}
      reprompt: {{no_match: [{reprompt}]}}
    next: {{pin: c, otherwise: bye}}
  c:
    dial: {{to: {to}, from: "+15550100142", max_price_per_minute: 1}}
    next: {{answered: d, otherwise: bye}}
  d:
    branch:
      - if: vars.word == ''
        next: a
      - else: bye
  bye:
    end: hangup
"""
NAMES = {"default": "x", "play": "Hello.", "prompt": "Your PIN?", "reprompt": "Your PIN!", "to": "+15550100143"}


def _long(place: str, unit: str, end: str = "", size: int = LONG) -> str:
    """A flow with such a text in the place."""
    text = (unit * (size // len(unit) + 1))[:size] + end
    quoted = {name: "'" + one.replace("'", "''") + "'" for name, one in {**NAMES, place: text}.items()}
    return HEAD + PLACES.format(**quoted)


@pytest.mark.parametrize("place", NAMES)
def test_flow_with_a_long_text_is_looked_at_by_all_rules(place: str) -> None:
    assert not {"SYN009", "LNT001"} & {one.code for one in check(_long(place, "a"))}


@pytest.mark.parametrize("unit", UNITS)
def test_long_text_takes_no_longer_than_it_is(unit: str) -> None:
    """The patterns of all rules: one that begins anew at each character would take minutes."""
    for place in NAMES:
        for end in ENDS:
            begin = process_time()
            check(_long(place, unit, end))
            assert process_time() - begin < 5, (unit, end)


def test_three_times_as_long_a_text_takes_three_times_as_long() -> None:
    begin = process_time()
    assert "SYN009" not in [one.code for one in check(_long("prompt", "a", size=900_000))]
    assert process_time() - begin < 15


@pytest.mark.parametrize("unit", ["0,", "UX001,", "A ", "]"])
def test_long_comment_is_not_understood_and_takes_no_time(unit: str) -> None:
    begin = process_time()
    found = check(HEAD + "steps:\n  bye:  # offhook: ignore[" + unit * (LONG // len(unit)) + "]\n    end: hangup\n")
    assert "STY006" in [one.code for one in found]
    assert process_time() - begin < 5


def test_time_holds_while_findings_are_held_against_comments() -> None:
    comments = "".join(f"  # offhook: ignore[UX001] {n}\n" for n in range(300))
    text = HEAD.replace("start: a", "start: bye") + f"steps:\n{comments}  bye:\n    end: hangup\n"
    asked = 0

    def late() -> bool:
        nonlocal asked
        asked += 1
        return False

    assert "LNT001" not in [one.code for one in check(text, late=late)]
    needed, asked = asked, 0
    over = check(text, late=lambda: late() or asked > needed - 100)
    assert "at its comments" in next(one.message for one in over if one.code == "LNT001")
