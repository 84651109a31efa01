"""ask: what an answer means, pressed or said: choices, `accept`, `min_confidence`."""

from typing import Any

import pytest

from tests.playbooks.playbook import Playbook, call

MENU = """
start: menu
defaults:
  choices:
    person: {keys: ["0"], phrases: [person, somebody], next: desk}
    sales: {keys: ["9"], next: desk}
vars: {last: 0}
steps:
  menu:
    ask:
      prompt: "What is it?"
      digits: {max: 2}
      speech: {}
      min_confidence: 40
      choices:
        balance: {keys: ["1"], phrases: [balance, "how much"]}
        bill: {keys: ["2a"], phrases: [bill, "Pay my bill!"]}
        sales: {phrases: [sales, "don't know", Café, "bill of sale"]}
      attempts: 1
      EXTRA
    next: {balance: bye, bill: over, sales: out, no_input: silent, no_match: wrong}
  desk: {end: cancel}
  bye: {end: hangup}
  over: {end: busy}
  out: {end: error}
  silent: {end: noAnswer}
  wrong: {end: decline}
"""


def asked(flow: str, step: str = "menu") -> Playbook:
    """The prompt has been played and the timers run."""
    p = call(flow)
    collect, says = p.sent("calling.collect"), p.sent("calling.play")
    collect.accepted()
    says.accepted()
    p.report(step, "play", "finished")
    return p.sent("calling.collect.start_input_timers").accepted()


def menu(extra: str = "universal: true") -> Playbook:
    return asked(MENU.replace("EXTRA", extra))


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("balance", "balance"),
        ("My BALANCE, please.", "balance"),
        ("how  much is it", "balance"),
        ("how very much", "no_match"),
        ("imbalance", "no_match"),
        ("balances", "no_match"),
        ("pay my bill", "bill"),
        ("a bill of sale", "sales"),
        ("is it a bill-of-sale?", "sales"),
        ("I don’t know", "sales"),
        ("CAFE\u0301!", "sales"),
        ("balance or bill", "no_match"),
        ("the balance of my bill, to pay my bill", "bill"),
        ("somebody", "person"),
        ("a person, any person", "person"),
        ("1", "no_match"),
        ("...", "no_match"),
        ("balance " + "x" * 2_000, "no_match"),
    ],
)
def test_what_is_said_is_the_choice_with_the_longest_phrase_in_it(said: str, outcome: str) -> None:
    p = menu().report("menu", "collect", "speech", text=said)
    p.sent("calling.end")
    result = p.result("menu")
    assert result["outcome"] == outcome
    assert result["choice"] == ("" if outcome == "no_match" else outcome)
    assert (result["value"], result["text"], result["digits"]) == (said, said, "")


@pytest.mark.parametrize(
    ("keys", "outcome"), [("1", "balance"), ("2A", "bill"), ("0", "person"), ("9", "no_match"), ("", "no_match")]
)
def test_what_is_pressed_is_the_choice_with_that_key(keys: str, outcome: str) -> None:
    p = menu().report("menu", "collect", "digit", digits=keys)
    p.sent("calling.end")
    result = p.result("menu")
    assert result["outcome"] == outcome
    assert result["choice"] == ("" if outcome == "no_match" else outcome)
    assert (result["value"], result["text"], result["digits"]) == (keys, "", keys)


def test_choices_of_the_flow_go_where_they_say() -> None:
    p = menu().report("menu", "collect", "digit", digits="0")
    p.sent("calling.end", reason="cancel").accepted()
    p.ended("cancel")


def test_choices_of_the_flow_are_left_out_on_request() -> None:
    p = menu("universal: false").report("menu", "collect", "digit", digits="0")
    p.sent("calling.end", reason="decline")


def test_nothing_chosen_leaves_choice_empty() -> None:
    p = menu().report("menu", "collect", "no_input")
    p.sent("calling.end")
    assert p.result("menu")["choice"] == p.result("menu")["value"] == ""


@pytest.mark.parametrize(
    ("confidence", "outcome"), [(40.0, "balance"), (100.0, "balance"), (39.9, "no_match"), (0.0, "balance")]
)
def test_speech_that_was_hardly_heard_is_no_match(confidence: float, outcome: str) -> None:
    p = menu().report("menu", "collect", "speech", text="balance", confidence=confidence)
    p.sent("calling.end")
    assert p.result("menu")["outcome"] == outcome


OPEN = """
start: day
vars: {most: 31}
steps:
  day:
    ask:
      prompt: "Which day?"
      digits: {max: 2}
      speech: {}
      attempts: 1
      ACCEPT
    next: {digits: bye, speech: over, no_input: silent, no_match: wrong NEXT}
  bye: {end: hangup}
  over: {end: busy}
  silent: {end: noAnswer}
  wrong: {end: decline}
handlers: {error: wrong}
"""
DAY = "accept: {digits: '^[0-9]{1,2}$', speech: '^(mon|tues)day', if: \"text != '' || int(value) <= vars.most\"}"


def day(accept: str, named: str = "") -> Playbook:
    return asked(OPEN.replace("ACCEPT", accept).replace("NEXT", named), "day")


@pytest.mark.parametrize(
    ("accept", "mark", "entered", "outcome"),
    [
        ("accept: '^[0-9]{2}$'", "digit", "12", "digits"),
        ("accept: '^[0-9]{2}$'", "digit", "1", "no_match"),
        ("accept: '^[0-9]{2}$'", "speech", "whatever", "speech"),
        ("accept: {speech: '^yes'}", "digit", "1", "digits"),
        ("accept: {speech: '^yes'}", "speech", "Yes, please", "speech"),
        ("accept: {speech: '^yes'}", "speech", "oh yes", "no_match"),
        ("accept: {speech: '^yes'}", "speech", "yes" + "s" * 2_000, "no_match"),
        (DAY, "digit", "31", "digits"),
        (DAY, "digit", "32", "no_match"),
        (DAY, "digit", "3*", "no_match"),
        (DAY, "speech", "Monday", "speech"),
        (DAY, "speech", "Sunday", "no_match"),
        ("accept: {if: confidence > 50.0 || digits == '1'}", "digit", "1", "digits"),
        ("accept: {if: confidence > 50.0 || digits == '1'}", "speech", "one", "speech"),
        ("replay: true", "speech", "one", "speech"),
        ("replay: true", "digit", "", "no_match"),
        ("accept: '^[0-9]{0,2}$'", "digit", "", "digits"),
    ],
)
def test_answer_that_is_not_acceptable_is_no_match(accept: str, mark: str, entered: str, outcome: str) -> None:
    fields: dict[str, Any] = {"digits": entered} if mark == "digit" else {"text": entered}
    p = day(accept).report("day", "collect", mark, **fields)
    p.sent("calling.end")
    assert p.result("day")["outcome"] == outcome
    assert p.result("day")["value"] == entered
    assert p.result("day")["choice"] == ""


def test_condition_without_a_value_is_an_error() -> None:
    p = day("accept: {if: int(value) <= vars.most}").report("day", "collect", "speech", text="the first")
    p.sent("calling.end", reason="decline")
    assert p.result("day")["outcome"] == "error"
    assert p.result("day")["code"] == "expression"


def test_condition_without_a_value_may_be_named() -> None:
    p = day("accept: {if: int(value) < 5}", ", expression: over").report("day", "collect", "speech", text="the first")
    p.sent("calling.end", reason="busy")
    assert p.result("day")["outcome"] == "expression"
