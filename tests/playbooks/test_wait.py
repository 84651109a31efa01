"""wait: for a time, for a handle, for any or all of several."""

import pytest

from tests.playbooks.playbook import Playbook, call

FLOW = """
start: listen
steps:
  listen:
    collect: {digits: {max: 4}, initial_timeout: 5, start_input_timers: true}
    background: true
    next: music
  music:
    play: "La la la."
    background: true
    next: rest
  rest:
    wait: WAIT
    next: {NEXT}
    visits: {max: 2, next: bye}
  digits: {end: cancel}
  late: {end: busy}
  bye: {end: hangup}
"""


def waiting(wait: str, next: str) -> Playbook:
    p = call(FLOW.replace("WAIT", wait).replace("NEXT", next))
    p.sent("calling.collect").accepted()
    return p.says("La la la.").accepted().at("rest")


def ends(p: Playbook, reason: str) -> None:
    p.sent("calling.end").accepted()
    p.ended(reason)


def test_wait_duration_is_over_in_time() -> None:
    p = waiting("5s", "done: bye")
    p.report("listen", "collect", "digit", digits="1").at("rest")
    p.passes("4s").at("rest")
    p.passes("1s")
    ends(p, "hangup")
    assert p.result("rest") == {"outcome": "done"}


def test_wait_handle_has_its_outcome_and_fields() -> None:
    p = waiting("listen", "digits: digits, otherwise: bye")
    p.report("music", "play", "finished").at("rest")
    p.report("listen", "collect", "digit", digits="12")
    ends(p, "cancel")
    assert p.result("rest")["digits"] == "12"


def test_wait_handle_over_already_returns_at_once() -> None:
    p = call(FLOW.replace("WAIT", "listen").replace("NEXT", "digits: digits, otherwise: bye"))
    p.sent("calling.collect").accepted()
    music = p.says("La la la.")
    p.report("listen", "collect", "digit", digits="12").at("music")
    music.accepted()
    ends(p, "cancel")


def test_wait_handle_with_timeout_is_over_at_either() -> None:
    p = waiting("{handle: listen, timeout: 3s}", "timeout: late, otherwise: bye")
    p.passes("3s")
    ends(p, "busy")
    assert p.result("rest") == {"outcome": "timeout"}


def test_wait_handle_refused_afterwards_has_its_failure() -> None:
    p = call(FLOW.replace("WAIT", "listen").replace("NEXT", "rejected: late, otherwise: bye"))
    collect = p.sent("calling.collect")
    p.report("listen", "collect", "collecting")
    music = p.says("La la la.")
    collect.rejected()
    music.accepted().at("rest")  # it has reported, so it lives, whatever the answer says
    p.report("listen", "collect", "error")
    p.sent("calling.end").accepted()
    p.ended("error")


@pytest.mark.parametrize("first", ["listen", "music"])
def test_wait_any_is_over_with_the_first(first: str) -> None:
    p = waiting("{any: [listen, music]}", "done: bye")
    p.report(first, "collect" if first == "listen" else "play", "finished")
    ends(p, "hangup")
    assert p.result("rest") == {"outcome": "done"}


def test_wait_all_is_over_with_the_last() -> None:
    p = waiting("{all: [listen, music]}", "done: bye")
    p.report("listen", "collect", "no_match").at("rest")
    p.report("music", "play", "finished")
    ends(p, "hangup")


def test_wait_all_with_timeout_does_not_wait_for_ever() -> None:
    p = waiting("{all: [listen, music], timeout: 6s}", "done: bye, timeout: late")
    p.report("listen", "collect", "no_match").at("rest")
    p.passes("6s")
    ends(p, "busy")


@pytest.mark.parametrize("many", ["any", "all"])
def test_wait_for_a_list_of_one_is_done(many: str) -> None:
    p = waiting(f"{{{many}: [listen]}}", "done: bye")
    p.report("listen", "collect", "no_match")
    ends(p, "hangup")


def test_wait_for_an_operation_that_was_never_started_is_an_error() -> None:
    flow = FLOW.replace("WAIT", "listen").replace("NEXT", "digits: digits, error: late, otherwise: bye")
    p = call(flow.replace("start: listen", "start: rest"))
    ends(p, "busy")
    assert p.result("rest")["code"] == "no-operation"


def test_wait_for_a_handle_that_never_reports_is_lost() -> None:
    p = waiting("listen", "lost: late, otherwise: bye")
    p.report("music", "play", "finished")
    p.passes("45s").looks_up().found("answered")
    stop = p.sent("calling.collect.stop")
    p.sent("calling.end").accepted()
    p.ended("busy")
    stop.accepted().was("late")
