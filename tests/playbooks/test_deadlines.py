"""Deadlines: when a last report does not come, the platform is asked, and only then the step is lost."""

import pytest

from tests.playbooks.playbook import Playbook, call

FLOW = """
start: hello
steps:
  hello:
    play: [{silence: 60}]
    EXTRA
    next: {finished: bye, lost: nobody}
  nobody: {end: noAnswer}
  bye: {end: hangup}
"""


def playing(extra: str = "note: none") -> Playbook:
    p = call(FLOW.replace("EXTRA", extra))
    p.sent("calling.play").accepted()
    return p.report("hello", "play", "playing")


def lost(p: Playbook) -> None:
    p.sent("calling.play.stop")
    p.sent("calling.end", reason="noAnswer").accepted()
    p.ended("no_answer")
    assert p.result("hello")["outcome"] == "lost"


def test_deadline_derived_from_the_command_asks_first() -> None:
    p = playing()
    p.passes("74s").at("hello")
    p.passes("1s").looks_up().found("answered")
    lost(p)


@pytest.mark.parametrize("found", ["answered", "unknown", "ringing"])
def test_deadline_passed_on_a_call_that_is_not_over_is_lost(found: str) -> None:
    p = playing()
    p.passes("75s").looks_up().found(found)
    lost(p)


def test_deadline_passed_with_no_answer_to_the_look_up_is_lost() -> None:
    p = playing()
    p.passes("75s").looks_up()
    p.at("hello").passes("19s").at("hello").passes("1s")
    lost(p)


def test_deadline_passed_on_a_call_that_is_over_is_its_hangup() -> None:
    p = playing()
    p.passes("75s").looks_up().found("ended", "hangup")
    p.ended("hangup")
    assert "hello" not in p.state.frame.results


def test_deadline_passed_and_then_the_report_comes_goes_on() -> None:
    p = playing()
    asked = p.passes("75s").looks_up()
    p.report("hello", "play", "finished")
    end = p.sent("calling.end")
    asked.found("answered")
    end.accepted()
    p.ended("hangup")


def test_deadline_of_the_author_goes_before_the_derived_one() -> None:
    p = playing("deadline: 20s")
    p.passes("19s").at("hello").passes("1s").looks_up().found("answered")
    lost(p)


def test_late_answer_to_the_look_up_is_without_effect() -> None:
    p = playing()
    asked = p.passes("75s").looks_up()
    p.passes("20s")
    stop, end = p.sent("calling.play.stop"), p.sent("calling.end", reason="noAnswer")
    asked.found("ended").was("late")
    stop.accepted()
    end.accepted()
    p.ended("no_answer")


LISTEN = """
start: listen
steps:
  listen:
    collect: {digits: {max: 1, digit_timeout: 4}, initial_timeout: 40, start_input_timers: false EXTRA}
    background: true
    next: arm
  arm:
    collect.start_input_timers: listen
    next: result
  result:
    wait: listen
    next: {lost: nobody, otherwise: bye}
  nobody: {end: noAnswer}
  bye: {end: hangup}
"""


def listening(extra: str) -> Playbook:
    p = call(LISTEN.replace("EXTRA", extra))
    p.sent("calling.collect").accepted()
    return p.sent("calling.collect.start_input_timers").accepted()


def test_deadline_of_a_collect_counts_from_its_timers() -> None:
    p = listening("")
    p.passes("58s").at("result").passes("1s").looks_up().found("answered")
    p.sent("calling.collect.stop")
    p.sent("calling.end", reason="noAnswer").accepted()
    p.ended("no_answer")


def test_continuous_collect_has_no_deadline_of_its_own() -> None:
    p = listening(", continuous: true")
    p.lasts("30m").at("result")


def test_timers_that_find_no_collect_leave_time_for_its_last_report() -> None:
    p = call(LISTEN.replace("EXTRA", ""))
    p.sent("calling.collect").accepted()
    p.sent("calling.collect.start_input_timers").gone()
    p.at("result").passes("15s").looks_up().found("answered")
    p.sent("calling.collect.stop")
    p.sent("calling.end", reason="noAnswer")
