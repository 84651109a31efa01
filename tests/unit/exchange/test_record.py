"""calling.record and calling.record.stop."""

import pytest

from engine.exchange.effects import Heard
from tests.unit.exchange.playbook import Playbook


def test_recording_is_finished_by_a_terminator() -> None:
    book = Playbook().parked()
    book.record(beep=True)
    assert book.hooks == ["record.recording"]
    assert [heard.sound for heard in book.of(Heard)] == ["beep"]
    book.says("hello", duration_ms=3_000)
    book.wait(2_000)
    book.presses("#")
    (body,) = book.bodies
    assert body["state"] == "finished"
    assert body["record"]["duration"] == 2.0
    assert body["record"]["format"] == "mp3"
    assert body["record"]["size"] > 0
    assert body["record"]["url"].startswith("https://")


def test_nobody_speaks_and_it_is_no_input() -> None:
    book = Playbook().parked()
    book.record(initial_timeout=4)
    book.wait(4_000)
    assert book.hooks == ["record.no_input"]
    assert "record" not in book.bodies[0]


def test_silence_after_speech_ends_it() -> None:
    book = Playbook().parked()
    book.record(end_silence_timeout=1.5)
    book.says("my message", duration_ms=2_000)
    book.wait(3_499)
    assert book.hooks == []
    book.wait(1)
    assert book.hooks == ["record.finished"]


def test_max_length_ends_it() -> None:
    book = Playbook().parked()
    book.record(initial_timeout=0, max_length=10)
    book.wait(10_000)
    assert book.hooks == ["record.finished"]


def test_without_limits_it_lasts_as_long_as_the_call() -> None:
    book = Playbook().parked()
    book.record(initial_timeout=0, end_silence_timeout=0, terminators="")
    book.presses("#")
    book.says("x")
    book.wait(3_600_000)
    assert len(book.call.operations) == 1
    book.hangs_up()
    assert book.hooks == ["record.finished"]
    assert book.bodies[0]["record"]["duration"] == 3_600.0


@pytest.mark.parametrize(("direction", "lives"), [("speak", False), ("listen", True), ("both", True)])
def test_prompt_counts_as_sound_where_it_is_recorded(direction: str, lives: bool) -> None:
    book = Playbook().parked()
    book.record(direction=direction, initial_timeout=1, end_silence_timeout=60)
    book.say("a prompt that takes a while")
    book.wait(1_500)
    assert any(operation.control_id == "r" for operation in book.call.operations) == lives


def test_stop_finishes_it_and_a_second_stop_is_404() -> None:
    book = Playbook().parked()
    book.record()
    assert book.post("calling.record.stop", control_id="r").status == 200
    assert book.hooks == ["record.finished"]
    assert book.post("calling.record.stop", control_id="r").status == 404


def test_envelope_has_the_result_at_the_top_too() -> None:
    book = Playbook(webhook_shape="envelope").parked()
    book.record()
    book.post("calling.record.stop", control_id="r")
    body = book.bodies[0]
    assert body["event_type"] == "calling.call.record"
    assert body["params"]["url"] == body["params"]["record"]["url"]


def test_finished_comes_when_the_recording_is_ready() -> None:
    book = Playbook(recording_ready_ms=700).parked()
    book.record()
    book.hangs_up()
    assert book.hooks == []
    book.wait(700)
    assert book.hooks == ["record.finished"]
