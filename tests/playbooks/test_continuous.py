"""A collect that goes on after each result: a `wait` takes them one by one, in the order in which they came."""

import pytest

from engine.model.limits import MAX_UNREAD
from tests.playbooks.playbook import Playbook, call

FLOW = """
vars: {typed: ""}
start: keys
steps:
  keys:
    collect: {digits: {max: 1}, speech: {}, continuous: true, start_input_timers: TIMERS}
    background: true
    next: next_key
  next_key:
    wait: keys
    visits: {max: 70}
    next: {digits: note_it, speech: said, no_match: next_key, no_input: bye, error: broken, lost: unknown}
  note_it:
    set: {typed: vars.typed + steps.next_key.digits}
    visits: {max: 70}
    next: next_key
  said:
    play: "You said ${{ steps.next_key.text }}."
    until: keys
    next: next_key
  enough:
    collect.stop: keys
    next: next_key
  bye: {end: hangup}
  broken: {end: error}
  unknown: {end: decline}
"""


def typing(timers: str = "false", flow: str = FLOW) -> Playbook:
    p = call(flow.replace("TIMERS", timers))
    p.sent("calling.collect", continuous=True).accepted()
    return p.at("next_key")


def resting() -> Playbook:
    """For five seconds nobody takes a result."""
    p = call(
        FLOW.replace("next: next_key", "next: rest", 1).replace("TIMERS", "false")
        + "  rest: {wait: 5s, next: next_key}\n"
    )
    return p.sent("calling.collect").accepted().at("rest")


def key(p: Playbook, digits: str) -> Playbook:
    return p.report("keys", "collect", "digit", digits=digits)


def test_results_are_taken_one_by_one() -> None:
    p = typing().report("keys", "collect", "collecting")
    for digits in ("1", "2", "2"):
        key(p, digits).at("next_key").report("keys", "collect", "collecting")
    assert p.var("typed") == "122"
    p.report("keys", "collect", "finished").sent("calling.end").accepted()
    p.ended("hangup")


def test_results_that_came_meanwhile_are_taken_at_once_in_their_order() -> None:
    p = call(FLOW.replace("TIMERS", "true"))
    collect = p.sent("calling.collect")
    key(p, "1").at("next_key")
    collect.accepted()
    p.report("keys", "collect", "speech", text="help")
    said = p.says("You said help.")
    for digits in ("7", "8", "9"):
        key(p, digits)
        if digits == "7":
            p.sent("calling.play.stop").accepted()
            said.accepted()
    assert p.at("next_key").var("typed") == "1789"


def test_result_has_all_fields_and_the_handle_the_latest() -> None:
    p = typing()
    key(p, "5").at("next_key")
    assert p.result("next_key")["terminator"] == ""
    assert p.result("next_key")["text"] == ""
    assert p.result("keys") == p.result("next_key")


def test_no_match_and_no_input_are_results_too() -> None:
    p = typing().report("keys", "collect", "no_match").at("next_key")
    p.report("keys", "collect", "no_input").sent("calling.end").accepted()


def test_doubled_result_cannot_be_told_from_the_same_key_twice() -> None:
    """Nothing in the webhook says which result it is."""
    p = key(key(typing(), "1"), "1")
    assert p.var("typed") == "11"


def test_end_is_taken_after_all_results() -> None:
    p = resting()
    key(key(p, "1"), "2").report("keys", "collect", "finished").at("rest")
    p.passes("5s").sent("calling.end").accepted()
    p.ended("hangup")
    assert p.var("typed") == "12"


def test_unread_results_are_bounded_and_the_oldest_go() -> None:
    p = resting()
    for number in range(MAX_UNREAD + 3):
        key(p, str(number % 10)).at("rest")
    p.passes("5s").at("next_key")
    assert p.var("typed") == "".join(str(number % 10) for number in range(3, MAX_UNREAD + 3))
    assert p.state.operations[p.control_id("keys", "collect")].unread == ()


@pytest.mark.parametrize("timers", ["true", "false"])
def test_it_is_never_overdue_but_the_call_is_looked_after(timers: str) -> None:
    """It may be all that lives, and a hang-up need not end it with a word."""
    p = typing(timers)
    for _ in range(30):
        p.passes("29s").at("next_key").passes("1s").looks_up().found("answered")
    key(p, "1").at("next_key")
    p.passes("30s").looks_up().found("ended")
    p.ended("hangup")


def test_deadline_of_the_authors_holds() -> None:
    p = typing(flow=FLOW.replace("background: true", "background: true\n    deadline: 20s"))
    p.passes("20s").looks_up().found("answered")
    p.sent("calling.collect.stop")
    p.sent("calling.end", reason="decline").accepted()
    p.ended("decline")


def test_stop_lets_it_end() -> None:
    p = typing(flow=FLOW.replace("no_match: next_key", "no_match: enough"))
    p.report("keys", "collect", "no_match").sent("calling.collect.stop").accepted()
    key(p.at("next_key"), "1").at("next_key")
    p.report("keys", "collect", "finished").sent("calling.end").accepted()
    assert p.var("typed") == "1"


def test_stop_without_a_last_report_ends_it_all_the_same() -> None:
    p = typing(flow=FLOW.replace("no_match: next_key", "no_match: enough"))
    p.report("keys", "collect", "no_match").sent("calling.collect.stop").accepted()
    p.passes("15s").sent("calling.end").accepted()
    p.ended("hangup")


def test_error_ends_it() -> None:
    p = typing().report("keys", "collect", "error")
    p.sent("calling.end", reason="error").accepted()
    p.ended("error")


# Barge-in.


def test_until_is_interrupted_by_the_next_input() -> None:
    p = typing().report("keys", "collect", "speech", text="help")
    p.says("You said help.").accepted()
    p.at("said").report("keys", "collect", "start_of_input").sent("calling.play.stop").accepted()
    assert p.at("next_key").result("said")["outcome"] == "interrupted"


def test_until_is_not_interrupted_by_input_that_was_taken() -> None:
    p = typing().report("keys", "collect", "start_of_input").report("keys", "collect", "partial", text="he")
    p.report("keys", "collect", "speech", text="help")
    p.says("You said help.").accepted()
    p.at("said").report("said", "play", "finished").at("next_key")
    p.report("keys", "collect", "speech", text="again").says("You said again.").accepted()
    p.at("said")


def test_until_is_not_begun_while_an_unread_result_waits() -> None:
    p = resting().report("keys", "collect", "speech", text="one").report("keys", "collect", "speech", text="two")
    p.passes("5s").says("You said two.").accepted()
    assert p.at("said").path == ["keys", "rest", "next_key", "said", "next_key", "said"]


OUTCOMES = FLOW.replace("until: keys", "until: {keys: [digits]}")


def test_until_outcomes_looks_at_results_as_well() -> None:
    p = typing(flow=OUTCOMES).report("keys", "collect", "speech", text="help")
    p.says("You said help.").accepted()
    p.report("keys", "collect", "start_of_input").at("said")
    p.report("keys", "collect", "speech", text="more").at("said")
    key(p, "1").sent("calling.play.stop").accepted()
    # "more" is taken then, and not said, because the key waits behind it.
    assert p.at("next_key").var("typed") == "1"


MANY = """
start: keys
steps:
  keys:
    collect: {digits: {max: 1}, continuous: true}
    background: true
    next: music
  music:
    play: "La la la."
    background: true
    next: either
  either:
    wait: {HOW: [keys, music], timeout: 40s}
    next: {done: which, timeout: bye}
  which:
    wait: {handle: keys, timeout: 1s}
    next: {digits: bye, otherwise: bye}
  bye: {end: hangup}
"""


@pytest.mark.parametrize("how", ["any", "all"])
def test_wait_for_several_takes_a_result_for_a_reason_to_go_on(how: str) -> None:
    p = call(MANY.replace("HOW", how))
    p.sent("calling.collect").accepted()
    p.says("La la la.").accepted()
    key(p.at("either"), "4")
    if how == "all":
        p.at("either").report("music", "play", "finished")
    p.sent("calling.end").accepted()
    assert p.result("which")["digits"] == "4"


# Two collects at once: what the platform does then is not documented, so each keeps to its own.


ASK = """
start: keys
steps:
  keys:
    collect: {digits: {max: 1}, continuous: true}
    background: true
    next: menu
  menu:
    ask: {prompt: "Press 1.", digits: {max: 1}, initial_timeout: 5, attempts: 1}
    next: next_key
  next_key:
    wait: {handle: keys, timeout: 1s}
    next: bye
  bye: {end: hangup}
"""


def test_ask_beside_it_hears_only_its_own_collect() -> None:
    p = call(ASK)
    p.sent("calling.collect", continuous=True).accepted()
    collect, says = p.sent("calling.collect", start_input_timers=False), p.says("Press 1.")
    collect.accepted()
    says.accepted()
    key(p, "1").at("menu")
    p.report("menu", "collect", "digit", digits="1")
    stop, end = p.sent("calling.play.stop"), p.sent("calling.end")
    stop.accepted()
    end.accepted()
    assert p.result("menu")["digits"] == "1"
    assert p.result("next_key")["digits"] == "1"
