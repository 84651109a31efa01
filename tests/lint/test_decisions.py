"""Ways whose conditions contradict each other are none: what a branch has asked is remembered, as far as it is cheap."""

import sys

import pytest

from engine.compile.paths import witness
from tests.lint.flow import HEAD, codes

LISTEN = """\
  a:
    ask: {prompt: "May we record this call?", digits: {max: 1}, reprompt: {no_input: ["Hello?"], no_match: ["One or two."]},
      choices: {yes: {keys: ["1"]}, not: {keys: ["2"]}}}
    next: {yes: tape, otherwise: plain}
  tape:
    record: {direction: both, max_length: 600, initial_timeout: 0, end_silence_timeout: 0}
    background: true
    next: %s
  plain:
    play: "This call is not recorded."
    next: %s
"""
PIN = """\
  pause:
    record.pause: {handle: tape, behavior: silence}
    next: pin
  pin:
    ask: {prompt: "Enter your PIN.", digits: {max: 4}, reprompt: {no_input: ["Hello?"], no_match: ["Four digits."]}}
    next: thanks
  thanks:
    play: "Thank you."
    next: bye
  bye:
    end: hangup
"""


def flow(after_tape: str, middle: str, sections: str = "") -> str:
    return f"{HEAD}{sections}steps:\n{LISTEN % (after_tape, 'which')}{middle}{PIN}"


def branch(condition: str, then: str = "pause") -> str:
    return f'  which:\n    branch:\n      - if: "{condition}"\n        next: {then}\n      - else: pin\n'


FLAG = "vars: {recorded: false, mode: none}\n"
SET = '  noted:\n    set: {recorded: "true", mode: "\'tape\'"}\n    next: which\n'


@pytest.mark.parametrize(
    "condition",
    [
        "steps.a.outcome == 'yes'",
        "vars.recorded",
        "vars.mode == 'tape'",
        "vars.mode in ['tape', 'x']",
    ],
)
def test_secret_is_not_overheard_where_a_branch_knows_what_goes_on(condition: str) -> None:
    assert "SEC002" not in codes(flow("noted", SET + branch(condition), FLAG))


@pytest.mark.parametrize(
    "condition", ["call.from == ''", "!vars.recorded", "vars.mode == 'other'", "vars.recorded && call.to == ''"]
)
def test_secret_is_overheard_where_it_does_not(condition: str) -> None:
    assert "SEC002" in codes(flow("noted", SET + branch(condition), FLAG))


def test_what_a_computation_gives_a_variable_may_be_anything() -> None:
    assert "SEC002" in codes(
        flow("noted", SET.replace('"true"', "size(call.from) > 3") + branch("vars.recorded"), FLAG)
    )


def test_timers_that_a_branch_starts_are_started() -> None:
    steps = """\
  a:
    branch:
      - if: call.from == ''
        next: listen
      - else: noted
  listen:
    collect: {digits: {max: 4}, initial_timeout: 5}
    background: true
    next: heard
  heard:
    set: {listening: "true"}
    next: noted
  noted:
    play: "Enter your number."
    next: which
  which:
    branch:
      - if: vars.listening
        next: arm
      - else: bye
  arm:
    collect.start_input_timers: listen
    next: result
  result:
    wait: listen
    next: bye
  bye: {end: hangup}
"""
    assert not {"API002", "API007"} & {*codes(f"{HEAD}vars: {{listening: false}}\nsteps:\n{steps}")}
    assert "API007" in codes(
        f"{HEAD}vars: {{listening: false}}\nsteps:\n{steps.replace('if: vars.listening', 'if: call.to == call.from')}"
    )


def test_where_there_are_too_many_situations_conditions_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    text = flow("noted", SET + branch("vars.recorded"), FLAG)
    assert "SEC002" not in codes(text)
    monkeypatch.setattr(sys.modules[witness.__module__], "MOST", 3)
    assert "SEC002" in codes(text)


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("Please enter your card number.", True),
        ("Do not enter your card number. Say your name.", False),
        ("Never tell anybody your PIN! Enter your PIN.", True),
        ("We will never ask you to say your PIN. Which city?", False),
        ("You don't have to enter your PIN here.", False),
    ],
)
def test_sentence_that_forbids_the_secret_asks_for_none(words: str, asks: bool) -> None:
    tape = "  a:\n    record: {direction: both, max_length: 600, initial_timeout: 0, end_silence_timeout: 0}\n    background: true\n    next: b\n"
    ask = f'  b:\n    ask: {{prompt: "{words}", digits: {{max: 4}}}}\n    next: bye\n  bye: {{end: hangup}}\n'
    assert ("SEC002" in codes(f"{HEAD}steps:\n{tape}{ask}")) == asks
