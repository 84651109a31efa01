"""end: our hang-up, or the end of the run alone."""

import pytest

from tests.playbooks.playbook import call

FLOW = """
start: bye
steps:
  bye: {end: %s}
"""


@pytest.mark.parametrize(
    ("reason", "ends"),
    [("hangup", "hangup"), ("busy", "busy"), ("noAnswer", "no_answer"), ("decline", "decline"), ("error", "error")],
)
def test_end_accepted_ends_the_run_with_its_reason(reason: str, ends: str) -> None:
    p = call(FLOW % reason)
    p.sent("calling.end", reason=reason).accepted()
    p.ended(ends)


def test_end_done_sends_nothing() -> None:
    call(FLOW % "done").ended("done")


def test_end_of_a_call_that_is_gone_already_keeps_its_reason() -> None:
    p = call(FLOW % "busy")
    p.sent("calling.end").gone()
    p.ended("busy")


def test_end_refused_ends_the_run() -> None:
    p = call(FLOW % "busy")
    p.sent("calling.end").rejected("cannot_update_completed")
    p.ended("busy")


def test_end_reported_before_its_answer_ends_the_run() -> None:
    p = call(FLOW % "busy")
    end = p.sent("calling.end")
    p.call_state("ended", end_reason="hangup").ended("busy")
    end.accepted()
    p.ended("busy")


@pytest.mark.parametrize("answer", ["unanswered", "unavailable", ""])
def test_end_without_answer_is_sent_three_times(answer: str) -> None:
    p = call(FLOW % "hangup")
    for _ in range(3):
        sent = p.sent("calling.end")
        if answer:
            getattr(sent, answer)()
        p.passes("45s")
    p.ended("hangup")
