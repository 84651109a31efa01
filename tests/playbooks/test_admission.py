"""Admission: late, doubled and senseless webhooks are recorded and change nothing."""

import msgspec
import pytest
from msgspec.structs import replace

from engine.model.events import CallLookedUp, CommandAnswered, OperationReported
from engine.model.ids import ControlId
from tests.playbooks.machine import arrived, requested
from tests.playbooks.playbook import Playbook, call

FLOW = """
start: hello
steps:
  hello:
    play: "Hello."
    next: enter
  enter:
    collect: {digits: {max: 4}, start_input_timers: true, partial_results: true}
    next: bye
  bye: {end: hangup}
"""


def entering() -> Playbook:
    """At `enter`; the playback of `hello` is over and forgotten."""
    p = call(FLOW)
    p.says("Hello.").accepted()
    p.report("hello", "play", "finished")
    return p.sent("calling.collect").accepted()


def unchanged(p: Playbook, before: object) -> None:
    p.at("enter")
    assert msgspec.structs.replace(p.state, at_ms=0) == before


def stands(p: Playbook) -> object:
    return msgspec.structs.replace(p.state, at_ms=0)


@pytest.mark.parametrize("mark", ["playing", "finished", "error", "nonsense"])
def test_report_of_a_forgotten_operation_is_late(mark: str) -> None:
    p = entering()
    before = stands(p)
    p.report("hello", "play", mark).was("late")
    unchanged(p, before)


@pytest.mark.parametrize("mark", ["start_of_input", "collecting"])
def test_report_seen_before_is_a_duplicate(mark: str) -> None:
    p = entering().report("enter", "collect", mark)
    before = stands(p)
    p.report("enter", "collect", mark).was("duplicate")
    unchanged(p, before)


def test_report_that_may_repeat_is_no_duplicate() -> None:
    p = entering().report("enter", "collect", "partial", digits="1").report("enter", "collect", "partial", digits="12")
    assert "duplicate" not in [line.what for line in p.traced]


def test_report_with_an_unknown_mark_is_refused() -> None:
    p = entering()
    before = stands(p)
    p.report("enter", "collect", "exploded").was("refused")
    unchanged(p, before)


@pytest.mark.parametrize("verb", ["play", "record", "detect", "ask", "call", ""])
def test_report_of_another_verb_is_refused(verb: str) -> None:
    p = entering()
    before = stands(p)
    control = p.control_id("enter", "collect")
    p.happens(OperationReported(at_ms=p.now_ms, control_id=control, verb=verb, mark="finished")).was("refused")
    unchanged(p, before)


def test_report_of_another_run_is_late() -> None:
    p = entering()
    before = stands(p)
    control = ControlId("iothers.0.enter.1.1.collect")
    p.happens(OperationReported(at_ms=p.now_ms, control_id=control, verb="collect", mark="digit")).was("late")
    unchanged(p, before)


def test_report_before_the_answer_of_its_command_counts() -> None:
    p = call(FLOW)
    said = p.says("Hello.")
    p.report("hello", "play", "playing").at("hello")
    said.accepted().at("hello")
    p.report("hello", "play", "finished").sent("calling.collect")


def test_refusal_after_a_report_is_not_believed() -> None:
    p = call(FLOW)
    said = p.says("Hello.")
    p.report("hello", "play", "playing")
    said.rejected().at("hello")


def test_answer_twice_is_late() -> None:
    p = call(FLOW)
    said = p.says("Hello.")
    said.accepted()
    said.rejected().was("late").at("hello")


def test_answer_to_nothing_that_was_sent_is_late() -> None:
    p = entering()
    before = stands(p)
    p.happens(CommandAnswered(at_ms=p.now_ms, seq=77, kind="gone")).was("late")
    unchanged(p, before)


def test_look_up_that_nobody_asked_for_is_late() -> None:
    p = entering()
    before = stands(p)
    p.happens(CallLookedUp(at_ms=p.now_ms, seq=77, found="ended")).was("late")
    unchanged(p, before)


def test_look_up_under_a_commands_number_leaves_the_command_alone() -> None:
    p = call(FLOW)
    said = p.says("Hello.")
    p.happens(CallLookedUp(at_ms=p.now_ms, seq=said.command.seq, found="answered"))
    said.rejected()
    p.sent("calling.end").accepted()
    p.ended("rejected")


def test_webhook_that_nothing_understands_is_ignored() -> None:
    p = entering()
    before = stands(p)
    p.unknown().was("ignored")
    unchanged(p, before)


@pytest.mark.parametrize("event", [arrived(), requested()])
def test_start_of_a_run_that_runs_is_a_duplicate(event: object) -> None:
    p = entering()
    before = stands(p)
    p.happens(event).was("duplicate")  # type: ignore[arg-type]
    unchanged(p, before)


def test_anything_after_the_end_is_late() -> None:
    p = entering().report("enter", "collect", "no_input")
    end = p.sent("calling.end")
    end.accepted()
    p.ended("hangup")
    before = stands(p)
    p.report("enter", "collect", "digit", digits="1").was("late")
    p.call_state("ended").was("late")
    end.gone().was("late")
    p.unknown().was("late")
    p.resumes().was("late")
    p.passes("1h").was("late")
    assert stands(p) == before


def test_event_from_before_the_last_one_does_not_turn_time_back() -> None:
    p = entering()
    p.passes("5s")
    now_ms = p.now_ms
    control = p.control_id("enter", "collect")
    p.happens(OperationReported(at_ms=now_ms - 60_000, control_id=control, verb="collect", mark="collecting"))
    assert p.now_ms == now_ms


def test_report_about_another_leg_is_refused() -> None:
    p = call('start: hello\nsteps:\n  hello: {play: "Hello.", next: bye}\n  bye: {end: hangup}\n')
    p.says("Hello.").accepted()
    report = p.heard_of("hello", "play", "finished")
    p.happens(replace(report, extra={"call_id": "another"})).was("refused").at("hello")
    p.happens(report).sent("calling.end")
