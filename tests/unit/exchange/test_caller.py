"""Scripted callers, alone and on the line."""

import pytest

from engine.exchange.caller import Caller, HangsUp, Hears, Line, Presses, Says, Silent, step
from engine.exchange.inputs import CalleeSet
from tests.unit.exchange.playbook import PARKED, Playbook


def test_hears_any_part_of_a_prompt_in_any_case() -> None:
    caller = Caller(script=(Hears(text="YOUR pin"), Presses(digits="1")))
    caller, acts = step(caller, at_ms=0, heard="Welcome.")
    assert acts == ()
    assert caller.waits_for == "YOUR pin"
    caller, acts = step(caller, at_ms=5, heard="Please enter your PIN now.")
    assert acts == (Presses(digits="1"),)
    assert caller.waits_for == ""


def test_hears_to_the_end_waits_for_it() -> None:
    caller = Caller(script=(Hears(text="pin", to_the_end=True), Presses(digits="1")))
    caller, acts = step(caller, at_ms=0, heard="Your PIN.", ends_ms=900)
    assert (acts, caller.until_ms) == ((), 900)
    _, acts = step(caller, at_ms=900)
    assert acts == (Presses(digits="1"),)


def test_silence_is_time() -> None:
    caller, acts = step(Caller(script=(Silent(ms=600), HangsUp())), at_ms=1_000)
    assert (acts, caller.until_ms) == ((), 1_600)
    caller, acts = step(caller, at_ms=1_599)
    assert acts == ()
    _, acts = step(caller, at_ms=1_600)
    assert acts == (HangsUp(),)


def test_prompt_heard_while_silent_is_not_missed() -> None:
    caller, _ = step(Caller(script=(Silent(ms=600), Hears(text="still there"), HangsUp())), at_ms=0)
    caller, acts = step(caller, at_ms=300, heard="Are you still there?")
    assert acts == ()
    _, acts = step(caller, at_ms=600)
    assert acts == (HangsUp(),)


def test_two_parts_of_one_prompt_are_heard_in_its_order() -> None:
    script: tuple[Line, ...] = (Hears(text="balance"), Hears(text="person"), HangsUp())
    _, acts = step(Caller(script=script), at_ms=0, heard="For a balance press 1, for a person 0.")
    assert acts == (HangsUp(),)
    caller, acts = step(Caller(script=script), at_ms=0, heard="For a person 0, for a balance 1.")
    assert (acts, caller.waits_for) == ((), "person")


def test_what_was_said_before_an_act_is_no_answer_to_it() -> None:
    script: tuple[Line, ...] = (Hears(text="press"), Presses(digits="9"), Hears(text="press"), HangsUp())
    caller, acts = step(Caller(script=script), at_ms=0, heard="press 1, or press 2")
    assert acts == (Presses(digits="9"),)
    _, acts = step(caller, at_ms=1, heard="press 1, or press 2")
    assert acts == (HangsUp(),)


@pytest.mark.parametrize("script", [(), (Hears(text="never"),)])
def test_caller_with_nothing_to_do_does_nothing(script: tuple[Line, ...]) -> None:
    caller, acts = step(Caller(script=script), at_ms=0, heard="Hello.")
    assert acts == ()
    assert caller.until_ms is None


def test_impatient_caller_presses_while_the_prompt_plays() -> None:
    book = Playbook().parked(Hears(text="PIN"), Presses(digits="1234"))
    book.collect(digits={"max": 4})
    book.say("Please enter your PIN.")
    assert book.hooks == ["play.playing", "collect.digit"]
    assert len(book.call.operations) == 1


def test_patient_caller_waits_for_the_end_of_the_prompt() -> None:
    book = Playbook().parked(Hears(text="PIN", to_the_end=True), Silent(ms=500), Presses(digits="1234"))
    book.collect(digits={"max": 4})
    book.say("x" * 14 + "PIN")
    book.run()
    assert book.all_hooks == ["play.playing", "play.finished", "collect.digit"]


def test_caller_speaks_and_hangs_up() -> None:
    book = Playbook().parked(Hears(text="help"), Says(text="agent", duration_ms=300), Silent(ms=2_000), HangsUp())
    book.collect(speech={})
    book.say("How may I help?")
    book.run()
    assert book.all_hooks == ["play.playing", "play.finished", "collect.speech"]
    assert (book.call.state, book.now_ms) == ("ended", 2_000)


def test_callee_who_answers_has_a_script_too() -> None:
    book = Playbook()
    book.give(CalleeSet(at_ms=0, number="+2", after_ms=50, script=(Silent(ms=100), HangsUp())))
    book.call_id = str(book.post("dial", **{"from": "+1", "to": "+2", "swml": PARKED}).body["id"])
    book.run()
    assert (book.call.answered_ms, book.call.ended_ms) == (150, 250)
