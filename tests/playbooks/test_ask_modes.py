"""ask: every combination of barge-in, timers and what is taken, with the answer during the prompt or after it."""

from typing import Any

import pytest

from tests.playbooks.playbook import Playbook, Sent, call

FLOW = """
start: menu
steps:
  menu:
    ask:
      prompt: "One?"
      TAKES
      choices: {one: {keys: ["1"], phrases: [one]}}
      reprompt: {no_input: ["Hello?"], no_match: ["Not that."]}
      barge_in: BARGE
      timers: TIMERS
      attempts: 2
    next: {one: bye, no_input: silent, no_match: wrong}
  bye: {end: hangup}
  silent: {end: busy}
  wrong: {end: decline}
"""
TAKES = {"digits": "digits: {max: 1}", "speech": "speech: {}", "both": "digits: {max: 1}\n      speech: {}"}
GOOD: dict[str, dict[str, Any]] = {"digit": {"digits": "1"}, "speech": {"text": "one"}}
BAD: dict[str, dict[str, Any]] = {"digit": {"digits": "2"}, "speech": {"text": "none"}}
ANSWERS = [("digits", "digit"), ("speech", "speech"), ("both", "digit"), ("both", "speech")]

takes_and_mark = pytest.mark.parametrize(("takes", "mark"), ANSWERS)
timers = pytest.mark.parametrize("timers", ["after_prompt", "now"])
barge_in = pytest.mark.parametrize("barge_in", [True, False])


def prompting(takes: str, barge_in: bool, timers: str) -> Playbook:
    flow = FLOW.replace("TAKES", TAKES[takes]).replace("BARGE", str(barge_in).lower()).replace("TIMERS", timers)
    p = call(flow)
    return begins(p, "One?", timers, partial_results=takes != "digits")


def begins(p: Playbook, text: str, timers: str, *, answered: Sent | None = None, **params: Any) -> Playbook:
    """An attempt; `answered` is what was sent just before."""
    collect = p.sent("calling.collect", start_input_timers=timers == "now", send_start_of_input=True, **params)
    says = p.says(text)
    if answered is not None:
        answered.accepted()
    collect.accepted()
    says.accepted()
    return p.report("menu", "play", "playing")


def prompted(p: Playbook, timers: str) -> Playbook:
    p.report("menu", "play", "finished")
    return p.sent("calling.collect.start_input_timers").accepted() if timers == "after_prompt" else p


def ends(p: Playbook, reason: str) -> None:
    p.sent("calling.end").accepted()
    p.ended(reason)


@takes_and_mark
@timers
@barge_in
def test_answer_after_the_prompt(takes: str, mark: str, timers: str, barge_in: bool) -> None:
    p = prompted(prompting(takes, barge_in, timers), timers)
    p.report("menu", "collect", "start_of_input")
    p.report("menu", "collect", mark, **GOOD[mark])
    ends(p, "hangup")
    assert p.result("menu")["choice"] == "one"


@takes_and_mark
@timers
def test_answer_during_the_prompt_stops_it(takes: str, mark: str, timers: str) -> None:
    p = prompting(takes, True, timers)
    p.report("menu", "collect", "start_of_input")
    stop = p.sent("calling.play.stop")
    p.report("menu", "collect", mark, **GOOD[mark])
    end = p.sent("calling.end")
    stop.accepted()
    end.accepted()
    p.ended("hangup")


@takes_and_mark
@timers
def test_answer_during_the_prompt_is_judged_at_its_end_without_barge_in(takes: str, mark: str, timers: str) -> None:
    p = prompting(takes, False, timers)
    p.report("menu", "collect", "start_of_input").at("menu")
    p.report("menu", "collect", mark, **GOOD[mark]).at("menu")
    p.report("menu", "play", "finished")
    ends(p, "hangup")


@takes_and_mark
@timers
def test_wrong_answer_during_the_prompt_is_judged_at_its_end_without_barge_in(
    takes: str, mark: str, timers: str
) -> None:
    p = prompting(takes, False, timers)
    p.report("menu", "collect", mark, **BAD[mark]).at("menu")
    p.report("menu", "play", "finished")
    begins(p, "Not that. One?", timers)
    p.report("menu", "collect", mark, **GOOD[mark]).at("menu")
    p.report("menu", "play", "finished")
    ends(p, "hangup")


@takes_and_mark
@timers
def test_wrong_answer_during_the_prompt_begins_the_next_attempt(takes: str, mark: str, timers: str) -> None:
    p = prompting(takes, True, timers)
    p.report("menu", "collect", mark, **BAD[mark])
    stop = p.sent("calling.play.stop")
    begins(p, "Not that. One?", timers, answered=stop)
    prompted(p, timers).report("menu", "collect", mark, **BAD[mark])
    ends(p, "decline")


@pytest.mark.parametrize("takes", TAKES)
@barge_in
def test_silence_that_is_counted_from_the_beginning_may_end_during_the_prompt(takes: str, barge_in: bool) -> None:
    p = prompting(takes, barge_in, "now")
    p.report("menu", "collect", "no_input")
    if barge_in:
        begins(p, "Hello? One?", "now", answered=p.sent("calling.play.stop"))
    else:
        p.at("menu").report("menu", "play", "finished")
        begins(p, "Hello? One?", "now")
    prompted(p, "now").report("menu", "collect", "no_input")
    ends(p, "busy")
