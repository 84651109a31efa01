"""transcribe: the transcript comes after the call (see test_copies.py for what all copies share)."""

import pytest

from tests.playbooks.copies import copying, flow_of
from tests.playbooks.playbook import call


def test_transcribe_twice_is_rejected_by_the_platform() -> None:
    p = call(flow_of("transcribe"))
    p.sent("calling.transcribe").rejected("transcribe_in_progress")
    p.sent("calling.end", reason="busy").accepted()
    p.ended("busy")
    assert p.result("copy")["code"] == "transcribe_in_progress"


@pytest.mark.parametrize(("mark", "outcome"), [("completed", "finished"), ("failed", "error")])
def test_transcript_is_waited_for_after_the_hangup(mark: str, outcome: str) -> None:
    p = copying("transcribe").report("copy", "transcribe", "transcribing")
    p.call_state("ended").was("settling")
    assert not p.is_over
    p.report("copy", "transcribe", mark)
    p.ended("hangup")
    assert p.path[-1] == "gone"
    assert p.result("copy")["outcome"] == outcome


def test_transcript_that_does_not_come_is_looked_up_and_lost() -> None:
    p = copying("transcribe").call_state("ended")
    p.passes("10s").looks_up().found("ended")
    p.ended("hangup")
    assert p.result("copy")["outcome"] == "lost"


def test_transcript_that_only_the_voice_log_knows_counts() -> None:
    p = copying("transcribe").call_state("ended")
    p.passes("10s").looks_up().found("ended", p.heard_of("copy", "transcribe", "completed"))
    p.ended("hangup")
    assert p.result("copy")["outcome"] == "finished"


def test_stopped_transcription_reports_finished_and_then_its_transcript() -> None:
    p = copying("transcribe", "stop").passes("20s")
    p.sent("calling.transcribe.stop").accepted()
    p.report("copy", "transcribe", "finished").sent("calling.end").accepted()
    p.ended("hangup")
    p.report("copy", "transcribe", "completed").was("late")
