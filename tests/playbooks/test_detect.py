"""detect: who has answered. Its last word may come before the one that counts."""

from typing import Any

import pytest

from engine.model.verbs import FAILURES
from tests.playbooks.playbook import Playbook, call

FLOW = """
start: who
steps:
  who:
    detect: PARAMS
    next: {NEXT, lost: unknown}
  person: {end: hangup}
  machine: {end: cancel}
  ready: {end: busy}
  other: {end: decline}
  nobody: {end: noAnswer}
  unknown: {end: error}
"""
MACHINE = "human: person, machine: machine, machine_ready: ready, unknown: other, timeout: nobody"
AT_ONCE = "human: person, machine: machine, unknown: other, timeout: nobody"
REASONS = {
    "human": "hangup",
    "machine": "cancel",
    "machine_ready": "busy",
    "unknown": "decline",
    "fax": "hangup",
    "digit": "hangup",
    "timeout": "noAnswer",
}
ENDED = {"noAnswer": "no_answer"}


def detecting(params: str = "{type: machine}", follows: str = MACHINE) -> Playbook:
    p = call(FLOW.replace("PARAMS", params).replace("NEXT", follows))
    return p.sent("calling.detect").accepted().at("who")


def at_once() -> Playbook:
    return detecting("{type: machine, detect_message_end: false}", AT_ONCE)


def ends(p: Playbook, outcome: str, **fields: Any) -> None:
    p.sent("calling.end", reason=REASONS[outcome]).accepted()
    p.ended(ENDED.get(REASONS[outcome], REASONS[outcome]))
    nothing = {"type": "", "event": "", "value": ""} if outcome not in FAILURES else {}
    assert p.result("who") == {"outcome": outcome, **nothing, **fields}


def heard(p: Playbook, *marks: str) -> Playbook:
    for mark in marks:
        p.report("who", "detect", mark)
    return p


@pytest.mark.parametrize(
    ("params", "sent"),
    [
        ("{type: machine}", {"detect": {"type": "machine", "params": {}}}),
        (
            "{type: machine, detect_message_end: false, timeout: 20}",
            {"detect": {"type": "machine", "params": {"detect_message_end": False}}, "timeout": 20},
        ),
    ],
)
def test_detect_params_of_the_type_go_below_it(params: str, sent: dict[str, Any]) -> None:
    p = call(FLOW.replace("PARAMS", params).replace("NEXT", "otherwise: person"))
    assert p.sent("calling.detect").command.params == sent


# A machine's greeting is waited for, as is the platform's default.


def test_human_is_known_at_once() -> None:
    p = detecting().report("who", "detect", "human", type="machine", event="HUMAN", value="HUMAN")
    ends(p, "human", type="machine", event="HUMAN", value="HUMAN")


@pytest.mark.parametrize("marks", [("machine", "ready"), ("machine", "not_ready", "not_ready", "ready"), ("ready",)])
def test_machine_is_ready_when_its_greeting_is_over(marks: tuple[str, ...]) -> None:
    p = heard(detecting(), *marks[:-1]).at("who")
    ends(heard(p, marks[-1]), "machine_ready")


@pytest.mark.parametrize("marks", [("machine",), ("machine", "not_ready"), ("not_ready",)])
def test_machine_whose_greeting_never_ends_is_a_machine_when_the_detector_is_finished(marks: tuple[str, ...]) -> None:
    p = heard(detecting(), *marks, "finished").at("who")
    p.passes("2s").looks_up().found("answered")
    ends(p, "machine")


def test_detect_that_finds_nothing_is_a_timeout() -> None:
    p = heard(detecting(), "finished").at("who")
    p.passes("2s").looks_up().found("answered")
    ends(p, "timeout")


def test_detect_unknown_is_unknown() -> None:
    ends(heard(detecting(), "unknown"), "unknown")


def test_detect_word_that_nobody_knows_changes_nothing() -> None:
    heard(detecting(), "robot").was("refused").at("who")


# The two last webhooks leave together.


@pytest.mark.parametrize(("mark", "outcome"), [("human", "human"), ("ready", "machine_ready"), ("unknown", "unknown")])
def test_verdict_behind_finished_still_counts(mark: str, outcome: str) -> None:
    p = heard(detecting(), "finished").passes("1s").at("who")
    ends(heard(p, mark), outcome)


def test_machine_behind_finished_waits_for_ready_as_long() -> None:
    p = heard(detecting(), "finished", "machine").passes("1s").at("who")
    ends(heard(p, "ready"), "machine_ready")


def test_machine_behind_finished_alone_is_a_machine() -> None:
    p = heard(detecting(), "finished", "machine").passes("2s").looks_up().found("answered")
    ends(p, "machine")


def test_verdict_that_only_the_voice_log_knows_counts() -> None:
    p = heard(detecting(), "finished")
    p.passes("2s").looks_up().found("answered", p.heard_of("who", "detect", "human"))
    ends(p, "human")


def test_verdict_while_the_voice_log_is_asked_counts() -> None:
    p = heard(detecting(), "finished").passes("2s")
    asked = p.looks_up()
    heard(p, "human").sent("calling.end", reason="hangup").accepted()
    p.ended("hangup")
    asked.found("answered").was("late")


def test_finished_twice_waits_once() -> None:
    p = heard(detecting(), "finished").passes("1s")
    heard(p, "finished").was("duplicate").passes("1s").looks_up().found("answered")
    ends(p, "timeout")


def test_finished_with_a_voice_log_that_does_not_answer_is_what_it_says() -> None:
    p = heard(detecting(), "finished").passes("2s")
    p.looks_up()
    p.passes("20s")
    ends(p, "timeout")


def test_finished_on_a_call_that_is_over_is_a_hangup() -> None:
    p = heard(detecting(), "finished").passes("2s").looks_up().found("ended")
    p.ended("hangup")


def test_finished_behind_the_verdict_is_late() -> None:
    p = heard(detecting(), "human")
    end = p.sent("calling.end")
    heard(p, "finished").was("late")
    end.accepted()
    assert p.result("who")["outcome"] == "human"


# Without the wait for the message's end.


@pytest.mark.parametrize(("mark", "outcome"), [("human", "human"), ("machine", "machine"), ("unknown", "unknown")])
def test_verdict_at_once(mark: str, outcome: str) -> None:
    ends(heard(at_once(), mark), outcome)


@pytest.mark.parametrize("marks", [("not_ready", "ready"), ("ready", "ready"), ("not_ready",)])
def test_markers_are_no_verdict_at_once(marks: tuple[str, ...]) -> None:
    p = heard(at_once(), *marks).at("who")
    ends(heard(p, "machine"), "machine")


def test_finished_at_once_waits_for_the_verdict_too() -> None:
    p = heard(at_once(), "finished").passes("1s").at("who")
    ends(heard(p, "machine"), "machine")


# Tones and keys.


@pytest.mark.parametrize(
    ("params", "mark", "fields"),
    [
        ("{type: fax, tone: CED}", "fax", {"type": "fax", "event": "CED", "value": "CED"}),
        ("{type: digit, digits: '12'}", "digit", {"type": "digit", "event": "1", "value": "1", "digits": "1"}),
    ],
)
def test_tone_or_key_is_an_outcome_with_its_value(params: str, mark: str, fields: dict[str, Any]) -> None:
    p = detecting(params, f"{mark}: person, timeout: nobody").report("who", "detect", mark, **fields)
    p.sent("calling.end", reason="hangup").accepted()
    assert p.result("who")["value"] == fields["value"]
    assert p.result("who")["outcome"] == mark


# Deadlines, failures, hang-ups.


@pytest.mark.parametrize(
    ("params", "seconds"),
    [("{type: machine}", 45), ("{type: machine, timeout: 60}", 75), ("{type: machine, timeout: 0}", 16)],
)
def test_detect_that_never_reports_is_looked_up_and_lost(params: str, seconds: int) -> None:
    p = detecting(params)
    p.passes(f"{seconds - 1}s").at("who")
    p.passes("1s").looks_up().found("answered")
    p.sent("calling.detect.stop")
    p.sent("calling.end", reason="error").accepted()
    p.ended("error")
    assert p.result("who")["outcome"] == "lost"


def test_detect_error_goes_to_error() -> None:
    p = detecting(follows="otherwise: person, error: other")
    heard(p, "error").sent("calling.end", reason="decline").accepted()
    p.ended("decline")


def test_detect_hangup_meanwhile_is_a_hangup() -> None:
    detecting().call_state("ended").ended("hangup")


BACKGROUND = """
start: who
steps:
  who:
    detect: {type: machine}
    background: true
    next: hello
  hello:
    play: "Hello?"
    next: FOLLOWS
  look:
    wait: {handle: who, timeout: 10s}
    next: {human: bye, timeout: silent, otherwise: leave}
  stop:
    detect.stop: who
    next: look
  bye: {end: hangup}
  leave: {end: cancel}
  silent: {end: noAnswer}
"""


def greeting(follows: str = "look") -> Playbook:
    p = call(BACKGROUND.replace("FOLLOWS", follows))
    p.sent("calling.detect").accepted()
    return p.says("Hello?").accepted()


@pytest.mark.parametrize("early", [True, False])
def test_detect_in_the_background_is_waited_for(early: bool) -> None:
    p = greeting()
    if early:
        heard(p, "human").at("hello").report("hello", "play", "finished")
    else:
        heard(p.report("hello", "play", "finished").at("look"), "human")
    p.sent("calling.end", reason="hangup").accepted()
    assert p.result("look")["outcome"] == "human"


def test_detect_in_the_background_that_is_finished_keeps_the_wait_a_little() -> None:
    p = greeting()
    heard(p, "finished").report("hello", "play", "finished").at("look")
    heard(p, "human").sent("calling.end", reason="hangup").accepted()


@pytest.mark.parametrize("marks", [("finished",), ()])
def test_detect_stopped_ends_as_timeout(marks: tuple[str, ...]) -> None:
    p = greeting("stop")
    p.report("hello", "play", "finished").sent("calling.detect.stop").accepted()
    heard(p.at("look"), *marks)
    if not marks:
        p.passes("10s")
    p.sent("calling.end", reason="noAnswer").accepted()
    p.ended("no_answer")


def test_detect_stopped_may_still_say_what_it_found() -> None:
    p = greeting("stop")
    p.report("hello", "play", "finished").sent("calling.detect.stop").accepted()
    heard(p.at("look"), "human").sent("calling.end", reason="hangup").accepted()


@pytest.mark.parametrize(
    ("kind", "foreign"), [("fax", "human"), ("fax", "machine"), ("digit", "fax"), ("digit", "ready")]
)
def test_what_is_not_listened_for_is_no_outcome(kind: str, foreign: str) -> None:
    p = detecting(f"{{type: {kind}}}", f"{kind}: person, timeout: nobody")
    p.report("who", "detect", foreign).at("who")
    p.report("who", "detect", kind, type=kind, digits="1")
    assert p.result("who")["outcome"] == kind
    p.sent("calling.end", reason="hangup")
