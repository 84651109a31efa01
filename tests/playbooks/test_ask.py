"""ask: prompt and collect as one. The order of webhooks does not matter (all orders: test_every_order.py)."""

import pytest

from tests.playbooks.playbook import Playbook, call

FLOW = """
start: menu
steps:
  menu:
    ask:
      prompt: "Press 1."
      digits: {max: 1}
      initial_timeout: 5
      choices:
        one: {keys: ["1"]}
        star: {keys: ["*", "#"], next: starred}
      reprompt:
        no_input: ["Hello?", "Still there?"]
        no_match: ["Not that one."]
      attempts: 4
      EXTRA
    next: {one: bye, no_input: silent, no_match: wrong, error: broken, rejected: broken, lost: nobody}
  starred: {end: cancel}
  silent: {end: busy}
  wrong: {end: decline}
  broken: {end: error}
  nobody: {end: noAnswer}
  bye: {end: hangup}
"""


def asking(extra: str = "replay: true") -> Playbook:
    p = call(FLOW.replace("EXTRA", extra))
    collect = p.sent("calling.collect", start_input_timers=False, send_start_of_input=True, partial_results=False)
    says = p.says("Press 1.")
    collect.accepted()
    says.accepted()
    return p.report("menu", "play", "playing")


def armed(p: Playbook) -> Playbook:
    p.report("menu", "play", "finished")
    return p.sent("calling.collect.start_input_timers").accepted()


def fails(p: Playbook, mark: str, text: str) -> Playbook:
    """One attempt fails, the next one begins with this text."""
    if mark == "digit":
        p.report("menu", "collect", "digit", digits="9")
    else:
        p.report("menu", "collect", mark)
    collect, says = p.sent("calling.collect"), p.says(text)
    collect.accepted()
    return says.accepted()


def ends(p: Playbook, reason: str) -> None:
    p.sent("calling.end").accepted()
    p.ended(reason)


def test_ask_answered_after_the_prompt_is_the_choice() -> None:
    p = armed(asking())
    p.report("menu", "collect", "start_of_input").at("menu")
    p.report("menu", "collect", "digit", digits="1")
    ends(p, "hangup")
    assert p.result("menu")["outcome"] == "one"
    assert p.result("menu")["value"] == "1"


def test_ask_choice_with_its_own_next_goes_there() -> None:
    p = armed(asking())
    p.report("menu", "collect", "digit", digits="*")
    ends(p, "cancel")


def test_ask_first_sign_of_input_stops_the_prompt_and_starts_the_timers() -> None:
    p = asking()
    p.report("menu", "collect", "start_of_input")
    p.sent("calling.play.stop").accepted()
    p.report("menu", "play", "finished")
    p.sent("calling.collect.start_input_timers").accepted()
    p.report("menu", "collect", "digit", digits="1")
    ends(p, "hangup")


def test_ask_digit_during_the_prompt_stops_it_and_decides() -> None:
    p = asking()
    p.report("menu", "collect", "digit", digits="1")
    stop, end = p.sent("calling.play.stop"), p.sent("calling.end")
    stop.accepted()
    p.report("menu", "play", "finished")
    end.accepted()
    p.ended("hangup")


def test_ask_without_barge_in_plays_to_the_end_and_decides() -> None:
    p = asking("barge_in: false")
    p.report("menu", "collect", "start_of_input").at("menu")
    p.report("menu", "collect", "digit", digits="1").at("menu")
    p.report("menu", "play", "finished")
    ends(p, "hangup")


def test_ask_with_timers_now_sends_no_start() -> None:
    p = call(FLOW.replace("EXTRA", "timers: now"))
    collect, says = p.sent("calling.collect", start_input_timers=True), p.says("Press 1.")
    collect.accepted()
    says.accepted()
    p.report("menu", "play", "finished").at("menu")
    p.report("menu", "collect", "digit", digits="1")
    ends(p, "hangup")


def test_ask_silence_climbs_its_ladder_and_ends_as_no_input() -> None:
    p = asking()
    for text in ("Hello? Press 1.", "Still there? Press 1.", "Still there? Press 1."):
        fails(armed(p), "no_input", text)
    armed(p).report("menu", "collect", "no_input")
    ends(p, "busy")


def test_ask_ladders_of_silence_and_of_wrong_keys_are_two() -> None:
    p = asking()
    fails(armed(p), "no_input", "Hello? Press 1.")
    fails(armed(p), "digit", "Not that one. Press 1.")
    fails(armed(p), "no_input", "Still there? Press 1.")
    armed(p).report("menu", "collect", "digit", digits="9")
    ends(p, "decline")
    assert p.result("menu")["outcome"] == "no_match"
    assert p.result("menu")["digits"] == "9"


def test_ask_without_replay_says_the_reprompt_alone() -> None:
    p = armed(asking("replay: false"))
    p.report("menu", "collect", "no_match")
    p.sent("calling.collect")
    p.sent("calling.play", play=[{"type": "tts", "params": {"text": "Not that one."}}])


def test_ask_with_nothing_to_say_again_starts_its_timers_at_once() -> None:
    flow = FLOW.replace("EXTRA", "replay: false").replace('no_match: ["Not that one."]', "")
    p = call(flow)
    collect, says = p.sent("calling.collect"), p.says("Press 1.")
    collect.accepted()
    says.accepted()
    armed(p).report("menu", "collect", "no_match")
    p.sent("calling.collect", start_input_timers=True).accepted()
    p.report("menu", "collect", "digit", digits="1")
    ends(p, "hangup")


def test_ask_late_webhook_of_an_attempt_does_not_touch_the_next() -> None:
    p = asking()
    p.report("menu", "collect", "digit", digits="9")
    stop, collect, says = p.sent("calling.play.stop"), p.sent("calling.collect"), p.says("Not that one. Press 1.")
    p.report("menu", "play", "finished", attempt=1).at("menu")
    p.report("menu", "collect", "digit", attempt=1, digits="1").was("late").at("menu")
    stop.accepted()
    collect.accepted()
    says.accepted()
    armed(p).report("menu", "collect", "digit", digits="1")
    ends(p, "hangup")


@pytest.mark.parametrize(("verb", "other"), [("collect", "play"), ("play", "collect")])
def test_ask_error_of_either_half_stops_the_other(verb: str, other: str) -> None:
    p = asking()
    p.report("menu", verb, "error")
    p.sent(f"calling.{other}.stop")
    p.sent("calling.end").accepted()
    p.ended("error")


def test_ask_refused_collect_stops_the_prompt() -> None:
    p = call(FLOW.replace("EXTRA", "replay: true"))
    collect, says = p.sent("calling.collect"), p.says("Press 1.")
    collect.rejected("invalid_parameter")
    stop, end = p.sent("calling.play.stop"), p.sent("calling.end", reason="error")
    says.accepted()
    stop.accepted()
    end.accepted()
    p.ended("error")
    assert p.result("menu")["code"] == "invalid_parameter"


def test_ask_lost_end_of_the_prompt_starts_the_timers_at_its_deadline() -> None:
    p = asking()
    stopped = p.passes_until_asked().sent("calling.play.stop")
    armed_now = p.sent("calling.collect.start_input_timers")
    stopped.gone()
    armed_now.accepted()
    p.report("menu", "collect", "digit", digits="1")
    ends(p, "hangup")


def test_ask_lost_result_is_lost_after_a_look_up() -> None:
    p = armed(asking())
    p.passes("25s").looks_up().found("answered")
    stop, end = p.sent("calling.collect.stop"), p.sent("calling.end", reason="noAnswer")
    stop.gone()
    end.accepted()
    p.ended("no_answer")


PIN = """
start: pin
steps:
  pin:
    ask:
      prompt: "Your PIN."
      digits: {max: 4, terminators: "#"}
      accept: "^[0-9]{4}$"
      attempts: 2
    next: {digits: bye, otherwise: wrong}
  bye: {end: hangup}
  wrong: {end: decline}
"""


def test_ask_accept_refuses_digits_that_do_not_fit() -> None:
    p = call(PIN)
    collect, says = p.sent("calling.collect", partial_results=True), p.says("Your PIN.")
    collect.accepted()
    says.accepted()
    p.report("pin", "collect", "partial", digits="1", value="1")
    p.sent("calling.play.stop").accepted()
    p.report("pin", "collect", "digit", digits="12", terminator="#")
    p.sent("calling.collect")
    p.says("Your PIN.")
    p.report("pin", "collect", "digit", digits="1234")
    p.sent("calling.play.stop")
    ends(p, "hangup")
    assert p.result("pin")["digits"] == "1234"


@pytest.mark.parametrize(("reprompt", "path"), [("At ${{ int(call.type) }}.", "wrong"), ("Once more.", "pin")])
def test_ask_reprompt_without_a_value_is_an_error_and_sends_nothing(reprompt: str, path: str) -> None:
    flow = PIN.replace("attempts: 2", f'attempts: 2\n      reprompt: {{no_match: ["{reprompt}"]}}')
    p = call(flow.replace("otherwise: wrong", "otherwise: wrong, error: wrong"))
    p.sent("calling.collect")
    p.says("Your PIN.")
    p.report("pin", "collect", "no_match")
    assert p.sent("calling.play.stop").command.control_id == p.control_id("pin", "play", attempt=1)
    assert p.path[-1] == path
    p.unnamed.clear()
