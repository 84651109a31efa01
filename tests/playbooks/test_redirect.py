"""redirect: the call leaves for SWML, and the run is over when the platform agrees."""

import pytest

from tests.playbooks.playbook import call

FLOW = """
uses: {desk: number}
start: off
steps:
  off:
    redirect: {swml: desk.json}
    next: {rejected: refused, lost: unknown, error: failed}
  there:
    redirect: {url: "https://swml.example.com/${{ call.from }}"}
  inline:
    redirect: {swml: {sections: {main: [{connect: {to: "${{ uses.desk }}", from: "%{call.from}"}}]}}}
  refused: {end: busy}
  unknown: {end: decline}
  failed: {end: error}
"""


def test_redirect_accepted_ends_the_run() -> None:
    p = call(FLOW)
    p.sent("update", swml={"sections": {"main": [{"connect": {"to": "+15550142"}}]}}).accepted()
    p.ended("redirected")


def test_redirect_to_an_url_renders_it() -> None:
    p = call(FLOW.replace("start: off", "start: there"))
    p.sent("update", url="https://swml.example.com/%2B15550177").accepted()
    p.ended("redirected")


def test_redirect_to_inline_swml_renders_ours_and_leaves_theirs() -> None:
    p = call(FLOW.replace("start: off", "start: inline"), uses={"desk": "+15550142"})
    main = [{"connect": {"to": "+15550142", "from": "%{call.from}"}}]
    p.sent("update", swml={"sections": {"main": main}}).accepted()
    p.ended("redirected")


@pytest.mark.parametrize(
    ("answer", "reason"), [("rejected", "busy"), ("unanswered", "decline"), ("unavailable", "error")]
)
def test_redirect_not_accepted_is_told_apart(answer: str, reason: str) -> None:
    p = call(FLOW)
    getattr(p.sent("update"), answer)()
    p.sent("calling.end", reason=reason).accepted()
    p.ended(reason)


def test_redirect_of_a_call_that_is_gone_is_a_hangup() -> None:
    p = call(FLOW)
    p.sent("update").gone()
    p.ended("hangup")


def test_redirect_without_answer_is_lost() -> None:
    p = call(FLOW)
    p.sent("update")
    p.passes("30s").looks_up()
    p.passes("15s").sent("calling.end", reason="decline").accepted()
    p.ended("decline")
