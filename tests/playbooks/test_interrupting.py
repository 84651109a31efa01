"""Signals and the limit `call` that come when the run may not be interrupted: put off, and taken up as soon as it may."""

import pytest

from tests.playbooks.machine import CALL_ID
from tests.playbooks.playbook import Playbook, call, dialling

ONCE = """
signals: {note: {text: string}}
limits: {call: 2m, next: landed}
start: once
steps:
  once:
    STEP
  rest: {wait: 1m, next: bye}
  say_note: {play: "A note: ${{ signal.text }}.", next: resume}
  landed: {play: "Sorry.", next: bye}
  bye: {end: hangup}
handlers: {signal.note: say_note}
"""
DIAL = 'dial: {from: "+15550100", to: "+15550142", url: "https://example.com/answered"}\n    next: rest'
REDIRECT = 'redirect: {url: "https://example.com/queue"}\n    next: {failures: rest}'
TRANSFER = 'transfer: {dest: "+15550190"}\n    next: {failures: rest}'
RECORD = "record: {beep: true}\n    background: true\n    next: rest"
CONNECT = 'connect: {to: "+15550190"}\n    next: {failures: rest, otherwise: rest}'
REFER = (
    'refer: {device: {type: sip, params: {to: "sip:sales@example.com"}}}\n    next: {otherwise: rest, failures: rest}'
)
CLEANS = """
start: hi
uses: {api: url}
steps:
  hi: {wait: 3s, next: back}
  back: {return: ok}
finally:
  - fetch: {method: POST, url: "${{ uses.api }}/clean", timeout: 20s}
"""
CALLS = """
uses: {api: url}
signals: {note: {text: string}}
limits: {call: 10s, next: landed}
start: sub
steps:
  sub: {subflow: {flow: cleans}, next: {ok: STEP}}
  rest: {wait: 40s, next: bye}
  say_note: {play: "A note: ${{ signal.text }}.", next: resume}
  landed: {play: "Sorry.", next: bye}
  bye: {end: hangup}
handlers: {signal.note: say_note}
"""
RINGS = """
outbound: {from: "+15550100"}
signals: {note: {text: string}}
start: prepare
vars: {n: 0}
steps:
  prepare: {set: {n: 1}, next: hello}
  hello: {play: "Hello.", next: bye}
  say_note: {play: "A note: ${{ signal.text }}, ${{ vars.n }}.", next: resume}
  bye: {end: hangup}
handlers: {signal.note: say_note}
"""
URL = "https://api.example.com"


def once(step: str) -> Playbook:
    return call(ONCE.replace("STEP", step))


def cleaning(then: str = "rest") -> Playbook:
    return call(CALLS.replace("STEP", then), uses={"api": URL}, cleans=CLEANS).passes("3s")


def note_is_said(p: Playbook, says: str = "A note: five minutes") -> Playbook:
    p.says(says).accepted()
    return p.report("say_note", "play", "finished")


@pytest.mark.parametrize(("step", "command"), [(REDIRECT, "update"), (TRANSFER, "calling.transfer")])
def test_signal_waits_for_the_answer_that_takes_the_call_away(step: str, command: str) -> None:
    p = once(step)
    leaves = p.sent(command)
    p.signals("note", text="five minutes").at("once")
    leaves.accepted()
    p.ended("redirected")


@pytest.mark.parametrize(("step", "command"), [(REDIRECT, "update"), (TRANSFER, "calling.transfer")])
def test_limit_waits_for_the_answer_that_takes_the_call_away(step: str, command: str) -> None:
    p = call(ONCE.replace("STEP", step).replace("2m", "5s"))
    leaves = p.sent(command)
    p.passes("6s").at("once")
    leaves.accepted()
    p.ended("redirected")


def test_signal_comes_when_a_dial_is_answered_and_it_is_not_sent_again() -> None:
    p = once(DIAL)
    dial = p.sent("dial")
    p.signals("note", text="five minutes").at("once")
    dial.accepted()
    note_is_said(p).at("rest")


def test_limit_lands_when_a_dial_is_answered() -> None:
    p = call(ONCE.replace("STEP", DIAL).replace("2m", "5s"))
    dial = p.sent("dial")
    p.passes("6s").at("once")
    dial.accepted()
    p.says("Sorry.").accepted()


def test_signal_comes_when_a_redirect_is_refused_or_lost() -> None:
    for how in ("rejected", "unanswered"):
        p = once(REDIRECT)
        leaves = p.sent("update")
        p.signals("note", text="five minutes").at("once")
        getattr(leaves, how)()
        note_is_said(p).at("rest")


def test_signal_comes_when_an_answer_is_waited_for_no_longer() -> None:
    p = once(REDIRECT)
    p.sent("update")
    p.signals("note", text="five minutes").at("once")
    p.passes("30s").looks_up().found("answered")
    p.passes_until_asked()
    p.says("A note: five minutes")


def test_recording_in_the_background_is_begun_once() -> None:
    p = once(RECORD)
    record = p.sent("calling.record")
    p.signals("note", text="five minutes").at("once")
    record.accepted()
    note_is_said(p).at("rest")


def test_excursion_is_fetched_back_when_it_is_accepted() -> None:
    p = once(CONNECT)
    leaves = p.sent("update")
    p.signals("note", text="five minutes").at("once")
    leaves.accepted()
    back, note = p.sent("update"), p.says("A note: five minutes")
    back.accepted()
    note.accepted()


def test_refer_is_over_before_it_is_interrupted() -> None:
    p = once(REFER)
    p.sent("calling.refer").accepted()
    p.signals("note", text="five minutes").at("once")
    p.report("once", "refer", "busy")
    note_is_said(p).at("rest")


def test_signal_while_the_call_rings_comes_when_it_is_answered() -> None:
    p = dialling(RINGS)
    p.sent("dial").accepted(id=CALL_ID)
    p.signals("note", text="five minutes").signals("note", text="ten minutes")
    p.call_state("answered", call_id=CALL_ID)
    note_is_said(p, "A note: ten minutes, 1.")
    p.says("Hello.").accepted()
    assert p.visits("hello") == 1


def test_signal_while_the_call_rings_is_for_the_step_that_waits_for_it() -> None:
    p = dialling(RINGS.replace('play: "Hello."', "wait: {signal: note}"))
    p.sent("dial").accepted(id=CALL_ID)
    p.signals("note", text="five minutes").call_state("answered", call_id=CALL_ID)
    p.sent("calling.end")


def test_signal_while_the_call_rings_and_nobody_answers_is_nothing() -> None:
    p = dialling(RINGS)
    p.sent("dial").accepted(id=CALL_ID)
    p.signals("note", text="five minutes").call_state("ended", call_id=CALL_ID, end_reason="busy").ended("busy")


@pytest.mark.parametrize("then", ["rest", "bye"])
def test_signal_in_the_finally_of_a_subflow_comes_when_it_is_over(then: str) -> None:
    p = cleaning(then)
    clean = p.fetches(f"{URL}/clean")
    p.signals("note", text="five minutes").nothing()
    clean.replied(200)
    p.says("A note: five minutes")


@pytest.mark.parametrize("then", ["rest", "bye"])
def test_limit_in_the_finally_of_a_subflow_lands_when_it_is_over(then: str) -> None:
    p = cleaning(then)
    clean = p.fetches(f"{URL}/clean")
    p.passes("9s").nothing()
    clean.replied(200)
    p.says("Sorry.").accepted()


def test_signal_and_limit_come_in_their_order() -> None:
    p = cleaning()
    clean = p.fetches(f"{URL}/clean")
    p.signals("note", text="five minutes").passes("9s")
    clean.replied(200)
    p.says("Sorry.").accepted()
    assert p.state.signal == {"text": "five minutes"}


def test_hang_up_in_the_finally_of_a_subflow_comes_before_what_was_put_off() -> None:
    p = cleaning()
    clean = p.fetches(f"{URL}/clean")
    p.signals("note", text="five minutes").passes("9s").call_state("ended", end_reason="hangup")
    clean.replied(200)
    p.ended("hangup")


ASKS = """
uses: {api: url}
signals: {note: {text: string}}
start: book
steps:
  book: {fetch: {method: POST, url: "${{ uses.api }}/book", retry: {times: 1, backoff: 2s}, timeout: 5s}, next: THEN}
  say_note: {play: "A note: ${{ signal.text }}.", next: resume}
  bye: {end: hangup}
handlers: {signal.note: say_note}
"""


def booking(then: str = "{ok: bye, otherwise: bye}") -> Playbook:
    return call(ASKS.replace("THEN", then), uses={"api": URL})


def test_request_that_is_repeated_after_a_handler_has_the_same_key() -> None:
    p = booking()
    keys = []
    for _ in range(3):
        keys.append(p.fetches(f"{URL}/book").command.key)
        note_is_said(p.signals("note", text="five minutes"))
    again = p.fetches(f"{URL}/book")
    again.happened("failed")
    p.passes("2s")
    last = p.fetches(f"{URL}/book")
    assert {*keys, again.command.key, last.command.key} == {f"{p.state.run_id}.0.book.1.1.fetch"}
    assert p.visits("book") == 4
    last.replied(200)
    p.sent("calling.end")


def test_request_between_whose_attempts_a_handler_came_has_the_same_key() -> None:
    p = booking()
    first = p.fetches(f"{URL}/book")
    first.happened("failed")
    note_is_said(p.signals("note", text="five minutes"))
    assert p.fetches(f"{URL}/book").command.key == first.command.key


def test_request_of_another_visit_has_another_key() -> None:
    p = booking("{ok: book, otherwise: bye}")
    first = p.fetches(f"{URL}/book")
    note_is_said(p.signals("note", text="five minutes"))
    p.fetches(f"{URL}/book").replied(200)
    assert p.fetches(f"{URL}/book").command.key == f"{p.state.run_id}.0.book.3.1.fetch" != first.command.key


def test_request_that_a_hang_up_interrupts_has_the_same_key_when_it_is_repeated() -> None:
    gone = "  gone: {wait: {signal: note, timeout: 1s}, next: {done: book, timeout: resume}}\nhandlers: {hangup: gone, "
    flow = ASKS.replace("THEN", "{ok: bye, otherwise: bye}").replace("handlers: {", gone)
    p = call(flow, uses={"api": URL})
    first = p.fetches(f"{URL}/book")
    p.call_state("ended", end_reason="hangup").at("gone").passes("1s")
    again = p.fetches(f"{URL}/book")
    assert again.command.key == first.command.key
    again.replied(200).ended("hangup")


def test_request_that_is_about_to_be_repeated_keeps_its_key_when_another_signal_comes_before() -> None:
    invite = f"  invite:\n    {DIAL.replace('rest', 'resume')}\nhandlers: {{signal.room: invite, "
    flow = ASKS.replace("THEN", "{ok: bye, otherwise: bye}").replace("handlers: {", invite)
    p = call(flow.replace("text: string}}", "text: string}, room: {text: string}}"), uses={"api": URL})
    first = p.fetches(f"{URL}/book")
    dial = p.signals("room", text="four").sent("dial")
    p.signals("note", text="five minutes")
    dial.accepted()
    note_is_said(p)
    assert p.fetches(f"{URL}/book").command.key == first.command.key
