"""calling.play and calling.play.stop."""

import pytest

from engine.exchange.effects import Heard
from tests.unit.exchange.playbook import HOOK, Playbook, code

TTS = {"type": "tts", "params": {"text": "Hello there."}}
AUDIO = {"type": "audio", "params": {"url": "https://a.test/x.mp3"}}
SILENCE = {"type": "silence", "params": {"duration": 2.5}}
RINGTONE = {"type": "ringtone", "params": {"name": "us"}}


def test_playback_reports_playing_then_finished_when_its_time_is_over() -> None:
    book = Playbook().parked()
    assert book.say("x" * 140).status == 200
    assert book.hooks == ["play.playing"]
    assert book.bodies[0]["state"] == "playing"
    assert book.bodies[0]["control_id"] == "p"
    book.wait(9_999)
    assert book.hooks == []
    book.wait(1)
    assert book.hooks == ["play.finished"]
    assert book.call.operations == ()


def test_items_are_heard_in_order_each_when_it_begins() -> None:
    book = Playbook(audio_lengths_ms={"https://a.test/x.mp3": 1_000}).parked()
    book.post("calling.play", control_id="p", play=[AUDIO, SILENCE, TTS], status_url=HOOK)
    assert [heard.sound for heard in book.of(Heard)] == ["audio"]
    book.wait(1_000)
    assert [(heard.sound, heard.duration_ms) for heard in book.of(Heard)] == [("silence", 2_500)]
    book.wait(2_500)
    assert [heard.text for heard in book.of(Heard)] == ["Hello there."]
    book.run()
    assert book.all_hooks == ["play.playing", "play.finished"]


def test_loop_plays_the_items_that_many_times() -> None:
    book = Playbook().parked()
    book.say("again", loop=3)
    book.run()
    assert book.heard == ["again"] * 3


def test_loop_zero_plays_until_stopped() -> None:
    book = Playbook().parked()
    book.say("for ever", loop=0)
    for _ in range(20):
        book.wait(10_000)
    assert len(book.heard) > 20
    assert book.post("calling.play.stop", control_id="p").status == 200
    assert book.hooks == ["play.finished"]
    book.run()


def test_ringtone_without_duration_plays_until_stopped() -> None:
    book = Playbook().parked()
    book.post("calling.play", control_id="p", play=[RINGTONE], status_url=HOOK)
    book.wait(600_000)
    assert book.hooks == []
    book.post("calling.play.stop", control_id="p")
    assert book.hooks == ["play.finished"]


def test_stop_of_a_playback_is_finished_and_cuts_it_off() -> None:
    book = Playbook().parked()
    book.say("a long prompt")
    book.wait(100)
    book.post("calling.play.stop", control_id="p")
    assert book.hooks == ["play.finished"]
    assert book.progress[-1] == "cut_off"


@pytest.mark.parametrize("when", ["never_started", "over"])
def test_stop_of_an_operation_that_is_not_live_is_404(when: str) -> None:
    book = Playbook().parked()
    if when == "over":
        book.say("short")
        book.run()
    answer = book.post("calling.play.stop", control_id="p")
    assert (answer.status, code(answer)) == (404, "not_found")


def test_play_without_status_url_reports_nothing() -> None:
    book = Playbook().parked()
    book.post("calling.play", control_id="p", play=[TTS])
    book.run()
    assert book.heard == ["Hello there."]
    assert book.all_hooks == []


@pytest.mark.parametrize(("repeat", "status"), [("refuse", 422), ("accept", 200)])
def test_repeated_live_control_id_is_heard_once(repeat: str, status: int) -> None:
    book = Playbook(repeat=repeat).parked()
    book.say("once")
    answer = book.say("once")
    assert answer.status == status
    assert repeat == "accept" or code(answer) == "control_id_in_use"
    book.run()
    assert book.heard == ["once"]
    assert book.all_hooks == ["play.playing", "play.finished"]


def test_play_during_a_play_waits_for_it_by_default() -> None:
    book = Playbook().parked()
    book.say("first", "p1")
    book.say("second", "p2")
    assert book.effects == ()
    book.run()
    assert book.heard == ["first", "second"]
    assert book.all_hooks == ["play.playing", "play.finished"] * 2


def test_waiting_playback_that_is_stopped_is_never_heard() -> None:
    book = Playbook().parked()
    book.say("first", "p1")
    book.say("second", "p2")
    book.post("calling.play.stop", control_id="p2")
    assert book.hooks == ["play.finished"]
    book.run()
    assert book.heard == ["first"]


def test_play_during_a_play_can_be_mixed() -> None:
    book = Playbook(overlap="mix").parked()
    book.say("first", "p1")
    book.say("second", "p2")
    assert book.heard == ["first", "second"]


def test_play_during_a_play_can_be_refused() -> None:
    book = Playbook(overlap="refuse").parked()
    book.say("first", "p1")
    assert book.say("second", "p2").status == 422
    book.run()
    assert book.heard == ["first"]


@pytest.mark.parametrize(
    ("params", "attribute", "expected"),
    [
        ({"play": [TTS]}, "params.control_id", "missing_required_parameter"),
        ({"control_id": "p"}, "params.play", "missing_required_parameter"),
        ({"control_id": "p", "play": []}, "params.play", "invalid_parameter"),
        ({"control_id": "p", "play": [{"type": "tts"}]}, "params.play[0].params", "missing_required_parameter"),
        (
            {"control_id": "p", "play": [{"type": "tts", "params": {}}]},
            "params.play[0].params.text",
            "missing_required_parameter",
        ),
        ({"control_id": "p", "play": [{"type": "song", "params": {}}]}, "params.play[0].type", "invalid_parameter"),
        ({"control_id": "p", "play": [{"params": {}}]}, "params.play[0].type", "missing_required_parameter"),
        (
            {"control_id": "p", "play": [{"type": "silence", "params": {"duration": "2"}}]},
            "params.play[0].params.duration",
            "invalid_parameter",
        ),
        ({"control_id": "p", "play": [TTS], "volume": 41}, "params.volume", "invalid_parameter"),
        ({"control_id": "p", "play": [TTS], "loop": -1}, "params.loop", "invalid_parameter"),
        ({"control_id": "p", "play": [TTS], "loop": True}, "params.loop", "invalid_parameter"),
        ({"control_id": "p", "play": [TTS], "direction": "up"}, "params.direction", "invalid_parameter"),
        ({"control_id": "p", "play": [TTS], "loops": 1}, "params.loops", "invalid_parameter"),
    ],
)
def test_wrong_params_are_422_and_name_the_attribute(params: dict[str, object], attribute: str, expected: str) -> None:
    book = Playbook().parked()
    answer = book.post("calling.play", **params)
    assert answer.status == 422
    error = answer.body["errors"][0]
    assert (error["attribute"], error["code"]) == (attribute, expected)
    assert set(error) == {"type", "code", "message", "attribute", "url"}
    assert book.heard == []
