"""play: one playback, over when the platform says so."""

import pytest

from tests.playbooks.playbook import call

FLOW = """
defaults: {voice: {gender: male}}
start: hello
steps:
  hello:
    play:
      - "Hello ${{ call.from }}."
      - silence: 1
    next: bye
  bye:
    end: hangup
  broken:
    end: error
handlers:
  error: broken
"""


def test_play_finished_goes_on() -> None:
    p = call(FLOW)
    p.sent(
        "calling.play",
        play=[
            {"type": "tts", "params": {"text": "Hello +15550177."}},
            {"type": "silence", "params": {"duration": 1}},
        ],
        gender="male",
    ).accepted()
    p.report("hello", "play", "playing").at("hello")
    p.report("hello", "play", "finished")
    p.sent("calling.end").accepted()
    p.ended("hangup")
    assert p.path == ["hello", "bye"]
    assert p.result("hello") == {"outcome": "finished"}


def test_play_reported_before_its_answer_goes_on() -> None:
    p = call(FLOW)
    playback = p.says("Hello")
    p.report("hello", "play", "playing").report("hello", "play", "finished")
    end = p.sent("calling.end")
    playback.accepted()
    end.accepted()
    p.ended("hangup")


def test_play_finished_without_playing_goes_on() -> None:
    p = call(FLOW)
    p.says("Hello").accepted()
    p.report("hello", "play", "finished")
    p.sent("calling.end").accepted()
    p.ended("hangup")


def test_play_paused_and_resumed_is_still_playing() -> None:
    p = call(FLOW)
    p.says("Hello").accepted()
    p.report("hello", "play", "playing").report("hello", "play", "paused").at("hello")


def test_play_error_goes_to_the_handler() -> None:
    p = call(FLOW)
    p.says("Hello").accepted()
    p.report("hello", "play", "error")
    p.sent("calling.end", reason="error").accepted()
    p.ended("error")


@pytest.mark.parametrize("answer", ["rejected", "unavailable"])
def test_play_refused_is_over_with_the_code(answer: str) -> None:
    p = call(FLOW.replace("next: bye", "next: {finished: bye, rejected: bye, error: bye}"))
    getattr(p.says("Hello"), answer)()
    p.sent("calling.end").accepted()
    p.ended("hangup")
    assert p.result("hello")["code"] == {"rejected": "invalid_parameter", "unavailable": "http_503"}[answer]
