"""What goes wrong in a case happens in its call: every fault, of every kind of thing that it can happen to."""

import pytest

from engine.model.graph import FlowGraph
from engine.simulate.cases.given import FAULTS
from tests.playbooks.machine import compiled
from tests.unit.simulate.judged import Judged, judged

INBOUND = compiled("""
start: hello
steps:
  hello: {play: "Good evening.", next: {otherwise: said, failures: said}}
  said: {play: "And good-bye.", next: {otherwise: bye, failures: bye}}
  bye: {end: hangup}
""")
OUTBOUND = compiled("""
outbound: {from: "+15550100"}
start: hello
steps:
  hello: {play: "Good evening.", next: {otherwise: bye, failures: bye}}
  bye: {end: hangup}
""")
HAPPEN = {
    "drop": ("play.finished", "finished"),
    "duplicate": ("play.finished", "finished"),
    "delay": ("play.finished", "finished"),
    "reorder": ("play.playing", "finished"),
    "fail": ("play", "error"),
    "late": ("calling.play", "finished"),
    "429": ("calling.play", "finished"),
    "500": ("calling.play", "finished"),
    "reject": ("calling.play", "rejected"),
    "lost": ("calling.play", "finished"),
    "hang": ("calling.play", "lost"),
    "reset": ("calling.play", "finished"),
    "html": ("calling.play", "finished"),
    "execute_500": ("calling.play", "finished"),
}


def _ended_ms(found: Judged) -> int:
    return next(line.at_ms for line in found.transcript if (line.way, line.what) == ("step", "ended"))


def test_every_fault_has_a_case_here() -> None:
    assert set(HAPPEN) == set(FAULTS)


@pytest.mark.parametrize("word", HAPPEN)
def test_a_fault_happens_to_the_first_of_its_kind(word: str) -> None:
    kind, outcome = HAPPEN[word]
    found = judged(INBOUND, f"faults: [{{{word}: {kind}}}]\nexpect: {{outcomes: {{hello: {outcome}}}, ends: hangup}}")
    assert not found.said


@pytest.mark.parametrize(("flow", "command"), [(INBOUND, "calling.play"), (INBOUND, "calling.end"), (OUTBOUND, "dial")])
def test_the_answer_to_any_command_comes_as_late_as_the_case_says(flow: FlowGraph, command: str) -> None:
    usual = judged(flow, "expect: {ends: hangup}")
    answered = [line.at_ms for line in usual.transcript if line.what.startswith("answer ")]
    found = judged(flow, f"faults: [{{late: {command}, by: 5s}}]\nexpect: {{ends: hangup}}")
    assert not found.said
    late = [line.at_ms for line in found.transcript if line.what.startswith("answer ")]
    assert any(now - was >= 4_000 for was, now in zip(answered, late, strict=True)), (answered, late)
    assert _ended_ms(found) >= _ended_ms(usual)


def test_all_of_one_kind_and_the_second_alone() -> None:
    usual = _ended_ms(judged(INBOUND, "expect: {ends: hangup}"))
    second = judged(INBOUND, "faults: [{delay: play.finished, nth: 2, by: 3s}]\nexpect: {ends: hangup}")
    every = judged(INBOUND, "faults: [{delay: play.finished, nth: all, by: 3s}]\nexpect: {ends: hangup}")
    assert (_ended_ms(second) - usual, _ended_ms(every) - usual) == (3_000, 6_000)
