"""handlers: where failures go that a step does not name; the same event twice ends the run."""

import pytest

from tests.playbooks.machine import compiled
from tests.playbooks.playbook import Playbook, call

FLOW = """
start: hello
steps:
  hello:
    play: "Hello."
    next: other
  other:
    play: "Other."
    next: {finished: bye, error: named}
  excuse:
    play: "Excuse me."
    next: hello
  named: {end: cancel}
  bye: {end: hangup}
handlers: {error: excuse, rejected: excuse, lost: excuse}
"""
BARE = FLOW[: FLOW.index("handlers")]


def fails(p: Playbook, text: str, how: str) -> Playbook:
    """The playback of this text fails in this way."""
    said = p.says(text)
    if how == "rejected":
        return said.rejected()
    if how == "error":
        return said.unavailable()
    said.accepted()
    p.passes_until_asked().looks_up().found("answered")
    p.sent("calling.play.stop")
    return p


def ends(p: Playbook, reason: str) -> None:
    p.sent("calling.end", reason="hangup").accepted()
    p.ended(reason)


@pytest.mark.parametrize("how", ["error", "rejected", "lost"])
def test_handler_of_a_failure_is_entered(how: str) -> None:
    p = fails(call(FLOW), "Hello.", how)
    p.says("Excuse me.").accepted().at("excuse")
    assert p.path == ["hello", "excuse"]


@pytest.mark.parametrize("how", ["error", "rejected", "lost"])
def test_handler_same_failure_twice_ends_the_run(how: str) -> None:
    p = fails(call(FLOW), "Hello.", how)
    fails(p, "Excuse me.", how)
    ends(p, how)


def test_handler_other_failure_has_its_own_turn() -> None:
    p = fails(call(FLOW), "Hello.", "error")
    p = fails(p, "Excuse me.", "rejected")
    p = fails(p, "Excuse me.", "error")
    ends(p, "error")
    assert p.path == ["hello", "excuse", "excuse"]


@pytest.mark.parametrize("how", ["error", "rejected", "lost"])
def test_failure_without_handler_ends_the_call(how: str) -> None:
    p = fails(call(BARE), "Hello.", how)
    ends(p, how)


def test_failure_that_the_step_names_does_not_reach_the_handler() -> None:
    p = call(FLOW)
    p.says("Hello.").accepted()
    p.report("hello", "play", "finished")
    p.says("Other.").accepted()
    p.report("other", "play", "error")
    p.sent("calling.end", reason="cancel").accepted()
    p.ended("cancel")


@pytest.mark.parametrize(("mark", "goes"), [("error", "busy"), ("finished", "hangup")])
def test_failures_of_next_take_what_is_not_named_before_the_handler(mark: str, goes: str) -> None:
    p = call("""
start: talk
steps:
  talk:
    play: "Hello."
    next: {otherwise: bye, failures: sorry, lost: other}
  sorry: {end: busy}
  other: {end: cancel}
  bye: {end: hangup}
handlers: {error: other, rejected: other}
""")
    p.says("Hello.").accepted().report("talk", "play", mark)
    p.sent("calling.end", reason=goes)


def test_failures_of_next_leave_the_named_one_where_it_goes() -> None:
    graph = compiled("""
start: talk
steps:
  talk:
    play: "Hello."
    next: {finished: bye, failures: sorry, lost: bye}
  sorry: {end: busy}
  bye: {end: hangup}
""")
    assert graph.steps["talk"].next.named == {"finished": "bye", "error": "sorry", "rejected": "sorry", "lost": "bye"}
