"""transfer: the call leaves for good when the platform agrees."""

import pytest

from tests.playbooks.playbook import call

FLOW = """
start: over_to
steps:
  over_to:
    transfer: {dest: "sip:${{ call.from }}@desk.example.com"}
    next: {rejected: refused, lost: unknown, error: failed}
  inline:
    transfer: {dest: {sections: {main: [{connect: {to: "%{call.from}", from: "${{ call.to }}"}}]}}}
  refused: {end: busy}
  unknown: {end: decline}
  failed: {end: error}
  gone: {end: done}
handlers: {hangup: gone}
"""


def test_transfer_accepted_ends_the_run() -> None:
    p = call(FLOW)
    p.sent("calling.transfer", dest="sip:+15550177@desk.example.com").accepted()
    p.ended("redirected")
    assert p.path == ["over_to"]


def test_transfer_to_inline_swml_renders_ours_and_leaves_theirs() -> None:
    p = call(FLOW.replace("start: over_to", "start: inline"))
    main = [{"connect": {"to": "%{call.from}", "from": "+15550100"}}]
    p.sent("calling.transfer", dest={"sections": {"main": main}}).accepted()
    p.ended("redirected")


@pytest.mark.parametrize(
    ("answer", "reason"), [("rejected", "busy"), ("unanswered", "decline"), ("unavailable", "error")]
)
def test_transfer_not_accepted_is_told_apart(answer: str, reason: str) -> None:
    p = call(FLOW)
    getattr(p.sent("calling.transfer"), answer)()
    p.sent("calling.end", reason=reason).accepted()
    p.ended(reason)


def test_transfer_of_a_call_that_is_gone_is_a_hangup() -> None:
    p = call(FLOW)
    p.sent("calling.transfer").gone()
    p.ended("hangup")
    assert p.path == ["over_to", "gone"]


def test_transfer_without_answer_is_lost() -> None:
    p = call(FLOW)
    p.sent("calling.transfer")
    p.passes("30s").looks_up()
    p.passes("15s").sent("calling.end", reason="decline").accepted()
    p.ended("decline")


def test_transfer_unanswered_by_a_crash_is_not_repeated() -> None:
    """A second one could take the call from where the first has brought it."""
    p = call(FLOW)
    p.sent("calling.transfer")
    p.resumes().was("skipped").sent("calling.end", reason="decline").accepted()
    p.ended("decline")


def test_transfer_that_ends_a_recording_asks_for_nothing_more() -> None:
    p = call(
        FLOW.replace("start: over_to", "start: tape").replace(
            "steps:\n", "steps:\n  tape: {record: {}, background: true, next: over_to}\n"
        )
    )
    p.sent("calling.record").accepted()
    p.sent("calling.transfer").accepted()
    p.ended("redirected")
    p.report("tape", "record", "finished").was("late")
