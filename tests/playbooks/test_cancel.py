"""Nobody wants the call any more that is being dialled: whatever is known of its leg, it does not reach its flow."""

import pytest

from engine.model.events import CancelRequested
from tests.playbooks.machine import CALL_ID
from tests.playbooks.playbook import Playbook, Sent, dialling

FLOW = """
start: hello
steps:
  hello:
    play: "Hello."
    next: {finished: bye, error: bye}
  bye: {end: hangup}
handlers: {hangup: bye, error: hello, lost: hello, rejected: hello}
"""


def cancelled(p: Playbook) -> Playbook:
    return p.happens(CancelRequested(at_ms=p.now_ms))


def dialled() -> tuple[Playbook, Sent]:
    p = dialling(FLOW)
    return p, p.sent("dial")


def ringing() -> Playbook:
    _, dial = dialled()
    return dial.accepted(id=CALL_ID, segment_id="segment").call_state("ringing", call_id=CALL_ID)


def test_cancel_while_it_rings_hangs_up() -> None:
    end = cancelled(ringing()).sent("calling.end", reason="cancel")
    assert end.command.call_id == CALL_ID
    end.accepted().ended("cancel")


def test_cancel_before_the_dial_is_answered_hangs_up_when_it_is() -> None:
    p, dial = dialled()
    cancelled(p).nothing()
    dial.accepted(id=CALL_ID)
    p.sent("calling.end", reason="cancel").accepted().ended("cancel")


def test_cancel_before_the_leg_is_known_hangs_up_when_a_webhook_names_it() -> None:
    p, dial = dialled()
    cancelled(p).nothing()
    p.call_state("created", call_id=CALL_ID)
    end = p.sent("calling.end", reason="cancel")
    dial.accepted(id=CALL_ID).nothing()
    end.accepted().ended("cancel")


def test_cancel_and_then_it_is_answered_is_hung_up_all_the_same() -> None:
    p = cancelled(ringing())
    end = p.sent("calling.end", reason="cancel")
    p.call_state("answered", call_id=CALL_ID).nothing()
    end.accepted().ended("cancel")


def test_cancel_before_the_leg_is_known_and_it_is_answered_first() -> None:
    p, dial = dialled()
    p.call_state("answered").nothing()
    cancelled(p).nothing()
    dial.accepted(id=CALL_ID)
    p.sent("calling.end", reason="cancel").accepted().ended("cancel")


@pytest.mark.parametrize("answer", ["rejected", "gone", "unavailable"])
def test_cancel_of_a_dial_that_does_not_go_out_ends_the_run(answer: str) -> None:
    p, dial = dialled()
    cancelled(p).nothing()
    getattr(dial, answer)()
    p.ended("cancel")


def test_cancel_of_a_dial_of_which_nothing_is_heard_ends_with_its_deadline() -> None:
    p, dial = dialled()
    cancelled(p)
    dial.unanswered().nothing()
    p.passes("60s").nothing()
    p.passes("35s").ended("cancel")


def test_cancel_and_nobody_answers_in_the_meantime_is_a_cancel() -> None:
    p = cancelled(ringing())
    p.sent("calling.end", reason="cancel")
    p.call_state("ended", end_reason="no_answer").ended("cancel")


def test_cancel_a_second_time_changes_nothing() -> None:
    p = cancelled(ringing())
    end = p.sent("calling.end", reason="cancel")
    cancelled(p).nothing().was("late")
    end.accepted().ended("cancel")
    cancelled(p).nothing()


def test_cancel_a_second_time_before_the_leg_is_known_changes_nothing() -> None:
    p, dial = dialled()
    cancelled(cancelled(p)).nothing()
    dial.accepted(id=CALL_ID)
    p.sent("calling.end", reason="cancel").accepted().ended("cancel")


def test_cancel_of_an_answered_call_changes_nothing() -> None:
    p = ringing().call_state("answered", call_id=CALL_ID)
    said = p.says("Hello.")
    cancelled(p).nothing().was("late")
    said.accepted().at("hello")


def test_cancel_whose_hangup_is_not_answered_is_sent_again() -> None:
    p = cancelled(ringing())
    p.sent("calling.end", reason="cancel").unanswered()
    p.passes("45s")
    p.sent("calling.end", reason="cancel").accepted().ended("cancel")


def test_cancel_survives_a_crash_before_the_dial_is_answered() -> None:
    p, _ = dialled()
    cancelled(p.dial_leaves()).resumes().nothing()
    p.call_state("ringing", call_id=CALL_ID)
    p.sent("calling.end", reason="cancel").accepted().ended("cancel")


def test_cancel_survives_a_crash_before_the_dial_went_out() -> None:
    p, _ = dialled()
    cancelled(p).resumes().was("skipped").nothing().ended("cancel")
