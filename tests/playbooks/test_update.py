"""update: another leg, or the run's own call, as far as the platform's rules let it."""

import pytest

from tests.playbooks.machine import CALL_ID
from tests.playbooks.playbook import Playbook, call, dialling

OTHER = "0e9c80d7-a149-4917-892d-420043709f46"
FLOW = f"""
start: other
steps:
  other:
    update: {{id: {OTHER}, status: completed}}
    next: {{accepted: bye, rejected: refused, error: failed, lost: unknown}}
  complete:
    update: {{status: completed}}
    next: {{accepted: note_it, rejected: refused, error: failed, lost: unknown}}
  cancel:
    update: {{status: canceled}}
    next: {{accepted: bye, rejected: refused}}
  cancel_other:
    update: {{id: {OTHER}, status: canceled}}
    next: {{accepted: bye, rejected: refused}}
  by_name:
    update: {{id: "${{{{ call.id }}}}", status: canceled}}
    next: {{accepted: bye, rejected: refused}}
  tape:
    record: {{}}
    background: true
    next: complete
  note_it:
    set: {{noted: true}}
    next: over
  talk:
    play: Still there?
    next: over
  over: {{end: done}}
  bye: {{end: hangup}}
  refused: {{end: busy}}
  failed: {{end: error}}
  unknown: {{end: decline}}
  gone: {{end: cancel}}
vars: {{noted: false}}
handlers: {{hangup: gone}}
"""


def at(step: str, flow: str = FLOW) -> Playbook:
    return call(flow.replace("start: other", f"start: {step}"))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("accepted", "hangup"),
        ("rejected", "busy"),
        ("gone", "busy"),
        ("unavailable", "error"),
        ("unanswered", "decline"),
    ],
)
def test_update_of_another_leg_says_nothing_of_this_call(answer: str, reason: str) -> None:
    p = at("other")
    sent = p.sent("update", id=OTHER, status="completed")
    getattr(sent, answer)()
    p.sent("calling.end", reason=reason).accepted()
    p.ended(reason)


def test_update_of_another_leg_without_answer_is_lost() -> None:
    p = at("other")
    p.sent("update")
    p.passes("30s").looks_up()
    p.passes("15s").sent("calling.end", reason="decline").accepted()
    p.ended("decline")


def test_another_leg_may_still_ring_so_its_cancelling_is_tried() -> None:
    p = at("cancel_other")
    p.sent("update", id=OTHER, status="canceled").rejected("cannot_cancel_in_progress")
    p.sent("calling.end", reason="busy").accepted()
    p.ended("busy")
    assert p.result("cancel_other")["code"] == "cannot_cancel_in_progress"


@pytest.mark.parametrize("step", ["cancel", "by_name"])
def test_own_call_is_answered_so_its_cancelling_is_refused_without_a_request(step: str) -> None:
    p = at(step)
    p.was("skipped").sent("calling.end", reason="busy").accepted()
    p.ended("busy")
    assert p.result(step)["code"] == "cannot_cancel_in_progress"


def test_own_call_that_was_dialled_is_answered_as_well() -> None:
    p = dialling(FLOW.replace("start: other", "start: cancel"))
    p.sent("dial").accepted(id=CALL_ID)
    p.call_state("answered", call_id=CALL_ID).sent("calling.end", reason="busy").accepted()
    p.ended("busy")


def test_own_call_completed_goes_on_without_it_and_calls_no_hangup_handler() -> None:
    p = at("complete")
    p.sent("update", status="completed").accepted()
    p.ended("completed")
    assert p.path == ["complete", "note_it", "over"]
    assert p.var("noted") is True


def test_own_call_completed_whose_end_is_heard_before_the_answer_is_a_hangup() -> None:
    """Nobody can tell then who ended it."""
    p = at("complete")
    update = p.sent("update", status="completed")
    p.call_state("ended").ended("hangup")
    assert p.path == ["complete", "gone"]
    update.accepted().was("late")


def test_own_call_completed_has_no_use_for_a_step_that_needs_it() -> None:
    p = at("complete", FLOW.replace("accepted: note_it", "accepted: talk"))
    p.sent("update").accepted()
    p.ended("completed")


def test_own_call_completed_lets_a_recording_settle() -> None:
    p = at("tape")
    p.sent("calling.record").accepted()
    p.sent("update", status="completed").accepted()
    assert not p.is_over
    p.call_state("ended").report("tape", "record", "finished", url="https://recordings.example.com/1.mp3")
    p.ended("completed")
    assert p.path == ["tape", "complete", "note_it", "over"]
    assert p.result("tape")["url"] == "https://recordings.example.com/1.mp3"


def test_own_call_completed_waits_ten_seconds_for_a_recording_that_is_lost() -> None:
    p = at("tape")
    p.sent("calling.record").accepted()
    p.sent("update", status="completed").accepted()
    p.passes("10s").looks_up().found("ended")
    p.ended("completed")
    assert p.result("tape")["outcome"] == "lost"


@pytest.mark.parametrize(
    ("answer", "reason"), [("rejected", "busy"), ("unavailable", "error"), ("unanswered", "decline")]
)
def test_own_call_not_completed_goes_on(answer: str, reason: str) -> None:
    p = at("complete")
    getattr(p.sent("update"), answer)()
    p.sent("calling.end", reason=reason).accepted()
    p.ended(reason)


def test_own_call_that_is_gone_is_a_hangup() -> None:
    p = at("complete")
    p.sent("update", status="completed").gone()
    p.ended("hangup")
    assert p.path == ["complete", "gone"]


@pytest.mark.parametrize("step", ["other", "complete"])
def test_update_unanswered_by_a_crash_is_not_repeated(step: str) -> None:
    p = at(step)
    p.sent("update")
    p.resumes().was("skipped").sent("calling.end", reason="decline").accepted()
    p.ended("decline")
