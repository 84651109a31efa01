"""A secret is asked for when nobody listens, and not before: what is not confirmed is not taken for silent."""

import pytest

from tests.playbooks.playbook import Playbook, call
from tests.playbooks.test_secrets import digits, listened, sends, silences

REFUSED = pytest.mark.parametrize("how", ["rejected", "unavailable", "unanswered"])


def answered(p: Playbook, command: str, how: str) -> Playbook:
    done: Playbook = getattr(p.sent(f"calling.{command}"), how)()
    return done


@REFUSED
def test_recording_that_cannot_be_paused_is_stopped_before_the_secret_is_asked_for(how: str) -> None:
    p = listened()
    pause, stop = silences(p)
    getattr(pause, how)()
    ended = p.sent("calling.record.stop")
    stop.accepted().at("pin")
    sends(ended.accepted(), "collect", "play")
    p.report("tape", "record", "finished", url="https://files.example.com/1.wav")
    sends(p.report("pin", "collect", "error"), "play.stop", "transcribe", "end")


TAPED = """
signals: {stop: {}}
start: tape
steps:
  tape: {record: {}, background: true, next: pin}
  pin:
    ask: {prompt: "Your PIN?", digits: {max: 4}, secret: true, attempts: 1}
    next: {digits: bye, no_input: bye, no_match: bye, failures: once_more}
  once_more: {play: "Once more.", next: pin}
  bye: {end: hangup}
handlers: {signal.stop: bye}
"""
COPIED = TAPED.replace("record: {}, background: true,", "transcribe: {},")


def taped() -> Playbook:
    return sends(call(TAPED), "record")


@REFUSED
def test_nothing_is_asked_when_a_recording_can_be_neither_paused_nor_stopped(how: str) -> None:
    p = answered(taped(), "record.pause", "rejected")
    answered(p, "record.stop", how).says("Once more.").accepted()
    outcome = {"rejected": "rejected", "unavailable": "error", "unanswered": "lost"}[how]
    assert (p.result("pin")["outcome"], p.result("pin")["code"]) == (outcome, "not-silenced")
    assert "tape" in p.result("pin")["message"]


def test_recording_that_goes_on_is_silenced_by_the_next_secret() -> None:
    p = answered(answered(taped(), "record.pause", "rejected"), "record.stop", "rejected")
    p.says("Once more.").accepted()
    p.passes("15s").at("once_more")
    sends(p.report("once_more", "play", "finished"), "record.pause")
    sends(digits(sends(p, "collect", "play")), "play.stop", "record.resume", "end")


def test_pause_whose_answer_was_lost_is_lifted_when_nothing_could_be_asked() -> None:
    p = answered(answered(taped(), "record.pause", "unanswered"), "record.stop", "rejected")
    sends(p, "record.resume", "play")


@pytest.mark.parametrize("command", ["record.pause", "record.stop"])
def test_order_that_finds_no_recording_has_silenced_it(command: str) -> None:
    p = taped()
    if command == "record.stop":
        answered(p, "record.pause", "rejected")
    sends(answered(p, command, "gone"), "collect", "play")


def test_recording_that_ends_by_itself_is_silent_without_an_answer() -> None:
    p = taped()
    pause = p.sent("calling.record.pause")
    p.report("tape", "record", "finished", url="https://files.example.com/1.wav")
    sends(p, "collect", "play")
    pause.rejected().at("pin")


def test_without_any_answer_the_recording_is_stopped_and_then_the_step_is_lost() -> None:
    p = taped()
    pause = p.sent("calling.record.pause")
    look_up = p.passes("45s").looks_up()
    stop = p.sent("calling.record.stop")
    look_up.found("answered")
    p.passes("44s").at("pin").passes("1s")
    sends(p, "record.resume", "play")
    assert (p.result("pin")["outcome"], p.result("pin")["code"]) == ("lost", "not-silenced")
    pause.accepted()
    stop.accepted().at("once_more")


@REFUSED
def test_nothing_is_asked_while_a_transcription_goes_on(how: str) -> None:
    p = answered(sends(call(COPIED), "transcribe"), "transcribe.stop", how)
    sends(p, "play")
    assert p.result("pin")["code"] == "not-silenced"
    sends(p.report("once_more", "play", "finished"), "transcribe.stop")
    sends(digits(sends(p, "collect", "play")), "play.stop", "transcribe", "end")


def test_transcription_that_cannot_be_stopped_lets_the_recording_go_on() -> None:
    p = listened()
    pause, stop = silences(p)
    pause.accepted()
    stop.unanswered()
    sends(p, "record.resume", "end")


def test_signal_that_takes_the_step_away_before_it_has_asked_lets_the_recording_go_on() -> None:
    p = taped()
    pause = p.sent("calling.record.pause")
    p.signals("stop")
    sends(p, "record.resume", "end")
    pause.rejected().nothing()


def test_after_a_crash_in_between_the_stop_is_sent_again() -> None:
    p = answered(taped(), "record.pause", "unavailable")
    p.sent("calling.record.stop")
    p.resumes()
    sends(sends(p, "record.stop"), "collect", "play")


def test_hang_up_before_anything_is_asked_sends_nothing_more() -> None:
    p = taped()
    p.sent("calling.record.pause")
    p.call_state("ended").at("pin").report("tape", "record", "finished").ended("hangup")


ORDERED = """
start: tape
steps:
  tape: {record: {}, background: true, next: hush}
  hush: {ORDER: tape, next: {accepted: pin, failures: pin}}
  pin:
    ask: {prompt: "Your PIN?", digits: {max: 4}, secret: true, attempts: 1}
    next: {otherwise: bye, failures: bye}
  bye: {end: hangup}
signals: {now: {}}
handlers: {signal.now: pin}
"""


@REFUSED
def test_recording_that_the_flow_could_not_stop_is_stopped_once_more(how: str) -> None:
    p = answered(sends(call(ORDERED.replace("ORDER", "record.stop")), "record"), "record.stop", how)
    sends(sends(p, "record.stop"), "collect", "play")


def test_recording_that_the_flow_has_stopped_is_silent() -> None:
    p = sends(sends(call(ORDERED.replace("ORDER", "record.stop")), "record"), "record.stop")
    sends(p, "collect", "play")


@pytest.mark.parametrize("order", ["record.stop", "record.pause"])
def test_order_of_the_flow_that_is_under_way_is_waited_for(order: str) -> None:
    p = sends(call(ORDERED.replace("ORDER", order)), "record")
    sent = p.sent(f"calling.{order}")
    p.signals("now").at("hush")
    sends(sent.accepted(), "collect", "play")


def test_pause_of_the_flow_that_is_refused_silences_nothing() -> None:
    p = sends(call(ORDERED.replace("ORDER", "record.pause")), "record")
    sent = p.sent("calling.record.pause")
    p.signals("now").at("hush")
    answered(sent.rejected(), "record.pause", "rejected")
    sends(sends(p, "record.stop"), "collect", "play")


def test_recording_whose_last_report_is_lost_is_stopped_before_the_secret_is_asked_for() -> None:
    p = sends(
        call(ORDERED.replace("record: {}", "record: {max_length: 20}").replace("ORDER", "record.resume")), "record"
    )
    sent = p.sent("calling.record.resume")
    p.passes("40s").looks_up().found("answered")
    stop = p.sent("calling.record.stop")
    sent.accepted().at("pin")
    sends(stop.accepted(), "collect", "play")
