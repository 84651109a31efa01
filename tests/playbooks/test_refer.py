"""refer: the caller's switch is asked to call elsewhere; the run goes on if that fails."""

import pytest

from tests.playbooks.playbook import Playbook, call

FLOW = """
start: hand_over
steps:
  hand_over:
    refer: {device: {type: sip, params: {to: "sip:desk@example.com"}}}
    next: {failed: sorry, rejected: refused, error: broken, lost: unknown}
  sorry:
    play: "Nobody there: ${{ or(steps.hand_over.sip_notify_response_code, 0) }}."
    next: {finished: bye, expression: bye}
  bye: {end: hangup}
  refused: {end: busy}
  broken: {end: error}
  unknown: {end: decline}
  gone: {end: done}
handlers: {hangup: gone}
"""
FAILURES = ("cancel", "busy", "noanswer", "no_answer", "disconnected", "failed", "error")


def referring() -> Playbook:
    p = call(FLOW)
    device = {"type": "sip", "params": {"to": "sip:desk@example.com"}}
    return p.sent("calling.refer", device=device).accepted().at("hand_over")


def test_refer_that_succeeds_takes_the_call_away() -> None:
    p = referring()
    p.report("hand_over", "refer", "inprogress").at("hand_over")
    p.report("hand_over", "refer", "inprogress").at("hand_over")
    p.report("hand_over", "refer", "success", sip_refer_response_code=202, sip_notify_response_code=200)
    p.ended("redirected")
    assert p.path == ["hand_over"]


@pytest.mark.parametrize("mark", FAILURES)
def test_refer_that_fails_goes_on(mark: str) -> None:
    p = referring()
    p.report("hand_over", "refer", mark, sip_refer_response_code=202, sip_notify_response_code=486)
    p.says("Nobody there: 486.").accepted()
    p.at("sorry").report("sorry", "play", "finished")
    p.sent("calling.end").accepted()
    p.ended("hangup")


def test_refer_of_a_call_that_is_no_sip_call_is_rejected() -> None:
    p = call(FLOW)
    p.sent("calling.refer").rejected()
    p.sent("calling.end", reason="busy").accepted()
    p.ended("busy")


def test_refer_unavailable_is_an_error() -> None:
    p = call(FLOW)
    p.sent("calling.refer").unavailable()
    p.sent("calling.end", reason="error").accepted()
    p.ended("error")


def test_refer_of_a_call_that_is_gone_is_a_hangup() -> None:
    p = call(FLOW)
    p.sent("calling.refer").gone()
    p.ended("hangup")
    assert p.path == ["hand_over", "gone"]


@pytest.mark.parametrize("answered", [True, False])
def test_refer_that_never_reports_is_looked_up_and_lost(answered: bool) -> None:
    """There is no way to stop it: the call may leave yet."""
    p = call(FLOW)
    sent = p.sent("calling.refer")
    sent.accepted() if answered else sent.unanswered()
    p.passes("74s" if answered else "44s").at("hand_over")
    p.passes("1s").looks_up().found("answered")
    p.sent("calling.end", reason="decline").accepted()
    p.ended("decline")
    p.report("hand_over", "refer", "success").was("late")


def test_refer_that_only_the_voice_log_knows_succeeded() -> None:
    p = referring()
    asked = p.passes("75s").looks_up()
    asked.found("answered", p.heard_of("hand_over", "refer", "success"))
    p.ended("redirected")


def test_refer_whose_call_ended_meanwhile_is_a_hangup() -> None:
    p = referring()
    p.passes("75s").looks_up().found("ended")
    p.ended("hangup")


def test_refer_heard_before_its_answer() -> None:
    p = call(FLOW)
    sent = p.sent("calling.refer")
    p.report("hand_over", "refer", "success").ended("redirected")
    sent.accepted().was("late")


def test_refer_unanswered_by_a_crash_is_not_repeated_but_waited_for() -> None:
    p = call(FLOW)
    p.sent("calling.refer")
    p.resumes().was("skipped").at("hand_over")
    p.report("hand_over", "refer", "success").ended("redirected")


def test_refer_word_that_nobody_knows_changes_nothing() -> None:
    referring().report("hand_over", "refer", "pondering").was("refused").at("hand_over")
