"""Presence: while nothing lives that would end with the call, the call is looked up now and then."""

import pytest

from engine.interpret import start
from tests.playbooks.machine import arrived, compiled
from tests.playbooks.playbook import call

FLOW = """
start: rest
steps:
  rest:
    wait: 2m
    next: take
  take:
    record: {beep: true, max_length: 3600}
    next: bye
  bye: {end: hangup}
"""


def test_quiet_call_is_looked_up_again_and_again() -> None:
    p = call(FLOW)
    for _ in range(3):
        p.passes("29s").at("rest").passes("1s").looks_up().found("answered").at("rest")


def test_quiet_call_found_over_is_a_hangup() -> None:
    p = call(FLOW)
    p.passes("30s").looks_up().found("ended", end_reason="hangup")
    p.ended("hangup")


@pytest.mark.parametrize("found", ["unknown", "ringing"])
def test_quiet_call_of_which_nobody_knows_goes_on(found: str) -> None:
    p = call(FLOW)
    p.passes("30s").looks_up().found(found).at("rest")


def test_look_up_without_answer_is_asked_again_later() -> None:
    p = call(FLOW)
    p.passes("30s").looks_up()
    p.passes("49s").at("rest").passes("1s").looks_up()


def test_quiet_time_is_the_environments() -> None:
    state = start(compiled(FLOW), arrived(), presence_ms=7_000).state
    assert state.timers["presence"] == state.at_ms + 7_000


def test_nothing_is_asked_while_an_operation_with_a_deadline_lives() -> None:
    p = call(FLOW.replace("start: rest", "start: take"))
    p.sent("calling.record").accepted()
    p.passes("50m").at("take")


def test_what_lives_as_long_as_the_call_does_not_hide_its_end() -> None:
    p = call(FLOW.replace("start: rest", "start: take").replace(", max_length: 3600", ""))
    p.sent("calling.record").accepted()
    p.passes("30s").looks_up().found("ended")
    p.passes("10s").looks_up().found("ended")
    p.ended("hangup")


def test_quiet_time_begins_when_the_operation_is_over() -> None:
    p = call(FLOW.replace("start: rest", "start: take").replace("next: bye", "next: rest"))
    p.sent("calling.record").accepted()
    p.passes("40s").report("take", "record", "finished").at("rest")
    p.passes("29s").at("rest").passes("1s").looks_up().found("answered")


def test_nothing_is_asked_while_hanging_up() -> None:
    p = call(FLOW.replace("start: rest", "start: bye"))
    p.sent("calling.end")
    p.passes("44s").nothing()
    p.passes("1s").sent("calling.end").accepted()
    p.ended("hangup")


ENDLESS = """
start: begin
steps:
  begin:
    VALUE
    background: true
    next: rest
  rest:
    wait: begin
    next: {otherwise: bye}
  bye: {end: hangup}
"""


@pytest.mark.parametrize(
    "value",
    [
        "play: [{ringtone: us}]",
        "play: {play: [Hello.], loop: 0}",
        "collect: {digits: {max: 1}, continuous: true}",
        "tap: {tap: {type: audio, params: {direction: both}}, device: {type: ws, params: {uri: wss://m.example.com}}}",
        "stream: {url: wss://media.example.com/audio}",
    ],
)
def test_call_is_asked_after_while_all_that_lives_goes_on_until_it_is_stopped(value: str) -> None:
    """Such an operation need not report the call's end, and nothing else would."""
    p = call(ENDLESS.replace("VALUE", value))
    p.sent(f"calling.{value.partition(':')[0]}").accepted()
    p.passes("30s").looks_up().found("answered")
    p.passes("29s").at("rest").passes("1s").looks_up().found("ended")
    p.ended("hangup")


def test_nothing_is_asked_while_something_else_lives_beside_it() -> None:
    p = call(ENDLESS.replace("VALUE", "play: [{ringtone: us}]").replace("wait: begin", "play: [{silence: 50}]"))
    p.sent("calling.play").accepted()
    p.sent("calling.play").accepted()
    p.passes("50s").at("rest")
