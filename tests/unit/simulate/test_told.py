"""Lines of a transcript as a person would tell them: no word in them is the engine's own."""

import pytest

from engine.simulate.told import marked, told
from engine.simulate.transcript import Line
from tests.playbooks.machine import compiled
from tests.unit.simulate.judged import FLOW, judged


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (Line(at_ms=0, way="in", what="reply 3", outcome="replied", detail="201"), "reply 201"),
        (
            Line(at_ms=0, way="in", what="reply 3", outcome="timeout", detail="timeout no whole reply within 4 s"),
            "no reply: no whole reply within 4 s",
        ),
        (
            Line(at_ms=0, way="in", what="reply 3", outcome="failed", detail="unreachable no connection"),
            "no reply: no connection",
        ),
        (
            Line(at_ms=0, way="in", what="reply 3", outcome="invalid", detail="200 invalid-reply body is not JSON"),
            "reply 200 does not fit: body is not JSON",
        ),
        (
            Line(at_ms=0, way="call", what="recorded", detail="https://files.sandbox.invalid/recordings/x.mp3"),
            "(recorded)",
        ),
        (Line(at_ms=0, way="call", what="not connected", detail="no_answer"), "(not connected: no_answer)"),
        (Line(at_ms=0, way="call", what="paid", detail="success"), "(paid: success)"),
        (
            Line(at_ms=0, way="call", what="paid", detail="payment-connector-error"),
            "(not paid: payment-connector-error)",
        ),
        (Line(at_ms=0, way="call", what="ringing"), "(ringing)"),
        (Line(at_ms=0, way="call", what="ended", detail="busy"), "(the call has ended: busy)"),
        (Line(at_ms=0, way="call", what="ended", detail="hangup"), ""),
        (Line(at_ms=0, way="call", what="left", detail="transfer"), "(gone to transfer)"),
        (Line(at_ms=0, way="step", what="limit", detail="visits menu"), "limit: visits of menu"),
        (Line(at_ms=0, way="step", what="limit", detail="call"), "limit: call"),
        (
            Line(at_ms=0, way="step", what="outcome", outcome="rejected", detail="invalid_parameter"),
            "→ rejected (invalid_parameter)",
        ),
        (Line(at_ms=0, way="step", what="outcome", outcome="lost", detail="lost"), "→ lost"),
        (Line(at_ms=0, way="step", what="outcome", outcome="desk", detail="vars.tries > 1"), "→ desk"),
        (Line(at_ms=0, way="step", what="late", step="menu", detail="call ended"), ""),
    ],
)
def test_a_line_is_told_in_plain_words(line: Line, text: str) -> None:
    assert told(line).text == text


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (Line(at_ms=0, way="out", what="calling.play", step="menu", detail="“Hello.”"), "sent calling.play “Hello.”"),
        (
            Line(at_ms=0, way="out", what="calling.play", step="menu", outcome="again", detail="“Hello.”"),
            "sent calling.play again “Hello.”",
        ),
        (Line(at_ms=0, way="in", what="play finished", control_id="x.0.menu.1.1.play"), "reported: play finished"),
        (Line(at_ms=0, way="in", what="answer 3", outcome="refused", detail="422 oops"), "answered: refused 422 oops"),
        (Line(at_ms=0, way="call", what="ended", detail="hangup"), "(the call has ended)"),
        (Line(at_ms=0, way="step", what="late", detail="call ended"), "too late to change anything: call ended"),
        (Line(at_ms=0, way="step", what="entered", step="menu"), "menu"),
    ],
)
def test_a_marked_line_always_says_something(line: Line, text: str) -> None:
    assert marked(line) == text


def test_a_late_report_is_named_as_it_came() -> None:
    flow = compiled("""
outbound: {}
start: bye
steps:
  bye: {end: done}
""")
    found = judged(flow, "caller: [{silent: 1s}, {hangs_up: true}]\nexpect: {ends: done}")
    assert {line.detail for line in found.transcript if line.what == "late"} == {"call ended"}


def test_what_is_missing_at_the_end_is_marked_at_the_last_line_that_is_told() -> None:
    found = judged(FLOW, "expect: {recordings: 1, commands: [calling.tap]}")
    assert found.marked == ["ended bye", "ended bye"]
    found = judged(FLOW, "caller: [{hears: press}, {hangs_up: true}]\nexpect: {recordings: 1}")
    (mark,) = [one.mark for one in found.failures]
    assert mark is not None
    assert told(found.transcript[mark]).text
