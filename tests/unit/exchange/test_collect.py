"""calling.collect, its stop and its timers."""

from typing import Any

import pytest

from tests.unit.exchange.playbook import Playbook

PIN: dict[str, Any] = {"digits": {"max": 4, "terminators": "#"}}


def result(book: Playbook) -> dict[str, Any]:
    """The result of the only webhook that the last input sent."""
    (body,) = book.bodies
    found: dict[str, Any] = body["result"]
    return found


def test_neither_digits_nor_speech_is_400() -> None:
    answer = Playbook().parked().collect()
    assert answer.status == 400
    assert answer.body["errors"][0]["attribute"] == "params"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("1234", {"digits": "1234", "terminator": ""}),
        ("12#", {"digits": "12", "terminator": "#"}),
        ("#", {"digits": "", "terminator": "#"}),
        ("123456", {"digits": "1234", "terminator": ""}),
    ],
)
def test_digits_end_with_the_last_one_or_a_terminator(keys: str, expected: dict[str, str]) -> None:
    book = Playbook().parked()
    book.collect(**PIN)
    book.presses(keys)
    assert result(book) == {"type": "digit", "params": expected}
    assert book.call.operations == ()


@pytest.mark.parametrize("digits", [{"max": 3}, {"max": 3, "terminators": ""}])
def test_without_terminators_every_key_is_a_digit(digits: dict[str, Any]) -> None:
    book = Playbook().parked()
    book.collect(digits=digits)
    book.presses("1#2")
    assert result(book)["params"]["digits"] == "1#2"


def test_digits_end_when_no_more_come() -> None:
    book = Playbook().parked()
    book.collect(digits={"max": 4, "digit_timeout": 3})
    book.presses("1")
    book.wait(2_900)
    book.presses("2")
    book.wait(2_999)
    assert book.hooks == []
    book.wait(1)
    assert result(book)["params"] == {"digits": "12", "terminator": ""}


def test_initial_timeout_does_not_run_until_it_is_started() -> None:
    book = Playbook().parked()
    book.collect(**PIN, initial_timeout=2)
    book.wait(3_600_000)
    assert book.hooks == []
    assert book.post("calling.collect.start_input_timers", control_id="c").status == 200
    book.wait(1_999)
    assert book.hooks == []
    book.wait(1)
    assert result(book) == {"type": "no_input"}


def test_initial_timeout_runs_at_once_when_asked_for() -> None:
    book = Playbook().parked()
    book.collect(**PIN, initial_timeout=2, start_input_timers=True)
    book.wait(2_000)
    assert result(book) == {"type": "no_input"}


def test_first_key_stops_the_initial_timer() -> None:
    book = Playbook().parked()
    book.collect(digits={"max": 4, "digit_timeout": 9}, initial_timeout=2, start_input_timers=True)
    book.presses("1")
    book.wait(8_000)
    assert book.hooks == []


def test_timers_started_again_change_nothing() -> None:
    book = Playbook().parked()
    book.collect(**PIN, initial_timeout=2, start_input_timers=True)
    book.wait(1_500)
    assert book.post("calling.collect.start_input_timers", control_id="c").status == 200
    book.wait(500)
    assert result(book) == {"type": "no_input"}


def test_timers_of_an_unknown_collect_are_404() -> None:
    assert Playbook().parked().post("calling.collect.start_input_timers", control_id="c").status == 404


def test_keys_during_a_prompt_are_collected_and_the_prompt_goes_on() -> None:
    book = Playbook().parked()
    book.collect(**PIN)
    book.say("Enter your PIN, please.")
    book.presses("12")
    book.wait(50)
    book.presses("34")
    assert book.hooks == ["collect.digit"]
    assert [type(operation).__name__ for operation in book.call.operations] == ["Playback"]


def test_keys_without_a_live_collect_are_lost() -> None:
    book = Playbook().parked()
    book.presses("12")
    book.collect(**PIN)
    book.presses("34#")
    assert result(book)["params"]["digits"] == "34"


@pytest.mark.parametrize("raises", [True, False])
def test_start_of_input_comes_with_the_first_key_where_that_raises_it(raises: bool) -> None:
    book = Playbook(press_raises_start=raises).parked()
    book.collect(**PIN, send_start_of_input=True)
    book.presses("1")
    assert book.hooks == (["collect.start_of_input"] if raises else [])
    book.presses("2")
    assert book.hooks == []


def test_start_of_input_is_sent_only_when_asked_for() -> None:
    book = Playbook().parked()
    book.collect(**PIN)
    book.presses("1")
    assert book.hooks == []


def test_speech_is_reported_after_it_ends_and_silence_follows() -> None:
    book = Playbook().parked()
    book.collect(speech={"end_silence_timeout": 0.8}, send_start_of_input=True)
    book.says("my balance", confidence=71.5, duration_ms=1_000)
    assert book.hooks == ["collect.start_of_input"]
    book.wait(1_799)
    assert book.hooks == []
    book.wait(1)
    assert result(book) == {"type": "speech", "params": {"text": "my balance", "confidence": 71.5}}


def test_confidence_may_be_a_fraction() -> None:
    book = Playbook(confidence="fraction").parked()
    book.collect(speech={})
    book.says("my balance", confidence=50, duration_ms=1_000)
    book.wait(2_000)
    assert result(book)["params"]["confidence"] == 0.5


def test_speech_goes_on_when_the_pause_is_short() -> None:
    book = Playbook().parked()
    book.collect(speech={"end_silence_timeout": 1})
    book.says("my", duration_ms=200)
    book.wait(900)
    book.says("balance", duration_ms=500)
    book.wait(1_500)
    assert result(book)["params"]["text"] == "my balance"


def test_speech_timeout_ends_a_long_speech() -> None:
    book = Playbook().parked()
    book.collect(speech={"speech_timeout": 2})
    book.says("well you see", duration_ms=30_000)
    book.wait(2_000)
    assert result(book)["type"] == "speech"


def test_noise_is_no_match() -> None:
    book = Playbook().parked()
    book.collect(speech={})
    book.says("", duration_ms=300)
    book.run()
    assert book.all_hooks == ["collect.no_match"]


def test_speech_for_a_collect_of_digits_is_nothing() -> None:
    book = Playbook().parked()
    book.collect(**PIN, initial_timeout=2, start_input_timers=True)
    book.says("hello", duration_ms=500)
    book.wait(2_000)
    assert result(book) == {"type": "no_input"}


def test_key_wins_over_words() -> None:
    book = Playbook().parked()
    book.collect(digits={"max": 1}, speech={})
    book.says("balance", duration_ms=500)
    book.presses("1")
    assert result(book)["type"] == "digit"


def test_partial_results_say_whether_they_are_final() -> None:
    book = Playbook().parked()
    book.collect(digits={"max": 3}, partial_results=True)
    book.presses("12")
    assert [(body["final"], body["result"]["params"]["digits"]) for body in book.bodies] == [
        (False, "1"),
        (False, "12"),
    ]
    book.presses("3")
    assert [(body["final"], body["result"]["params"]["digits"]) for body in book.bodies] == [(True, "123")]


def test_partial_speech_comes_before_the_silence_is_over() -> None:
    book = Playbook().parked()
    book.collect(speech={"end_silence_timeout": 1}, partial_results=True)
    book.says("agent", duration_ms=400)
    book.run()
    assert book.all_hooks == ["collect.partial", "collect.speech"]


@pytest.mark.parametrize("word", ["no_input", "finished"])
def test_stop_reports_the_word_that_the_platform_is_said_to_use(word: str) -> None:
    book = Playbook(stopped_collect=word).parked()
    book.collect(**PIN)
    assert book.post("calling.collect.stop", control_id="c").status == 200
    assert result(book) == {"type": word}
    assert book.post("calling.collect.stop", control_id="c").status == 404


def test_continuous_collect_goes_on_until_stopped() -> None:
    book = Playbook().parked()
    book.collect(digits={"max": 2}, continuous=True)
    assert book.bodies[0]["state"] == "collecting"
    book.presses("12345")
    assert [body["result"]["params"]["digits"] for body in book.bodies] == ["12", "34"]
    assert {body["state"] for body in book.bodies} == {"collecting"}
    book.post("calling.collect.stop", control_id="c")
    assert book.bodies[0]["state"] == "finished"
    book.presses("12")
    assert book.hooks == []


def test_continuous_collect_without_timeout_does_not_stand_still_in_time() -> None:
    book = Playbook().parked()
    book.collect(digits={"max": 2}, continuous=True, initial_timeout=0, start_input_timers=True)
    book.wait(100)
    assert 0 < len(book.hooks) < 20


def test_repeated_live_control_id_is_refused_and_the_first_collect_lives_on() -> None:
    book = Playbook().parked()
    book.collect(**PIN)
    assert book.collect(**PIN).status == 422
    book.presses("1#")
    assert book.hooks == ["collect.digit"]


@pytest.mark.parametrize("mode", ["never", "at_once"])
def test_zero_end_silence_is_one_of_two_things(mode: str) -> None:
    book = Playbook(zero_end_silence=mode).parked()
    book.collect(speech={"end_silence_timeout": 0, "speech_timeout": 10})
    book.says("agent", duration_ms=400)
    book.wait(400)
    assert book.hooks == (["collect.speech"] if mode == "at_once" else [])
    book.run()
    assert book.all_hooks == ["collect.speech"]
