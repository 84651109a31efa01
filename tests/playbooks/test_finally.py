"""finally: runs once, whatever ended the run."""

import pytest

from engine.model.events import CancelRequested
from tests.playbooks.playbook import call, dialling

FLOW = """
vars: {told: 0}
start: hello
steps:
  hello: {play: "Hello.", next: bye}
  bye: {end: hangup}
finally:
  - set: {told: vars.told + 1}
  - fetch: {method: POST, url: "https://api.example.com/ended", json: {reason: "${{ run.end_reason }}"}, timeout: 2s}
  - set: {told: vars.told + 1}
"""
URL = "https://api.example.com/ended"
OUTBOUND = FLOW.replace("vars:", "outbound: {from: '+15550100'}\nvars:")


def test_finally_runs_after_the_flows_own_end() -> None:
    p = call(FLOW)
    p.says("Hello.").accepted().report("hello", "play", "finished")
    p.sent("calling.end").accepted()
    p.fetches(URL, json={"reason": "hangup"}).replied(200)
    p.ended("hangup")
    assert p.var("told") == 2


def test_finally_runs_after_a_hang_up() -> None:
    p = call(FLOW)
    p.says("Hello.").accepted().call_state("ended", end_reason="hangup")
    p.fetches(URL).happened("failed", "unreachable")
    p.ended("hangup")
    assert p.var("told") == 2


@pytest.mark.parametrize("reason", ["busy", "no_answer", "decline"])
def test_finally_of_a_call_that_was_never_answered_knows_why(reason: str) -> None:
    p = dialling(OUTBOUND)
    p.sent("dial").accepted(id="c1")
    p.call_state("ended", call_id="c1", end_reason=reason)
    p.fetches(URL, json={"reason": reason}).replied(204)
    p.ended(reason)


def test_finally_of_a_dial_that_was_refused() -> None:
    p = dialling(OUTBOUND)
    p.sent("dial").rejected()
    p.fetches(URL, json={"reason": "rejected"}).replied(204)
    p.ended("rejected")


def test_finally_is_bounded() -> None:
    slow = FLOW.replace("timeout: 2s", "timeout: 50s, retry: {times: 3}")
    p = call(slow)
    p.says("Hello.").accepted().call_state("ended", end_reason="hangup")
    p.fetches(URL)
    p.passes("55s")
    p.passes("1s")
    p.fetches(URL)
    p.passes("5s").ended("hangup")


def test_what_comes_during_finally_changes_nothing() -> None:
    p = call(FLOW)
    hello = p.says("Hello.")
    p.call_state("ended", end_reason="hangup")
    request = p.fetches(URL)
    hello.accepted()
    p.report("hello", "play", "finished").call_state("ended").call_state("answered")
    request.replied(200).ended("hangup")


def test_finally_after_a_crash_goes_on() -> None:
    p = call(FLOW)
    p.says("Hello.").accepted().call_state("ended", end_reason="hangup")
    p.fetches(URL)
    p.resumes()
    p.fetches(URL).replied(200)
    p.ended("hangup")
    assert p.var("told") == 2


def test_expression_without_value_does_not_stop_the_others() -> None:
    p = call(FLOW.replace("- set: {told: vars.told + 1}\n  - fetch", "- set: {told: \"int('x')\"}\n  - fetch"))
    p.says("Hello.").accepted().call_state("ended", end_reason="hangup")
    p.fetches(URL).replied(200)
    p.ended("hangup")
    assert p.var("told") == 1


def test_finally_of_a_call_that_was_cancelled() -> None:
    p = dialling(OUTBOUND)
    p.sent("dial").accepted(id="c1")
    p.happens(CancelRequested(at_ms=p.now_ms))
    p.sent("calling.end", reason="cancel").accepted()
    p.fetches(URL, json={"reason": "cancel"}).replied(204)
    p.ended("cancel")
