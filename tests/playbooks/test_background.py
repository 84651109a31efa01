"""background: the step is over when the platform has accepted the operation."""

import pytest

from tests.playbooks.playbook import call

FLOW = """
start: take
steps:
  take:
    record: {beep: true}
    background: true
    next: {accepted: rest, rejected: refused, error: failed, lost: nobody}
  rest:
    wait: 5s
    next: MORE
  refused: {end: busy}
  failed: {end: error}
  nobody: {end: noAnswer}
  bye: {end: hangup}
"""
ONCE = FLOW.replace("MORE", "bye")


def test_background_accepted_goes_on() -> None:
    p = call(ONCE)
    p.sent("calling.record").accepted()
    p.at("rest")
    p.report("take", "record", "recording").at("rest")


@pytest.mark.parametrize("mark", ["recording", "finished"])
def test_background_report_is_as_good_as_the_answer(mark: str) -> None:
    p = call(ONCE)
    record = p.sent("calling.record")
    p.report("take", "record", mark).at("rest")
    record.accepted().at("rest")


@pytest.mark.parametrize(("answer", "reason"), [("rejected", "busy"), ("unavailable", "error")])
def test_background_refused_is_told_apart(answer: str, reason: str) -> None:
    p = call(ONCE)
    getattr(p.sent("calling.record"), answer)()
    p.sent("calling.end", reason=reason).accepted()
    p.ended(reason)
    assert p.result("take")["outcome"] == {"busy": "rejected", "error": "error"}[reason]


@pytest.mark.parametrize("answer", ["unanswered", ""])
def test_background_without_answer_is_looked_up_and_lost(answer: str) -> None:
    p = call(ONCE)
    record = p.sent("calling.record")
    if answer:
        getattr(record, answer)()
    p.passes("44s").at("take")
    p.passes("1s").looks_up().found("answered")
    p.sent("calling.record.stop")
    p.sent("calling.end", reason="noAnswer").accepted()
    p.ended("no_answer")


def test_background_without_answer_but_with_a_report_is_accepted() -> None:
    p = call(ONCE)
    p.sent("calling.record").unanswered()
    p.report("take", "record", "recording").at("rest")


def test_background_result_is_kept_wherever_the_run_is() -> None:
    p = call(ONCE)
    p.sent("calling.record").accepted()
    p.report("take", "record", "finished", url="https://recordings.example.com/1.mp3").at("rest")
    assert p.result("take")["url"] == "https://recordings.example.com/1.mp3"


def test_background_entered_again_stops_the_older_operation_first() -> None:
    p = call(FLOW.replace("MORE", "take"))
    p.sent("calling.record").accepted()
    p.passes("5s")
    stop, record = p.sent("calling.record.stop"), p.sent("calling.record")
    assert stop.command.control_id == p.control_id("take", "record", visit=1)
    assert record.command.control_id == p.control_id("take", "record", visit=2)
    stop.accepted()
    record.accepted().at("rest")
    p.report("take", "record", "finished", visit=1, url="https://recordings.example.com/1.mp3").was("late")
    assert "take" not in p.state.frame.results


def test_background_finished_is_not_stopped_when_entered_again() -> None:
    p = call(FLOW.replace("MORE", "take"))
    p.sent("calling.record").accepted()
    p.report("take", "record", "finished")
    p.passes("5s").sent("calling.record").accepted()
    p.at("rest")


def test_background_entered_again_stops_the_older_one_even_when_the_new_one_cannot_begin() -> None:
    """Else a `wait` would speak of an operation that `steps.take` knows nothing of."""
    p = call(
        """
vars: {length: "20"}
start: take
steps:
  take:
    record: {max_length: "${{ int(vars.length) }}"}
    background: true
    next: {accepted: spoil, error: look}
  spoil:
    set: {length: "'x'"}
    next: take
  look:
    wait: take
    next: {error: bye, otherwise: rest}
  rest: {wait: 30s, next: bye}
  bye: {end: hangup}
"""
    )
    p.sent("calling.record").accepted()
    p.sent("calling.record.stop")
    p.sent("calling.end")
    assert p.result("look")["code"] == "no-operation"
