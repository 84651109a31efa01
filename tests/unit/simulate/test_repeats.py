"""What is sent again after an answer that says nothing: what may have to be, and nothing that is over."""

from typing import Literal

import pytest

from engine.exchange.caller import Hears, Presses
from engine.exchange.effects import Heard
from engine.exchange.faults import Fault
from engine.exchange.options import ExchangeOptions
from engine.simulate import simulate
from engine.simulate.outcome import Outcome
from engine.simulate.scenario import Scenario
from tests.playbooks.machine import compiled

TAPED = """
start: tape
steps:
  tape: {record: {beep: true, initial_timeout: 6, terminators: "#"}, next: thanks}
  thanks: {play: Thank you., next: bye}
  bye: {end: hangup}
"""
ASKED = """
start: menu
steps:
  menu:
    ask: {prompt: "For a very long list of opening hours, and all there is to say about them, press 1.", digits: {max: 1}}
    next: {digits: bye, otherwise: bye}
  bye: {end: hangup}
"""
FRIENDLY = """
start: welcome
steps:
  welcome: {play: Thank you for calling., next: more}
  more: {play: Bye., next: bye}
  bye: {end: hangup}
  sorry: {play: Sorry., next: bye}
handlers: {error: sorry, rejected: sorry, lost: sorry}
"""


def played(flow: str, *script: Hears | Presses, **fault: str) -> Outcome:
    return simulate(compiled(flow), Scenario(script=script, faults=(Fault(**fault),)))  # type: ignore[arg-type]


def sounds(outcome: Outcome) -> list[str]:
    return [one.text for one in outcome.happened if isinstance(one, Heard)]


@pytest.mark.parametrize("do", ["execute_500", "execute_hang", "reset"])
def test_recording_that_is_over_and_forgotten_is_not_begun_again(do: str) -> None:
    outcome = played(TAPED, Hears(text="beep"), Presses(digits="#"), kind="calling.record", do=do)
    assert sounds(outcome) == ["beep", "Thank you."]
    assert outcome.ended == "hangup"


@pytest.mark.parametrize("do", ["500", "429", "html"])
def test_stop_of_a_prompt_that_plays_is_sent_again(do: str) -> None:
    outcome = played(ASKED, Hears(text="For a very"), Presses(digits="1"), kind="calling.play.stop", do=do)
    (cut,) = [line.at_ms for line in outcome.transcript if line.what == "cut off"]
    assert cut < 5_000, "long before its end"
    assert outcome.outcomes == {"menu": "digits"}


@pytest.mark.parametrize("repeat", ["refuse", "accept"])
def test_prompt_that_plays_is_not_rejected_by_its_own_repeat(repeat: Literal["refuse", "accept"]) -> None:
    """Its first webhook comes after the repeat, so that nothing but the answer says that it plays."""
    faults = (Fault(kind="calling.play", do="execute_500"), Fault(kind="play.playing", do="delay", delay_ms=300))
    outcome = simulate(compiled(FRIENDLY), Scenario(options=ExchangeOptions(repeat=repeat), faults=faults))
    assert sounds(outcome) == ["Thank you for calling.", "Bye."]
    assert outcome.ended == "hangup"
    assert outcome.outcomes == {"welcome": "finished", "more": "finished"}
