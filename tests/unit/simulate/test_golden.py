"""Transcripts that cases keep: compared line by line, and written anew on demand."""

import pytest

from engine.simulate import simulate
from engine.simulate.cases import given, golden, reading
from engine.simulate.cases.judging import judge
from tests.playbooks.machine import compiled

FLOW = compiled("""
start: menu
steps:
  menu:
    ask: {prompt: "Press one.", digits: {max: 1}, choices: {one: {keys: ["1"]}}, attempts: 1}
    next: {one: thanks, otherwise: bye}
  thanks: {play: "Thank you.", next: bye}
  bye: {end: hangup}
""")
TEXT = """\
tests: story  # of one step
cases:
  # a comment
  somebody presses one:
    caller: [{hears: press}, {presses: 1}]   # at once
    expect:
      transcript:%s
      ends: hangup   # well
"""
KEPT = """ |
        0:00.0 menu
               ♪ “Press one.”
               > presses 1
               → one
        0:00.0 thanks
               ♪ “Thank you.”
               → finished
        0:00.7 bye
        0:00.7 ended hangup"""


def after(text: str) -> tuple[list[str], str]:
    """What is said of the case, and the file as `--update` leaves it."""
    tests = reading.read("story.test.yaml", "story", text.encode())
    assert not tests.diagnostics
    (case,) = tests.cases
    said = given.read(case, FLOW, {})
    outcome = simulate(FLOW, said.scenario)
    failures = judge(case, said.script, outcome)
    edits = golden.edits(case, outcome.transcript)
    return [f"{one.at.line}: {one.message} {one.help}" for one in failures], golden.apply(text, edits)


def test_update_an_empty_transcript_is_written_and_nothing_else_is_touched() -> None:
    said, text = after(TEXT % "  # new")
    assert said == ["7: No transcript is kept here yet. `offhook test --update` writes down how the call goes now."]
    assert text == TEXT % KEPT.replace("|", "|  # new", 1)
    assert after(text) == ([], text)


@pytest.mark.parametrize("kept", ["''", "what was", '"two\\nlines"', "|-\n        0:00.0 menu", ">\n        folded"])
def test_update_any_way_of_writing_becomes_a_block(kept: str) -> None:
    assert after(TEXT % f" {kept}")[1] == TEXT % KEPT


def test_transcript_that_differs_names_its_line_and_what_comes_now() -> None:
    said, text = after(TEXT % KEPT.replace("presses 1", "presses 2"))
    assert said == [
        "10: Here the call goes another way than the transcript that is kept. Now there comes: > presses 1. "
        "`offhook test --update` writes down how the call goes now."
    ]
    assert text == TEXT % KEPT


def test_transcript_that_is_too_short_or_too_long() -> None:
    short = KEPT[: KEPT.index("\n        0:00.7 ended")]
    assert after(TEXT % short)[0][0].startswith(
        "15: The call goes on after the transcript that is kept. Now there comes: 0"
    )
    assert "Now there comes nothing more." in after(TEXT % f"{KEPT}\n        0:01.0 more")[0][0]


def test_update_in_braces_says_where_to_write_it() -> None:
    text = "tests: story\ncases:\n  x:\n    expect: {ends: lost, transcript: }\n"
    said, same = after(text)
    assert same == text
    assert any("on a line of its own, not within `{ }`" in one for one in said)


def test_update_keeps_the_ends_of_lines() -> None:
    text = (TEXT % "").replace("\n", "\r\n")
    assert after(text)[1] == (TEXT % KEPT).replace("\n", "\r\n")


@pytest.mark.parametrize("last", ["transcript:", "transcript: old", "transcript: |\n        old", "transcript:  # new"])
def test_update_at_the_end_of_a_file_without_a_last_newline(last: str) -> None:
    head = TEXT[: TEXT.index("transcript:")]
    text = after(head + last)[1]
    remark = "  # new" if last.endswith("# new") else ""
    assert text == f"{head}transcript:{KEPT.replace('|', f'|{remark}', 1)}\n"
    assert after(text) == ([], text)
