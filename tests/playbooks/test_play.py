"""play: one playback, over when the platform says so."""

import pytest

from tests.playbooks.playbook import Playbook, call

FLOW = """
start: hello
steps:
  hello:
    play: "Hello."
    next: bye
  bye:
    end: hangup
  sorry:
    end: error
  broken:
    end: busy
handlers:
  error: broken
"""


def hangs_up(p: Playbook, reason: str = "hangup") -> None:
    p.sent("calling.end").accepted()
    p.ended(reason)


def test_play_finished_goes_on() -> None:
    p = call(FLOW)
    p.sent("calling.play", play=[{"type": "tts", "params": {"text": "Hello."}}]).accepted()
    p.report("hello", "play", "playing").at("hello")
    p.report("hello", "play", "finished")
    hangs_up(p)
    assert p.path == ["hello", "bye"]
    assert p.result("hello") == {"outcome": "finished"}


def test_play_reports_before_its_answer_goes_on() -> None:
    p = call(FLOW)
    playback = p.says("Hello.")
    p.report("hello", "play", "playing").report("hello", "play", "finished")
    end = p.sent("calling.end")
    playback.accepted()
    end.accepted()
    p.ended("hangup")


def test_play_error_goes_to_the_handler() -> None:
    p = call(FLOW)
    p.says("Hello.").accepted()
    p.report("hello", "play", "error")
    p.sent("calling.end", reason="busy").accepted()
    p.ended("busy")


@pytest.mark.parametrize("doubled", ["playing", "finished"])
def test_play_doubled_report_changes_nothing(doubled: str) -> None:
    p = call(FLOW)
    p.says("Hello.").accepted()
    p.report("hello", "play", "playing")
    if doubled == "playing":
        p.report("hello", "play", "playing").was("duplicate").at("hello")
    p.report("hello", "play", "finished")
    end = p.sent("calling.end")
    p.report("hello", "play", "finished").was("late")
    end.accepted()
    p.ended("hangup")
