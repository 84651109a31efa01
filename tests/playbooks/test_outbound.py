"""Outbound: dialled first; steps start when the far side answers, however the news arrives."""

import pytest

from engine.wire.swml import parked_for
from tests.playbooks.machine import CALL_ID
from tests.playbooks.playbook import Playbook, dialling

FLOW = """
inputs:
  name: {type: string}
  times: {type: int, default: 2}
start: hello
steps:
  hello:
    play: "Hello ${{ inputs.name }}, ${{ inputs.times }} times."
    next: {finished: bye, error: bye}
  bye: {end: hangup}
  gone: {end: done}
handlers: {hangup: gone}
"""


def ringing() -> Playbook:
    p = dialling(FLOW, name="Ann")
    return p.sent("dial", to="+15550177", timeout=30).accepted(id=CALL_ID, node_id="node", segment_id="segment")


def test_dial_answered_starts_the_steps() -> None:
    p = ringing().call_state("created").call_state("ringing").nothing()
    p.call_state("answered", call_id=CALL_ID)
    said = p.says("Hello Ann, 2 times.")
    assert said.command.call_id == CALL_ID
    said.accepted()
    p.report("hello", "play", "finished")
    p.sent("calling.end").accepted()
    p.ended("hangup")


def test_dial_asks_for_every_state() -> None:
    p = dialling(FLOW, name="Ann")
    dial = p.sent("dial", status_events=["created", "ringing", "answered", "ended"])
    assert dial.command.reports
    assert dial.command.control_id == f"{p.state.run_id}.call"
    assert dial.command.params["from"] == "+15550100"


def test_dialled_call_is_parked_longer_than_its_run_may_last_and_not_for_ever() -> None:
    """A leg that nobody hears of any more is over by itself."""
    p = dialling(f"limits: {{call: 5m}}\n{FLOW}", name="Ann")
    assert p.sent("dial").command.params["swml"] == parked_for(15 * 60_000)


def test_dial_answered_before_the_http_answer_starts_the_steps() -> None:
    p = dialling(FLOW, name="Ann")
    dial = p.sent("dial")
    p.call_state("answered", call_id=CALL_ID)
    said = p.says("Hello Ann")
    assert said.command.call_id == CALL_ID
    dial.accepted(id=CALL_ID, segment_id="segment", node_id="node")
    assert p.state.call.segment_id == "segment"
    said.accepted().at("hello")


def test_dial_answered_by_a_webhook_without_leg_waits_for_the_leg() -> None:
    p = dialling(FLOW, name="Ann")
    dial = p.sent("dial")
    p.call_state("answered").nothing()
    dial.accepted(id=CALL_ID)
    assert p.says("Hello Ann").command.call_id == CALL_ID


@pytest.mark.parametrize(
    ("answer", "reason"), [("rejected", "rejected"), ("gone", "rejected"), ("unavailable", "error")]
)
def test_dial_refused_ends_the_run(answer: str, reason: str) -> None:
    p = dialling(FLOW, name="Ann")
    getattr(p.sent("dial"), answer)()
    p.ended(reason)


def test_dial_refused_after_a_webhook_of_the_leg_is_not_believed() -> None:
    p = dialling(FLOW, name="Ann")
    dial = p.sent("dial")
    p.call_state("ringing", call_id=CALL_ID)
    dial.rejected().nothing()
    p.call_state("answered", call_id=CALL_ID)
    p.says("Hello Ann")


@pytest.mark.parametrize("reason", ["busy", "no_answer", "decline", "cancel", "error", "not_found", "abandoned"])
def test_dial_that_comes_to_nothing_ends_with_its_reason(reason: str) -> None:
    ringing().call_state("ringing").call_state("ended", end_reason=reason).ended(reason)


def test_dial_whose_answer_was_lost_goes_on_with_its_webhooks() -> None:
    p = dialling(FLOW, name="Ann")
    p.sent("dial").unanswered()
    p.call_state("answered", call_id=CALL_ID)
    p.says("Hello Ann")


def test_dial_of_which_nothing_is_heard_is_lost() -> None:
    p = dialling(FLOW, name="Ann")
    p.sent("dial").unanswered()
    p.passes("60s").nothing()
    p.passes("35s").ended("lost")


def test_dial_without_webhooks_is_looked_up() -> None:
    p = ringing()
    p.passes("59s").nothing()
    p.passes("1s").looks_up().found("answered")
    p.says("Hello Ann").accepted().at("hello")


def test_dial_looked_up_and_over_ends_with_its_reason() -> None:
    p = ringing()
    p.passes("60s").looks_up().found("ended", end_reason="no_answer")
    p.ended("no_answer")


@pytest.mark.parametrize("found", ["ringing", "unknown", ""])
def test_dial_of_which_nobody_knows_is_cancelled_and_lost(found: str) -> None:
    p = ringing()
    asked = p.passes("60s").looks_up()
    if found:
        asked.found(found)
    p.passes("35s").sent("calling.end", reason="cancel").accepted()
    p.ended("lost")


@pytest.mark.parametrize("state", ["created", "ringing", "answered"])
def test_state_older_than_what_is_known_is_late(state: str) -> None:
    p = ringing().call_state("answered", call_id=CALL_ID)
    p.says("Hello Ann").accepted()
    p.call_state(state, call_id=CALL_ID).was("late").at("hello")  # type: ignore[arg-type]


def test_hangup_of_an_answered_call_goes_to_the_handler() -> None:
    p = ringing().call_state("answered")
    p.says("Hello Ann").accepted()
    p.call_state("ended", end_reason="hangup").ended("hangup")
    assert p.path == ["hello", "gone"]


def test_input_that_was_not_given_is_an_expression_without_value() -> None:
    p = dialling(FLOW)
    p.sent("dial").accepted(id=CALL_ID)
    p.call_state("answered")
    p.sent("calling.end").accepted()
    p.ended("hangup")
    assert p.result("hello")["code"] == "expression"


@pytest.mark.parametrize("name", [3, None, ["Ann"]])
def test_input_of_another_type_is_an_expression_without_value(name: object) -> None:
    p = dialling(FLOW, name=name)
    p.sent("dial").accepted(id=CALL_ID)
    p.call_state("answered")
    p.sent("calling.end").accepted()
    p.ended("hangup")


def test_answered_call_counts_its_length_from_the_answer() -> None:
    p = ringing()
    p.passes("20s").call_state("answered")
    p.says("Hello Ann").accepted()
    assert p.state.timers["call"] == p.now_ms + 3_600_000


def test_leg_of_a_run_given_up_is_ended_when_it_turns_up() -> None:
    p = dialling(FLOW, name="Ann")
    p.sent("dial").unanswered()
    p.passes("95s").ended("lost")
    p.call_state("ringing", call_id=CALL_ID).sent("calling.end", reason="cancel")


def test_leg_of_a_run_given_up_is_ended_again_when_it_is_answered_all_the_same() -> None:
    """What ended it may have been lost, or crossed the answer; nobody would drive it."""
    p = dialling(FLOW, name="Ann")
    p.sent("dial").unanswered()
    p.passes("95s").ended("lost")
    p.call_state("ringing", call_id=CALL_ID).sent("calling.end", reason="cancel")
    p.call_state("answered", call_id=CALL_ID).sent("calling.end", reason="cancel")
    p.call_state("ended", call_id=CALL_ID, end_reason="cancel").nothing()


def test_leg_that_was_cancelled_in_vain_and_is_answered_is_ended_again() -> None:
    p = ringing()
    p.passes("60s").looks_up()
    cancelled = p.passes("35s").sent("calling.end", reason="cancel")
    for _ in range(2):
        cancelled.unanswered()
        cancelled = p.passes("45s").sent("calling.end", reason="cancel")
    cancelled.unanswered()
    p.passes("45s").ended("lost")
    p.call_state("answered", call_id=CALL_ID).sent("calling.end", reason="cancel")


def test_leg_that_is_over_is_not_ended_again() -> None:
    p = ringing().call_state("ended", end_reason="busy").ended("busy")
    p.call_state("answered", call_id=CALL_ID).nothing()


def test_late_answer_of_a_call_that_was_driven_ends_nothing() -> None:
    p = ringing().call_state("answered")
    p.says("Hello Ann").accepted()
    p.call_state("ended", end_reason="hangup").ended("hangup")
    p.call_state("answered", call_id=CALL_ID).nothing()


def test_answer_to_a_call_being_given_up_starts_nothing() -> None:
    p = ringing()
    p.passes("60s").looks_up()
    given_up = p.passes("35s").sent("calling.end", reason="cancel")
    p.call_state("answered", call_id=CALL_ID)
    assert p.path == []
    given_up.accepted()
    p.ended("lost")
