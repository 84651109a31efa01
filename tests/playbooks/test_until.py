"""until: input on a handle stops the playback, whenever it comes."""

import pytest

from tests.playbooks.playbook import Playbook, call

FLOW = """
start: listen
steps:
  listen:
    collect: {digits: {max: 4}, start_input_timers: false, send_start_of_input: true}
    background: true
    next: prompt
  prompt:
    play: "Enter it."
    until: UNTIL
    next: {finished: bye, interrupted: stopped}
  stopped:
    wait: 5s
    next: bye
  bye: {end: hangup}
"""


def listening(until: str = "listen") -> Playbook:
    p = call(FLOW.replace("UNTIL", until))
    return p.sent("calling.collect").accepted()


@pytest.mark.parametrize("mark", ["start_of_input", "partial", "digit", "no_match"])
def test_until_input_during_the_prompt_interrupts_it(mark: str) -> None:
    p = listening()
    p.says("Enter it.").accepted()
    p.report("listen", "collect", mark, digits="1")
    p.sent("calling.play.stop").accepted()
    p.at("stopped")
    assert p.result("prompt")["outcome"] == "interrupted"


def test_until_what_was_not_understood_stops_the_prompt_whether_its_start_is_told_before_or_after() -> None:
    first, last = listening(), listening()
    for p, marks in ((first, ("start_of_input", "no_match")), (last, ("no_match", "start_of_input"))):
        p.says("Enter it.").accepted()
        p.report("listen", "collect", marks[0])
        p.sent("calling.play.stop").accepted()
        p.report("listen", "collect", marks[1])
        p.at("stopped")
    assert first.result("listen") == last.result("listen")
    assert first.result("prompt") == last.result("prompt")


def test_until_silence_is_no_input() -> None:
    p = listening()
    p.says("Enter it.").accepted()
    p.report("listen", "collect", "no_input").at("prompt")
    p.report("prompt", "play", "finished").sent("calling.end").accepted()
    p.ended("hangup")


def test_until_end_of_the_stopped_prompt_does_not_change_the_outcome() -> None:
    p = listening()
    p.says("Enter it.").accepted()
    p.report("listen", "collect", "start_of_input")
    p.sent("calling.play.stop").accepted()
    p.report("prompt", "play", "finished").was("late")
    assert p.result("prompt")["outcome"] == "interrupted"


def test_until_input_before_the_prompt_leaves_it_unplayed() -> None:
    p = call(FLOW.replace("UNTIL", "listen"))
    collect = p.sent("calling.collect")
    p.report("listen", "collect", "start_of_input").at("stopped")
    collect.accepted().at("stopped")


def test_until_input_after_the_prompt_changes_nothing() -> None:
    p = listening()
    p.says("Enter it.").accepted()
    p.report("prompt", "play", "finished")
    end = p.sent("calling.end")
    p.report("listen", "collect", "start_of_input")
    end.accepted()
    assert p.result("prompt")["outcome"] == "finished"


@pytest.mark.parametrize("mark", ["start_of_input", "partial", "no_match"])
def test_until_outcomes_waits_for_one_of_them(mark: str) -> None:
    p = listening("{listen: [digits]}")
    p.says("Enter it.").accepted()
    p.report("listen", "collect", mark, digits="1").at("prompt")
    p.report("prompt", "play", "finished")
    p.sent("calling.end").accepted()
    p.ended("hangup")


def test_until_outcomes_is_interrupted_by_its_outcome() -> None:
    p = listening("{listen: [digits]}")
    p.says("Enter it.").accepted()
    p.report("listen", "collect", "start_of_input").at("prompt")
    p.report("listen", "collect", "digit", digits="1234")
    p.sent("calling.play.stop").accepted()
    p.at("stopped")


def test_until_failed_collect_lets_the_prompt_play() -> None:
    p = listening()
    p.says("Enter it.").accepted()
    p.report("listen", "collect", "error").at("prompt")
    p.report("prompt", "play", "finished")
    p.sent("calling.end").accepted()
    p.ended("hangup")


OTHERS = """
start: listen
steps:
  listen:
    collect: {digits: {max: 1}, send_start_of_input: true}
    background: true
    next: other
  other:
    VERB
    until: listen
    next: {interrupted: stopped, otherwise: bye}
  stopped: {end: busy}
  bye: {end: hangup}
"""


@pytest.mark.parametrize(
    ("verb", "written"), [("record", "record: {max_length: 60}"), ("detect", "detect: {type: machine}")]
)
def test_until_stops_whatever_the_step_waits_for(verb: str, written: str) -> None:
    p = call(OTHERS.replace("VERB", written))
    p.sent("calling.collect").accepted()
    p.sent(f"calling.{verb}").accepted()
    p.report("listen", "collect", "start_of_input")
    stop, end = p.sent(f"calling.{verb}.stop"), p.sent("calling.end", reason="busy")
    stop.accepted()
    end.accepted()
    p.ended("busy")
    assert p.result("other") == {"outcome": "interrupted"}
