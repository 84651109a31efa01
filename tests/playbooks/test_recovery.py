"""Recovery: another process takes the run over. What was sent and not answered is sent again where that is harmless."""

import pytest

from engine.model.events import Resumed
from engine.model.verbs import REPEAT, VERBS
from tests.playbooks.playbook import Playbook, call, dialling

FLOW = """
start: hello
steps:
  hello:
    play: "Hello."
    next: {finished: listen, lost: nobody}
  listen:
    collect: {digits: {max: 4}, start_input_timers: false}
    background: true
    next: arm
  arm:
    collect.start_input_timers: listen
    next: off
  off:
    redirect: {swml: desk.json}
    next: {lost: nobody}
  nobody: {end: noAnswer}
"""


def again(p: Playbook, command: str) -> None:
    """The process died before the answer came; the same command goes out, with the same control_id."""
    first = p.sent(command)
    p.resumes()
    second = p.sent(command)
    assert second.command.repeated
    assert (second.command.seq, second.command.control_id) == (first.command.seq, first.command.control_id)
    second.accepted()


def test_resume_of_an_unanswered_operation_repeats_it() -> None:
    p = call(FLOW)
    again(p, "calling.play")
    p.report("hello", "play", "finished")
    again(p, "calling.collect")
    again(p, "calling.collect.start_input_timers")
    p.sent("update").accepted()
    p.ended("redirected")


def test_resume_of_an_answered_operation_repeats_nothing() -> None:
    p = call(FLOW)
    p.says("Hello.").accepted()
    p.resumes().at("hello")


def test_resume_of_an_operation_that_has_reported_repeats_nothing() -> None:
    p = call(FLOW)
    p.says("Hello.")
    p.report("hello", "play", "playing").resumes().at("hello")
    assert not p.state.pending


def test_resume_twice_repeats_twice() -> None:
    p = call(FLOW)
    p.says("Hello.")
    p.resumes().says("Hello.")
    p.resumes().says("Hello.").accepted()
    p.at("hello")


def test_repeated_operation_refused_as_live_counts_as_accepted() -> None:
    p = call(FLOW)
    p.says("Hello.")
    p.resumes().says("Hello.").rejected("control_id_in_use")
    p.at("hello").report("hello", "play", "finished").sent("calling.collect")


def test_repeated_operation_on_a_call_that_is_gone_is_a_hangup() -> None:
    p = call(FLOW)
    p.says("Hello.")
    p.resumes().says("Hello.").gone()
    p.ended("hangup")


def test_resume_long_after_its_moment_does_not_play() -> None:
    p = call(FLOW)
    p.says("Hello.")
    p.passes("31s").resumes().was("skipped")
    p.sent("calling.end", reason="noAnswer").accepted()
    p.ended("no_answer")
    assert p.result("hello")["code"] == "too-late"


def test_resume_just_in_time_plays() -> None:
    p = call(FLOW)
    p.says("Hello.")
    p.passes("30s").resumes().says("Hello.").accepted()


def test_resume_of_a_stop_repeats_it_however_late() -> None:
    p = call(FLOW.replace("start: hello", "start: listen").replace("next: off", "next: nobody"))
    p.sent("calling.collect").accepted()
    p.sent("calling.collect.start_input_timers")
    p.passes("44s").resumes().sent("calling.collect.start_input_timers").accepted()
    p.sent("calling.end").accepted()
    p.ended("no_answer")


def test_resume_of_a_redirect_does_not_repeat_it() -> None:
    """It may have been carried out, and then a second one would take the call from where it is."""
    p = call(FLOW.replace("start: hello", "start: off"))
    p.sent("update")
    p.resumes().was("skipped")
    p.sent("calling.end", reason="noAnswer").accepted()
    p.ended("no_answer")


def test_resume_of_our_hangup_repeats_it() -> None:
    p = call(FLOW.replace("start: hello", "start: nobody"))
    p.sent("calling.end")
    p.resumes().sent("calling.end", reason="noAnswer").accepted()
    p.ended("no_answer")


def test_resume_of_a_look_up_repeats_it() -> None:
    p = call(FLOW)
    p.says("Hello.").accepted()
    p.passes_until_asked().looks_up()
    p.resumes().looks_up().found("ended")
    p.ended("hangup")


def test_what_was_learnt_before_the_resume_goes_before_it() -> None:
    p = call(FLOW)
    p.says("Hello.")
    p.call_state("ended").ended("hangup")
    p.resumes().was("late")


ASK = """
start: menu
steps:
  menu:
    ask: {prompt: "Press 1.", digits: {max: 1}}
    next: {lost: nobody, otherwise: bye}
  bye: {end: hangup}
  nobody: {end: noAnswer}
"""


def test_resume_of_an_ask_repeats_both_halves_in_order() -> None:
    p = call(ASK)
    p.sent("calling.collect")
    p.says("Press 1.")
    p.resumes()
    collect, says = p.sent("calling.collect"), p.says("Press 1.")
    collect.accepted()
    says.accepted().at("menu")


def test_resume_of_an_ask_long_after_its_moment_plays_nothing() -> None:
    p = call(ASK)
    p.sent("calling.collect")
    p.says("Press 1.")
    p.passes("31s").resumes()
    p.sent("calling.play.stop")
    p.sent("calling.end").accepted()
    p.ended("no_answer")


@pytest.mark.parametrize("known", [True, False])
def test_resume_of_a_dial_does_not_dial_again(known: bool) -> None:
    p = dialling(ASK)
    p.sent("dial")
    p.dial_leaves()
    if known:
        p.call_state("ringing", call_id="0e9c80d7-a149-4917-892d-420043709f45")
    p.resumes().was("skipped").nothing()
    p.call_state("answered", call_id="0e9c80d7-a149-4917-892d-420043709f45")
    p.sent("calling.collect")
    p.says("Press 1.")


def test_resume_of_a_dial_that_waited_for_its_turn_dials_now() -> None:
    p = dialling(ASK)
    first = p.sent("dial")
    p.passes("20s").resumes()
    second = p.sent("dial")
    assert second.command == first.command
    p.dial_leaves().resumes().was("skipped").nothing()
    p.passes("80s").call_state("answered", call_id="0e9c80d7-a149-4917-892d-420043709f45")
    p.sent("calling.collect")
    p.says("Press 1.")


def test_resume_of_a_dial_that_waited_dials_nobody_when_its_time_is_over() -> None:
    p = dialling(ASK)
    p.sent("dial")
    p.happens(Resumed(at_ms=p.now_ms + 600_000, seq=p.state.seq)).was("skipped").nothing()
    p.ended("error")


def test_every_command_says_whether_it_may_be_sent_again() -> None:
    stops = {
        life.stop for verb in VERBS for life in (verb.life, *verb.modes.values()) if life is not None and life.stop
    }
    assert {verb.command for verb in VERBS if verb.command} | stops == set(REPEAT)
    # A call that is fetched back twice would lose what it plays by then.
    assert {stop for stop in stops if REPEAT[stop] != "safe"} == {"update"}
