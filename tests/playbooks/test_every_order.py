"""One platform history has one outcome, in whatever order and however often its webhooks come.

With one of them lost, or one answer, the outcome is the same or a named `lost`: never a third.
"""

from typing import Any

import pytest

from engine.model.state import RunState
from tests.playbooks.machine import compiled
from tests.playbooks.orders import Heard, Outcome, outcomes

ASK = """
start: menu
steps:
  menu:
    ask:
      prompt: "Press 1."
      digits: {max: 2, terminators: "#"}
      initial_timeout: 5
      choices: {one: {keys: ["2"], phrases: [one]}, two: {keys: ["12"], phrases: [two, the other one]}}
      reprompt: {no_input: ["Hello?"], no_match: ["No."]}
      attempts: ATTEMPTS
    next: {one: first, two: second, no_input: silent, no_match: wrong, lost: nobody}
  first: {end: hangup}
  second: {end: cancel}
  silent: {end: busy}
  wrong: {end: decline}
  nobody: {end: error}
"""
SPOKEN = ASK.replace("initial_timeout", "speech: {}\n      min_confidence: 30\n      initial_timeout")
ACCEPTED = """
start: menu
steps:
  menu:
    ask:
      prompt: "Press 1."
      digits: {max: 2, terminators: "#"}
      initial_timeout: 5
      accept: '^(12|2)$'
      attempts: ATTEMPTS
    next: {digits: first, no_input: silent, no_match: wrong, lost: nobody}
  first: {end: hangup}
  silent: {end: busy}
  wrong: {end: decline}
  nobody: {end: error}
"""
MODES = {
    "accept": ACCEPTED,
    "secret": ACCEPTED.replace("accept:", "secret: true\n      accept:"),
    "without barge-in": ASK.replace("initial_timeout", "barge_in: false\n      initial_timeout"),
    "timers at once": ASK.replace("initial_timeout", "timers: now\n      initial_timeout"),
    "both": ASK.replace("initial_timeout", "timers: now\n      barge_in: false\n      initial_timeout"),
}
LOW = """
start: listen
steps:
  listen:
    collect: {digits: {max: 2, terminators: "#"}, initial_timeout: 5, start_input_timers: false, send_start_of_input: true}
    background: true
    next: {accepted: prompt, lost: nobody}
  prompt:
    play: "Press 1."
    until: listen
    next: {finished: arm, interrupted: arm, lost: arm}
  arm:
    collect.start_input_timers: listen
    next: {accepted: menu, lost: nobody}
  menu:
    wait: listen
    next: {digits: check, speech: nobody, no_input: silent, no_match: wrong, lost: nobody}
  check:
    branch:
      - if: steps.menu.digits == "12"
        next: second
      - else: first
  first: {end: hangup}
  second: {end: cancel}
  silent: {end: busy}
  wrong: {end: decline}
  nobody: {end: error}
"""
ARM = "calling.collect.start_input_timers"


def digit(op: str, digits: str) -> Heard:
    return Heard(op, "digit", {"value": digits, "digits": digits, "terminator": ""})


def partial(op: str, digits: str) -> Heard:
    return Heard(op, "partial", {"value": digits, "digits": digits})


def spoken(op: str, text: str, mark: str = "speech", confidence: float = 80.0) -> Heard:
    return Heard(op, mark, {"value": text, "text": text, "confidence": confidence})


def attempt(number: int, *collected: Heard) -> list[Heard]:
    """What is heard of one attempt of the ask: its playback, and what was collected."""
    play = f"menu.1.{number}.play"
    return [Heard(play, "playing"), Heard(play, "finished"), *collected]


C1, C2 = "menu.1.1.collect", "menu.1.2.collect"
STARTS = Heard(C1, "start_of_input")
HISTORIES: dict[str, tuple[int, list[Heard], str]] = {
    "answered": (1, attempt(1, STARTS, partial(C1, "1"), digit(C1, "12")), "two"),
    "wrong": (1, attempt(1, STARTS, digit(C1, "99")), "no_match"),
    "not understood": (1, attempt(1, STARTS, Heard(C1, "no_match")), "no_match"),
    "silent": (1, attempt(1, Heard(C1, "no_input", cause=ARM)), "no_input"),
    "answered the second time": (
        2,
        [*attempt(1, Heard(C1, "no_input", cause=ARM)), *attempt(2, digit(C2, "2"))],
        "one",
    ),
    "wrong and then answered": (2, [*attempt(1, STARTS, digit(C1, "9")), *attempt(2, digit(C2, "12"))], "two"),
}


SPOKEN_HISTORIES: dict[str, tuple[int, list[Heard], str]] = {
    "said": (1, attempt(1, STARTS, spoken(C1, "the", "partial"), spoken(C1, "The other one, please.")), "two"),
    "said by half": (1, attempt(1, STARTS, spoken(C1, "the other", "partial"), spoken(C1, "The other?")), "no_match"),
    "said both": (1, attempt(1, STARTS, spoken(C1, "one", "partial"), spoken(C1, "one or two")), "no_match"),
    "hardly heard": (1, attempt(1, STARTS, spoken(C1, "one", confidence=29.9)), "no_match"),
    "said and then pressed": (
        1,
        attempt(1, STARTS, spoken(C1, "one", "partial"), partial(C1, "1"), digit(C1, "12")),
        "two",
    ),
    "mumbled and then said": (2, [*attempt(1, STARTS, spoken(C1, "hm")), *attempt(2, spoken(C2, "one"))], "one"),
    "mumbled and then pressed": (2, [*attempt(1, STARTS, spoken(C1, "hm")), *attempt(2, digit(C2, "2"))], "one"),
    "pressed and then said": (2, [*attempt(1, STARTS, digit(C1, "9")), *attempt(2, spoken(C2, "two"))], "two"),
}


def judge(state: RunState) -> Outcome:
    result = state.frame.results.get("menu", {})
    return (result.get("outcome"), result.get("value", ""), state.end_reason)


def is_lost(outcome: Outcome) -> bool:
    return outcome[0] == "lost" or outcome[2] == "error"


def low_level(history: list[Heard]) -> list[Heard]:
    """The same history as the low-level steps have it."""
    ops = {"menu.1.1.play": "prompt.1.1.play", C1: "listen.1.1.collect"}
    return [Heard(ops[one.op], one.mark, one.fields, one.cause) for one in history]


def at_once(history: list[Heard]) -> list[Heard]:
    """The same history where the clock runs from the beginning: nothing starts it."""
    return [Heard(one.op, one.mark, one.fields) for one in history]


def cases() -> list[Any]:
    asks = [
        pytest.param(ASK.replace("ATTEMPTS", str(attempts)), history, id=f"ask-{name}")
        for name, (attempts, history, _) in HISTORIES.items()
    ]
    spoken = [
        pytest.param(SPOKEN.replace("ATTEMPTS", str(attempts)), history, id=f"spoken-{name}")
        for name, (attempts, history, _) in SPOKEN_HISTORIES.items()
    ]
    lows = [
        pytest.param(LOW, low_level(history), id=f"low-{name}")
        for name, (attempts, history, _) in HISTORIES.items()
        if attempts == 1
    ]
    modes = [
        pytest.param(
            flow.replace("ATTEMPTS", "1"), at_once(history) if "timers" in flow else history, id=f"{mode}-{name}"
        )
        for mode, flow in MODES.items()
        for name, (attempts, history, _) in HISTORIES.items()
        if attempts == 1
    ]
    return asks + spoken + lows + modes


@pytest.mark.parametrize("name", HISTORIES)
def test_ask_history_heard_in_any_order_has_its_outcome(name: str) -> None:
    attempts, history, outcome = HISTORIES[name]
    found = outcomes(compiled(ASK.replace("ATTEMPTS", str(attempts))), history, judge)
    assert [one[0] for one in found] == [outcome]


@pytest.mark.parametrize("name", SPOKEN_HISTORIES)
def test_ask_history_of_words_and_keys_heard_in_any_order_has_its_outcome(name: str) -> None:
    attempts, history, outcome = SPOKEN_HISTORIES[name]
    found = outcomes(compiled(SPOKEN.replace("ATTEMPTS", str(attempts))), history, judge)
    assert [one[0] for one in found] == [outcome]


@pytest.mark.parametrize(("flow", "history"), cases())
def test_history_heard_in_any_order_has_one_outcome(flow: str, history: list[Heard]) -> None:
    found = outcomes(compiled(flow), history, judge)
    assert len(found) == 1, found
    assert not is_lost(next(iter(found)))


@pytest.mark.parametrize(("flow", "history"), cases())
def test_history_with_any_webhook_doubled_has_the_same_outcome(flow: str, history: list[Heard]) -> None:
    expected = outcomes(compiled(flow), history, judge)
    for doubled in history:
        found = outcomes(compiled(flow), [*history, doubled], judge, answers_first=len(history) > 5)
        assert found == expected, f"with {doubled.op} {doubled.mark} twice"


@pytest.mark.parametrize(("flow", "history"), cases())
def test_history_with_any_webhook_lost_has_the_same_outcome_or_is_lost(flow: str, history: list[Heard]) -> None:
    expected = outcomes(compiled(flow), history, judge)
    for index, missing in enumerate(history):
        left = history[:index] + history[index + 1 :]
        found = outcomes(compiled(flow), left, judge, answers_first=len(history) > 6)
        other = {one for one in found - expected if not is_lost(one)}
        assert not other, f"without {missing.op} {missing.mark}"


@pytest.mark.parametrize(("flow", "history"), cases())
def test_history_with_any_answer_lost_has_the_same_outcome_or_is_lost(flow: str, history: list[Heard]) -> None:
    expected = outcomes(compiled(flow), history, judge)
    for seq in range(1, 6):
        found = outcomes(compiled(flow), history, judge, lose_answer=seq, answers_first=len(history) > 6)
        other = {one for one in found - expected if not is_lost(one)}
        assert not other, f"without the answer to command {seq}"
