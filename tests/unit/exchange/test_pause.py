"""Playbacks and recordings that stand still, and go on."""

import pytest

from engine.exchange.effects import Deliver
from tests.unit.exchange.playbook import HOOK, Playbook, code, marks

SECOND_TEXT = "fourteen chars" * 2
"""Two seconds of speech."""


def test_paused_playback_takes_up_its_time_where_it_stood() -> None:
    book = Playbook().parked()
    book.say(SECOND_TEXT)
    book.wait(500)
    assert book.post("calling.play.pause", control_id="p").status == 200
    assert book.hooks == ["play.paused"]
    book.wait(60_000)
    assert book.hooks == []
    book.post("calling.play.resume", control_id="p")
    assert book.hooks == ["play.playing"]
    book.wait(1_499)
    assert book.hooks == []
    book.wait(1)
    assert book.hooks == ["play.finished"]


def test_paused_playback_can_be_stopped() -> None:
    book = Playbook().parked()
    book.say(SECOND_TEXT)
    book.post("calling.play.pause", control_id="p")
    book.post("calling.play.stop", control_id="p")
    assert book.hooks == ["play.finished"]
    book.run()
    assert marks(book, "play") == ["playing", "paused", "finished"]


def test_ringtone_without_an_end_has_none_after_a_pause() -> None:
    book = Playbook().parked()
    items = [{"type": "ringtone", "params": {"name": "us"}}]
    book.post("calling.play", control_id="p", play=items, status_url=HOOK)
    book.wait(100)
    book.post("calling.play.pause", control_id="p")
    book.post("calling.play.resume", control_id="p")
    book.wait(600_000)
    assert marks(book, "play") == ["playing", "paused", "playing"]


def test_playback_that_waits_for_its_turn_waits_on_when_paused() -> None:
    book = Playbook().parked()
    book.say("one", "p1")
    book.say("two", "p2")
    book.post("calling.play.pause", control_id="p2")
    book.run()
    assert book.heard == ["one"]
    book.post("calling.play.resume", control_id="p2")
    book.run()
    assert book.heard == ["one", "two"]


def test_paused_playback_gives_way_and_resumed_waits_for_its_turn() -> None:
    book = Playbook().parked()
    book.say(SECOND_TEXT, "p1")
    book.wait(500)
    book.post("calling.play.pause", control_id="p1")
    book.say(SECOND_TEXT + ".", "p2")
    assert book.heard[-1] == SECOND_TEXT + "."
    book.post("calling.play.resume", control_id="p1")
    book.wait(1_000)
    assert marks(book, "play") == ["playing", "paused", "playing"]
    book.post("calling.play.pause", control_id="p1")
    book.post("calling.play.resume", control_id="p1")
    book.run()
    assert marks(book, "play")[3:] == ["paused", "finished", "playing", "finished"]
    assert book.heard == [SECOND_TEXT, SECOND_TEXT + "."]


def test_playback_that_waits_begins_when_the_one_before_is_paused() -> None:
    book = Playbook().parked()
    book.say("one", "p1")
    book.say("two", "p2")
    book.post("calling.play.pause", control_id="p1")
    assert book.heard == ["one", "two"]
    book.run()
    book.post("calling.play.resume", control_id="p1")
    book.run()
    assert marks(book, "play")[-2:] == ["playing", "finished"]


@pytest.mark.parametrize("redundant", ["accept", "refuse"])
@pytest.mark.parametrize("kind", ["play", "record"])
def test_pausing_twice_and_resuming_twice(kind: str, redundant: str) -> None:
    book = Playbook(redundant=redundant).parked()
    book.say(SECOND_TEXT, "x")
    book.record("x")
    expected = 200 if redundant == "accept" else 409
    assert book.post(f"calling.{kind}.resume", control_id="x").status == expected
    assert book.post(f"calling.{kind}.pause", control_id="x").status == 200
    assert book.post(f"calling.{kind}.pause", control_id="x").status == expected
    assert book.hooks == []
    assert book.post(f"calling.{kind}.resume", control_id="x").status == 200


def test_volume_of_a_live_playback() -> None:
    book = Playbook().parked()
    book.say(SECOND_TEXT, volume=3)
    assert book.post("calling.play.volume", control_id="p", volume=-40).status == 200
    (playback,) = book.call.operations
    assert playback.volume_db == -40  # type: ignore[union-attr]
    assert book.post("calling.play.volume", control_id="p", volume=-40.5).status == 422
    assert book.post("calling.play.volume", control_id="other", volume=0).status == 404


@pytest.mark.parametrize(("behavior", "duration"), [("skip", 2.0), ("silence", 7.0)])
def test_pause_is_cut_out_of_a_recording_or_kept(behavior: str, duration: float) -> None:
    book = Playbook().parked()
    book.record(initial_timeout=0)
    book.wait(1_000)
    book.post("calling.record.pause", control_id="r", behavior=behavior)
    assert book.hooks == ["record.paused"]
    book.wait(5_000)
    book.post("calling.record.resume", control_id="r")
    assert book.hooks == ["record.recording"]
    book.wait(1_000)
    book.post("calling.record.stop", control_id="r")
    assert book.bodies[0]["record"]["duration"] == duration


def test_no_time_of_a_paused_recording_passes() -> None:
    book = Playbook().parked()
    book.record(initial_timeout=1, max_length=3)
    book.wait(900)
    book.post("calling.record.pause", control_id="r")
    book.wait(60_000)
    book.post("calling.record.resume", control_id="r")
    book.wait(99)
    assert book.hooks == []
    book.wait(1)
    assert book.hooks == ["record.no_input"]


def test_length_of_a_recording_goes_on_in_a_pause_that_is_silence() -> None:
    book = Playbook().parked()
    book.record(initial_timeout=0, max_length=3)
    book.wait(1_000)
    book.post("calling.record.pause", control_id="r", behavior="silence")
    book.wait(2_000)
    assert book.hooks == ["record.finished"]
    assert book.bodies[0]["record"]["duration"] == 3


def test_paused_recording_hears_and_obeys_nobody() -> None:
    book = Playbook().parked()
    book.record(initial_timeout=0, terminators="#")
    book.post("calling.record.pause", control_id="r")
    book.presses("#")
    book.says("hello")
    book.wait(10_000)
    assert [effect.kind for effect in book.all_effects if isinstance(effect, Deliver)] == [
        "record.recording",
        "record.paused",
    ]


@pytest.mark.parametrize("command", ["play.pause", "play.resume", "record.pause", "record.resume"])
def test_order_about_nothing_live_is_404(command: str) -> None:
    answer = Playbook().parked().post(f"calling.{command}", control_id="nothing")
    assert (answer.status, code(answer)) == (404, "not_found")
