"""dial as a step: another leg, which this run does not drive."""

import pytest

from tests.playbooks.machine import CALL_ID
from tests.playbooks.playbook import Playbook, call, dialling

OTHER = "0e9c80d7-a149-4917-892d-420043709f46"
FLOW = """
start: invite
steps:
  invite:
    dial: {from: "+15550100", to: "${{ call.from }}", url: "https://example.com/answered", timeout: 30}
    next: {accepted: rest, rejected: refused, error: failed, lost: unknown}
  rest:
    wait: 5s
    next: give_up
  give_up:
    update: {id: "${{ steps.invite.call_id }}", status: canceled}
    next: bye
  bye: {end: hangup}
  refused: {end: busy}
  failed: {end: error}
  unknown: {end: decline}
"""


def inviting() -> Playbook:
    return call(FLOW)


def test_dial_names_the_leg_that_it_makes() -> None:
    p = inviting()
    sent = p.sent("dial", **{"from": "+15550100", "to": "+15550177", "timeout": 30})
    assert not sent.command.control_id, "the leg's states are not for this run"
    assert not sent.command.reports
    sent.accepted(id=OTHER, node_id="elsewhere", segment_id="another").at("rest")
    assert p.result("invite") == {"outcome": "accepted", "call_id": OTHER}
    p.passes("5s").sent("update", id=OTHER, status="canceled").accepted()
    p.sent("calling.end").accepted()
    p.ended("hangup")


def test_dial_teaches_nothing_about_the_own_call() -> None:
    p = inviting()
    p.sent("dial").accepted(id=OTHER, node_id="elsewhere", segment_id="another")
    assert (p.state.call.call_id, p.state.call.segment_id, p.state.call.node_id) == (CALL_ID, "segment", "")


@pytest.mark.parametrize(
    ("answer", "reason", "code"),
    [("rejected", "busy", "max_queued_calls_exceeded"), ("gone", "busy", ""), ("unavailable", "error", "")],
)
def test_dial_not_accepted_leaves_the_call_alone(answer: str, reason: str, code: str) -> None:
    p = inviting()
    sent = p.sent("dial")
    getattr(sent, answer)(*([code] if code else []))
    p.sent("calling.end", reason=reason).accepted()
    p.ended(reason)
    assert p.result("invite")["code"] == code or not code


@pytest.mark.parametrize("how", ["unanswered", "crash", "time"])
def test_dial_that_may_have_been_made_is_lost_and_not_made_again(how: str) -> None:
    p = inviting()
    sent = p.sent("dial")
    if how == "unanswered":
        sent.unanswered()
    elif how == "crash":
        p.resumes().was("skipped")
    else:
        p.passes("30s").looks_up().found("answered").passes("15s")
    p.sent("calling.end", reason="decline").accepted()
    p.ended("decline")


def test_dial_of_a_run_that_was_dialled_itself_is_told_apart() -> None:
    p = dialling(FLOW)
    p.sent("dial", to="+15550177", timeout=30).accepted(id=CALL_ID, segment_id="segment")
    p.call_state("answered", call_id=CALL_ID)
    p.sent("dial", url="https://example.com/answered").accepted(id=OTHER)
    p.at("rest")
    assert p.state.call.call_id == CALL_ID
    assert p.result("invite")["call_id"] == OTHER


def test_answer_to_the_runs_own_dial_may_come_after_the_steps_dial() -> None:
    p = dialling(FLOW)
    own = p.sent("dial")
    p.call_state("answered", call_id=CALL_ID)
    other = p.sent("dial", url="https://example.com/answered")
    other.accepted(id=OTHER).at("rest")
    own.accepted(id=CALL_ID, segment_id="segment").at("rest")
    assert p.state.call.segment_id == "segment"


def test_states_of_the_other_leg_are_refused() -> None:
    p = inviting()
    p.sent("dial").accepted(id=OTHER)
    p.call_state("ended", call_id=OTHER).was("refused").at("rest")
