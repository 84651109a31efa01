"""tap, stream and transcribe alike: over when accepted, `wait` for the end, stops, hang-ups, presence."""

import pytest

from tests.playbooks.copies import ENDS, LIVES, VALUES, copying, flow_of
from tests.playbooks.playbook import call

every = pytest.mark.parametrize("verb", VALUES)


@every
def test_copy_goes_on_when_it_is_accepted(verb: str) -> None:
    p = copying(verb)
    p.report("copy", verb, LIVES[verb]).at("rest")


@every
@pytest.mark.parametrize("mark", [0, 1])
def test_report_is_as_good_as_the_answer(verb: str, mark: int) -> None:
    p = call(flow_of(verb))
    sent = p.sent(f"calling.{verb}")
    p.report("copy", verb, (LIVES, ENDS)[mark][verb]).at("rest")
    sent.accepted().at("rest")


@every
@pytest.mark.parametrize(("answer", "reason"), [("rejected", "busy"), ("unavailable", "error")])
def test_copy_refused_is_told_apart(verb: str, answer: str, reason: str) -> None:
    p = call(flow_of(verb))
    getattr(p.sent(f"calling.{verb}"), answer)()
    p.sent("calling.end", reason=reason).accepted()
    p.ended(reason)


@every
@pytest.mark.parametrize("answer", ["unanswered", ""])
def test_copy_without_answer_is_looked_up_lost_and_stopped(verb: str, answer: str) -> None:
    p = call(flow_of(verb))
    sent = p.sent(f"calling.{verb}")
    if answer:
        sent.unanswered()
    p.passes("45s").looks_up().found("answered")
    p.sent(f"calling.{verb}.stop")
    p.sent("calling.end", reason="decline").accepted()
    p.ended("decline")


@every
def test_copy_on_a_call_that_is_gone_is_a_hangup(verb: str) -> None:
    p = call(flow_of(verb))
    p.sent(f"calling.{verb}").gone()
    p.ended("hangup")
    assert p.path == ["copy", "gone"]


@every
def test_wait_takes_the_end_whenever_it_came(verb: str) -> None:
    p = copying(verb, "see")
    p.report("copy", verb, ENDS[verb]).at("rest")
    p.passes("20s").sent("calling.end", reason="hangup").accepted()
    p.ended("hangup")


@every
def test_wait_for_a_copy_lasts_as_long_as_the_call(verb: str) -> None:
    p = copying(verb, "see").passes("20s").at("see")
    for _ in range(20):
        p.passes("10s").looks_up().found("answered").passes("20s")
    p.at("see").report("copy", verb, ENDS[verb])
    p.sent("calling.end", reason="hangup").accepted()
    p.ended("hangup")


@every
def test_copy_that_fails_later_says_so_to_the_wait(verb: str) -> None:
    p = copying(verb, "see").passes("20s")
    p.report("copy", verb, "error").sent("calling.end", reason="error").accepted()
    p.ended("error")


@every
def test_stop_ends_it_at_its_report(verb: str) -> None:
    p = copying(verb, "stop").passes("20s")
    p.sent(f"calling.{verb}.stop").accepted()
    p.at("see").report("copy", verb, ENDS[verb])
    p.sent("calling.end", reason="hangup").accepted()
    p.ended("hangup")


@every
def test_stop_that_finds_nothing_says_that_it_is_over(verb: str) -> None:
    p = copying(verb, "stop").passes("20s")
    p.sent(f"calling.{verb}.stop").gone()
    p.at("see").passes("15s")
    p.sent("calling.end", reason="hangup").accepted()
    assert p.result("see")["outcome"] == "finished"


@every
def test_nobody_reports_the_hangup_but_the_call_is_looked_up(verb: str) -> None:
    """A copy has no end of its own to wait for, and need not report one."""
    p = copying(verb, "see").report("copy", verb, LIVES[verb])
    p.passes("30s").looks_up().found("answered")
    p.passes("30s").looks_up().found("ended")
    if verb == "transcribe":
        p.report("copy", verb, "completed")
    p.ended("hangup")
    assert p.path[-1] == "gone"


@every
def test_copy_again_stops_the_older_one_first(verb: str) -> None:
    p = copying(verb, "copy").passes("20s")
    stop, again = p.sent(f"calling.{verb}.stop"), p.sent(f"calling.{verb}")
    assert stop.command.control_id == p.control_id("copy", verb, visit=1)
    stop.accepted()
    again.accepted().at("rest")
    p.report("copy", verb, ENDS[verb], visit=1).was("late").at("rest")


@every
def test_copy_unanswered_by_a_crash_is_repeated(verb: str) -> None:
    p = call(flow_of(verb))
    p.sent(f"calling.{verb}")
    p.resumes().sent(f"calling.{verb}").rejected("control_id_in_use")
    p.at("rest")  # it lives: what the repeat is told says nothing else
