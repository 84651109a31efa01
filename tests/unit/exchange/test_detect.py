"""Detectors, and what they make of whoever is on the line."""

from typing import Any

import pytest

from engine.exchange.caller import Sign
from tests.unit.exchange.playbook import Playbook, marks


@pytest.mark.parametrize(
    ("detected", "expected"),
    [
        ("human", ["HUMAN", "finished"]),
        ("machine", ["MACHINE", "NOT_READY", "READY", "finished"]),
        ("fax", ["UNKNOWN", "finished"]),
        ("unknown", ["UNKNOWN", "finished"]),
    ],
)
def test_machine_detector(detected: str, expected: list[str]) -> None:
    book = Playbook().parked(detected=detected)
    assert book.detect().status == 200
    book.run()
    assert marks(book, "detect") == expected


def test_body_of_a_report() -> None:
    book = Playbook().parked(detected="machine")
    book.detect()
    book.wait(5_000)
    ready, finished = book.bodies[-2:]
    assert (ready["control_id"], ready["call_id"]) == ("d", book.call_id)
    assert ready["detect"] == {"type": "machine", "params": {"event": "READY", "beep": True}}
    assert finished["detect"] == {"type": "machine", "params": {"event": "finished"}}


def test_without_the_message_end_a_machine_ends_it() -> None:
    book = Playbook().parked(detected="machine")
    book.detect(detect_message_end=False)
    book.run()
    assert marks(book, "detect") == ["MACHINE", "finished"]


def test_detector_that_goes_on_to_its_timeout() -> None:
    book = Playbook(detect_ends="timeout").parked(
        signs=(
            Sign(after_ms=100, event="MACHINE"),
            Sign(after_ms=200, event="READY"),
            Sign(after_ms=300, event="NOT_READY"),
            Sign(after_ms=400, event="READY", beep=True),
        )
    )
    book.detect(timeout=3)
    book.wait(2_999)
    assert marks(book, "detect") == ["MACHINE", "READY", "NOT_READY", "READY"]
    book.wait(1)
    assert book.hooks == ["detect.finished"]


def test_timeout_ends_a_detector_that_noticed_nothing() -> None:
    book = Playbook().parked(detected="unknown")
    book.detect(timeout=2, initial_timeout=30)
    book.run()
    assert marks(book, "detect") == ["finished"]


@pytest.mark.parametrize(("tone", "expected"), [("CED", ["CED", "finished"]), ("cng", ["finished"])])
def test_fax_that_we_called_answers_with_its_tone(tone: str, expected: list[str]) -> None:
    book = Playbook().set_callee("+15557777", detected="fax")
    book.dial()
    book.run()
    book.detect("fax", tone=tone)
    book.run()
    assert marks(book, "detect") == expected


def test_fax_that_calls_has_the_other_tone() -> None:
    book = Playbook().parked(detected="fax")
    book.detect("fax", tone="CNG")
    book.run()
    assert marks(book, "detect") == ["CNG", "finished"]


@pytest.mark.parametrize(("default", "expected"), [("CED", ["finished"]), ("either", ["CNG", "finished"])])
def test_tone_that_is_listened_for_when_none_is_named(default: str, expected: list[str]) -> None:
    book = Playbook(fax_tone=default).parked(detected="fax")
    book.detect("fax")
    book.run()
    assert marks(book, "detect") == expected


def test_digit_detector_reports_the_key() -> None:
    book = Playbook().parked()
    book.detect("digit", digits="12")
    book.presses("9")
    assert book.hooks == []
    book.presses("2")
    assert book.hooks == ["detect.2", "detect.finished"]
    assert book.bodies[0]["detect"] == {"type": "digit", "params": {"event": "2"}}


@pytest.mark.parametrize("reaches", [True, False])
def test_whether_a_collect_leaves_its_digits_to_a_detector(reaches: bool) -> None:
    book = Playbook(keys_reach_detect=reaches).parked()
    book.collect(digits={"max": 1})
    book.detect("digit")
    book.presses("1")
    assert ("detect.1" in book.hooks) is reaches
    assert "collect.digit" in book.hooks


def test_stopped_detector_is_finished() -> None:
    book = Playbook().parked()
    book.detect()
    book.post("calling.detect.stop", control_id="d")
    assert book.hooks == ["detect.finished"]
    assert book.post("calling.detect.stop", control_id="d").status == 404


@pytest.mark.parametrize(("options", "expected"), [({}, []), ({"report_on_hangup": True}, ["detect.finished"])])
def test_hang_up_ends_a_detector(options: dict[str, Any], expected: list[str]) -> None:
    book = Playbook(**options).parked()
    book.detect()
    book.hangs_up()
    assert book.hooks == expected
    assert book.call.operations == ()
