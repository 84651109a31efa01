"""Whole calls in virtual time: what the person does and what goes wrong come in, an outcome comes out."""

import time
from typing import Any

import pytest

from engine.exchange.caller import Decides, HangsUp, Hears, Line, Marks, Presses, Says, Silent
from engine.exchange.decisions import Verdict
from engine.exchange.faults import Fault
from engine.simulate import simulate
from engine.simulate.outcome import Outcome, Transition
from engine.simulate.scenario import Replies, Reply, Scenario, Signal
from engine.simulate.transcript import replay
from tests.playbooks.machine import compiled

MENU = """
start: menu
steps:
  menu:
    ask:
      prompt: "Press one or two."
      digits: {max: 1}
      choices: {one: {keys: ["1"]}, two: {keys: ["2"]}}
      reprompt: {no_input: ["I heard nothing."]}
    next: {one: thanks, otherwise: bye}
  thanks:
    play: "Thank you."
    next: bye
  bye:
    end: hangup
"""
FETCHING = """
uses: {api: url}
vars: {said: ""}
start: look
steps:
  look:
    fetch:
      url: "${{ uses.api }}/who"
      timeout: 4s
      retry: {times: 1, backoff: 500ms}
      returns: {name: string}
    next: {ok: note, otherwise: bye}
  note:
    set: {said: steps.look.body.name}
    next: bye
  bye:
    end: hangup
"""
SIGNALLED = """
signals: {ready: {text: string}}
start: hold
steps:
  hold:
    wait: {signal: ready, timeout: 60s}
    next: {done: tell, timeout: bye}
  tell:
    play: "${{ signal.text }}"
    next: bye
  bye:
    end: hangup
"""
OUTBOUND = """
outbound: {from: "+15550100", timeout: 20}
inputs: {name: {type: string}}
start: hello
steps:
  hello:
    play: "Hello ${{ inputs.name }}."
    next: bye
  bye:
    end: hangup
"""


ONE = (Hears(text="press one"), Presses(digits="1"))


def call(text: str, *script: Line, **given: Any) -> Outcome:
    """A call of the flow; nothing may be wrong with Offhook in it."""
    found = simulate(compiled(text), Scenario(script=script, **given))
    assert not found.broken
    return found


def test_a_caller_who_answers_goes_the_way_of_the_answer() -> None:
    found = call(MENU, *ONE)
    assert found.ended == "hangup"
    assert found.path == ("menu", "thanks", "bye")
    assert found.heard == ("Press one or two.", "Thank you.")
    assert found.outcomes["menu"] == "one"
    assert found.transitions == (
        Transition("story", "menu", "one", "thanks"),
        Transition("story", "thanks", "finished", "bye"),
    )
    assert not any((found.stuck, found.open, found.unread))


def test_a_silent_caller_takes_virtual_time_only() -> None:
    found = call(MENU)
    assert found.heard == ("Press one or two.", *("I heard nothing.", "Press one or two.") * 2)
    assert found.outcomes["menu"] == "no_input"
    assert found.transcript[-1].at_ms > 12_000


def test_commands_are_told_with_their_params() -> None:
    found = call(MENU, *ONE)
    assert [one.command for one in found.commands][:2] == ["calling.collect", "calling.play"]
    assert found.commands[0].params["digits"] == {"max": 1}


@pytest.mark.parametrize("do", ["drop", "duplicate", "delay", "reorder"])
def test_what_happens_to_webhooks_changes_nothing_for_the_caller(do: Any) -> None:
    faults = (Fault(kind="play.finished", do=do), Fault(kind="collect.*", do="duplicate", nth=0))
    found = call(MENU, *ONE, faults=faults)
    assert found.ended == "hangup"
    assert found.path == ("menu", "thanks", "bye")
    assert found.happened != call(MENU, *ONE).happened


@pytest.mark.parametrize("do", ["429", "500", "html", "late", "reset", "execute_hang"])
def test_the_client_gets_a_command_through_as_it_does_live(do: Any) -> None:
    found = call(MENU, *ONE, faults=(Fault(kind="calling.play", do=do),))
    assert found.path == ("menu", "thanks", "bye")
    assert found.happened != call(MENU, *ONE).happened


def test_a_refused_command_is_the_outcome_rejected() -> None:
    found = call(MENU, faults=(Fault(kind="calling.collect", do="422"),))
    assert found.ended == "rejected"
    assert found.outcomes == {"menu": "rejected"}


def test_replies_to_a_fetch_are_taken_in_their_order() -> None:
    replies = {"look": Replies(each=(Reply(status=503), Reply(body={"name": "Kim"}, after_ms=1_000)))}
    found = call(FETCHING, uses={"api": "https://api.example.com"}, replies=replies)
    assert found.vars == {"said": "Kim"}
    assert [one.request.url for one in found.fetches] == ["https://api.example.com/who"] * 2
    assert found.unused == ()


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(kind="timeout"), "timeout"),
        (Reply(kind="unreachable"), "failed"),
        (Reply(status=404), "http_404"),
        (Reply(text="<html>"), "invalid"),
        (Reply(body={"name": "Kim"}, after_ms=9_000), "timeout"),
    ],
)
def test_a_reply_has_the_outcome_that_it_has_live(reply: Reply, outcome: str) -> None:
    uses = {"api": "https://api.example.com"}
    replies = {"https://api.example.com/who": Replies(each=(reply,), again=True)}
    assert call(FETCHING, uses=uses, replies=replies).outcomes["look"] == outcome


def test_a_fetch_without_a_reply_is_told() -> None:
    replies = {"other": Replies(each=(Reply(),))}
    found = call(FETCHING, uses={"api": "https://api.example.com"}, replies=replies)
    assert [one.given for one in found.fetches] == [False, False]
    assert found.unused == ("other",)


def test_a_signal_comes_where_the_script_has_its_mark() -> None:
    signals = {"now": Signal(name="ready", payload={"text": "Your table is free."})}
    found = call(SIGNALLED, Silent(ms=5_000), Marks(name="now"), signals=signals)
    assert found.heard == ("Your table is free.",)
    entered = next(line for line in found.transcript if line.what == "entered" and line.step == "tell")
    assert entered.at_ms == 5_000


def test_an_outbound_flow_calls_the_person() -> None:
    found = call(OUTBOUND, Hears(text="hello kim"), HangsUp(), inputs={"name": "Kim"})
    assert found.heard == ("Hello Kim.",)
    assert found.commands[0].command == "dial"


@pytest.mark.parametrize(
    ("answers", "ended"),
    [("busy", "busy"), ("no_answer", "no_answer"), ("declines", "decline"), ("not_found", "not_found")],
)
def test_an_outbound_call_that_is_not_answered_ends_with_its_reason(answers: Any, ended: str) -> None:
    found = call(OUTBOUND, Hears(text="hello"), inputs={"name": "Kim"}, answers=answers)
    assert found.ended == ended
    assert found.path == ()
    assert found.unread == (Hears(text="hello"),)


def test_a_machine_is_detected() -> None:
    text = """
start: who
steps:
  who:
    detect: {type: machine, timeout: 20}
    next: {machine_ready: message, otherwise: bye}
  message:
    play: "Please call us."
    next: bye
  bye:
    end: hangup
"""
    assert call(text, detected="machine").path == ("who", "message", "bye")


def test_a_call_comes_back_from_swml() -> None:
    text = """
start: desk
steps:
  desk:
    connect: {to: "+15550142", timeout: 20}
    next: {bridge_ended: thanks, otherwise: sorry}
  thanks:
    play: "Thank you."
    next: bye
  sorry:
    play: "Nobody is there."
    next: bye
  bye:
    end: hangup
"""
    talks = Decides(about="bridge", verdict=Verdict(word="talks", talk_ms=60_000))
    busy = Decides(about="bridge", verdict=Verdict(word="busy"))
    assert call(text, talks).path == ("desk", "thanks", "bye")
    assert call(text, busy).path == ("desk", "sorry", "bye")


def test_a_call_that_was_handed_on_is_followed_to_its_end() -> None:
    text = "start: away\nsteps:\n  away:\n    redirect: {swml: desk.json}\n"
    found = call(text, Decides(about="bridge", verdict=Verdict(word="talks")))
    assert found.ended == "redirected"
    assert (found.open, found.unread) == ((), ())


def test_steps_of_a_subflow_are_told_apart() -> None:
    text = """
start: sub
steps:
  sub:
    subflow: {flow: inner}
    next: {good: bye}
  bye:
    end: hangup
"""
    inner = "start: one\nsteps:\n  one:\n    play: Hi.\n    next: two\n  two:\n    return: {outcome: good}\n"
    found = simulate(compiled(text, inner=inner), Scenario())
    assert found.path == ("sub", "inner/one", "inner/two", "bye")
    assert Transition("inner", "one", "finished", "two") in found.transitions
    assert Transition("story", "sub", "good", "bye") in found.transitions


def test_a_message_of_a_caller_who_hangs_up_is_kept() -> None:
    text = """
start: message
steps:
  message:
    record: {max_length: 60}
    next: bye
  bye:
    end: hangup
"""
    found = call(text, Silent(ms=1_000), Says(text="It is me", duration_ms=3_000), Silent(ms=1_000), HangsUp())
    assert found.path == ("message", "bye")
    assert len(found.recordings) == 1


def test_a_call_that_nobody_ends_is_left_open() -> None:
    assert call("start: over\nsteps:\n  over:\n    end: done\n").open == ("+15550100",)


def test_lines_that_are_never_come_to_are_unread() -> None:
    assert call(MENU, Hears(text="press nine"), Presses(digits="9")).unread == (
        Hears(text="press nine"),
        Presses(digits="9"),
    )


def test_a_call_that_does_not_end_in_its_time_is_given_up() -> None:
    found = call(SIGNALLED, max_ms=30_000)
    assert found.ended == ""
    assert "0.5 minutes" in found.stuck


def test_a_call_with_too_many_events_is_given_up() -> None:
    assert "10 events" in call(MENU, max_events=10).stuck


def test_the_same_scenario_has_the_same_outcome_and_replays() -> None:
    graph = compiled(MENU)
    scenario = Scenario(script=ONE)
    found = simulate(graph, scenario)
    assert simulate(graph, scenario) == found
    taken = [one for one in found.happened if isinstance(one, tuple)]
    again = list(replay(graph, [event for event, _ in taken], uses={}, presence_ms=30_000))
    assert again == taken


def test_a_call_costs_a_few_milliseconds() -> None:
    graph = compiled(MENU)
    scenario = Scenario(script=ONE)
    took = []
    for _ in range(15):
        began = time.process_time()
        simulate(graph, scenario)
        took.append(time.process_time() - began)
    assert sorted(took)[7] < 0.02
