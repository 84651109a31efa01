"""`connect` of SWML: who is rung, what becomes of it, what the document knows of it afterwards."""

from typing import Any

import pytest

from engine.exchange.caller import Decides, HangsUp, Silent
from engine.exchange.decisions import Verdict
from engine.exchange.effects import FetchSwml, Progressed
from engine.exchange.inputs import SwmlAnswered
from tests.unit.exchange.playbook import HOOK, PARKED, Playbook, marks
from tests.unit.exchange.test_swml import answered_with

DESK = "+15550142"
HOME = "+15550143"
BACK = "https://flows.test/back"


def connecting(*script: Any, book: Playbook | None = None, **connect: Any) -> Playbook:
    """A call that is being connected, and asks `BACK` what to do afterwards."""
    book = (book or Playbook()).parked(*script)
    to = {} if {"serial", "parallel", "serial_parallel"} & set(connect) else {"to": DESK}
    back = {"dest": BACK, "params": {"outcome": "${connect_result}"}}
    book.redirect({"connect": {**to, **connect}}, {"transfer": back})
    return book


def vars_told(book: Playbook) -> dict[str, Any]:
    """The variables with which the document came back; the request must be there by now."""
    (fetch,) = book.of(FetchSwml)
    told: dict[str, Any] = fetch.body["vars"]
    return {name: value for name, value in told.items() if name.startswith("connect")}


def who(book: Playbook) -> list[str]:
    """What happened about others, in a word and a name each."""
    about = ("connecting", "connected", "not_connected", "disconnected")
    progressed = [effect for effect in book.all_effects if isinstance(effect, Progressed)]
    return [f"{effect.what} {effect.detail}" for effect in progressed if effect.what in about]


def test_somebody_answers_talks_and_hangs_up_and_the_document_goes_on() -> None:
    book = connecting()
    book.wait(5_000)
    assert book.progress[-1] == "connected"
    book.wait(29_999)
    assert book.progress[-1] == "connected"
    book.wait(1)
    assert who(book) == [f"connecting {DESK}", f"connected {DESK}", f"disconnected {DESK}"]
    assert vars_told(book) == {"connect_result": "connected"}
    assert book.asked_back["params"] == {"outcome": "connected"}


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("busy", "busy"), ("declines", "declined"), ("not_found", "error"), ("no_answer", "no_answer")],
)
def test_number_says_what_becomes_of_it(outcome: Any, reason: str) -> None:
    book = connecting(book=Playbook().set_callee(DESK, outcome=outcome, after_ms=200), timeout=20)
    book.wait(20_000 if outcome == "no_answer" else 200)
    assert vars_told(book) == {"connect_result": "failed", "connect_failed_reason": reason}
    assert book.call.state == "answered"


@pytest.mark.parametrize(("word", "reason"), [("no_answer", "noAnswer"), ("declined", "decline")])
def test_reason_may_be_written_otherwise(word: str, reason: str) -> None:
    book = connecting(book=Playbook(failed_reasons="camel"))
    book.decides("bridge", word, after_ms=0)
    assert vars_told(book)["connect_failed_reason"] == reason


def test_number_says_how_long_it_talks() -> None:
    book = connecting(book=Playbook().set_callee(DESK, after_ms=100, talk_ms=700))
    book.wait(799)
    assert book.of(FetchSwml) == []
    book.wait(1)
    assert vars_told(book) == {"connect_result": "connected"}


def test_nobody_answers_who_takes_longer_than_the_timeout() -> None:
    book = connecting(timeout=3)
    book.wait(3_000)
    assert vars_told(book)["connect_failed_reason"] == "no_answer"


def test_talk_is_no_longer_than_max_duration() -> None:
    book = connecting(max_duration=10)
    book.wait(15_000)
    assert vars_told(book) == {"connect_result": "connected"}


def test_decision_while_it_rings_counts_at_once() -> None:
    book = connecting()
    book.wait(1_000)
    book.decides("bridge", "busy")
    assert vars_told(book)["connect_failed_reason"] == "busy"


def test_decided_no_answer_takes_the_timeout() -> None:
    book = connecting(timeout=20)
    book.decides("bridge", "no_answer")
    book.wait(19_999)
    assert book.of(FetchSwml) == []
    book.wait(1)
    assert vars_told(book)["connect_failed_reason"] == "no_answer"


def test_peer_hangs_up_when_somebody_says_so() -> None:
    book = connecting()
    book.wait(6_000)
    book.decides("peer", "hangs_up")
    assert vars_told(book) == {"connect_result": "connected"}


def test_decisions_of_a_script_wait_until_they_are_asked_for() -> None:
    talks = Decides(about="bridge", verdict=Verdict(word="talks", talk_ms=60_000, after_ms=2_000))
    book = connecting(talks, Silent(ms=3_000), Decides(about="peer", verdict=Verdict(word="hangs_up")))
    book.wait(2_000)
    assert book.call.asks == "peer"
    book.wait(1_000)
    assert vars_told(book) == {"connect_result": "connected"}


def test_caller_who_hangs_up_ends_it_all() -> None:
    book = connecting(Silent(ms=8_000), HangsUp())
    book.run()
    assert (book.call.state, book.call.end_reason) == ("ended", "hangup")
    assert not any(isinstance(effect, FetchSwml) and effect.url == BACK for effect in book.all_effects)
    assert who(book)[-1] == f"disconnected {DESK}"


@pytest.mark.parametrize("after_ms", [2_000, 8_000])
def test_update_pulls_the_call_out_and_runs_the_new_document(after_ms: int) -> None:
    book = connecting()
    book.wait(after_ms)
    book.redirect({"play": {"url": "say:Sorry."}}, {"sleep": -1})
    book.run()
    assert book.heard == ["Sorry."]
    assert (book.call.operations, book.call.state) == ((), "answered")
    assert ("disconnected" in book.progress) == (after_ms > 5_000)


def test_update_with_a_url_counts_even_when_the_talk_ends_before_the_answer() -> None:
    book = connecting()
    book.wait(34_900)
    book.post("update", id=book.call_id, url="https://flows.test/new")
    (fetch,) = book.of(FetchSwml)
    book.wait(1_000)
    assert book.of(FetchSwml) == []
    book.give(SwmlAnswered(at_ms=book.now_ms, call_id=book.call_id, fetch=fetch.fetch, document=PARKED))
    assert (book.call.state, book.call.script) == ("answered", ())


def test_serial_rings_one_after_the_other() -> None:
    book = Playbook().set_callee(DESK, outcome="busy", after_ms=100)
    connecting(book=book, serial=[{"to": DESK}, {"to": HOME}])
    book.wait(5_100)
    assert who(book) == [f"connecting {DESK}", "not_connected busy", f"connecting {HOME}", f"connected {HOME}"]


def test_parallel_connects_the_first_who_answers() -> None:
    book = Playbook().set_callee(DESK, after_ms=900).set_callee(HOME, after_ms=600)
    connecting(book=book, parallel=[{"to": DESK}, {"to": HOME}])
    book.wait(900)
    assert who(book) == [f"connecting {DESK}, {HOME}", f"connected {HOME}"]


def test_parallel_fails_when_the_last_has_failed() -> None:
    book = Playbook().set_callee(DESK, outcome="busy", after_ms=100).set_callee(HOME, outcome="no_answer")
    connecting(book=book, parallel=[{"to": DESK}, {"to": HOME, "timeout": 9}])
    book.wait(8_999)
    assert book.of(FetchSwml) == []
    book.wait(1)
    assert vars_told(book)["connect_failed_reason"] == "no_answer"


def test_rounds_of_several() -> None:
    book = Playbook().set_callee(DESK, outcome="busy", after_ms=100)
    connecting(book=book, serial_parallel=[[{"to": DESK}], [{"to": HOME}, {"to": "+15550144"}]])
    book.run()
    assert who(book)[2] == f"connecting {HOME}, +15550144"


def test_result_chooses_by_the_result() -> None:
    result = {
        "case": {"connected": [{"play": {"url": "say:Welcome back."}}]},
        "default": [{"play": {"url": "say:No."}}],
    }
    for word, said in (("talks", "Welcome back."), ("busy", "No.")):
        book = connecting(result=result)
        book.decides("bridge", word)
        book.run()
        assert book.heard == [said]


def test_result_may_be_conditions() -> None:
    book = connecting(result=[{"when": "connect_failed_reason == 'busy'", "then": [{"hangup": {}}]}])
    book.decides("bridge", "busy")
    assert book.call.state == "ended"


def test_what_follows_the_bridge_is_done_only_after_one() -> None:
    book = connecting(transfer_after_bridge="https://flows.test/after")
    book.run()
    assert book.asked_back["vars"]["connect_result"] == "connected"
    assert book.call.url == "https://flows.test/after"
    book = connecting(transfer_after_bridge="https://flows.test/after")
    book.decides("bridge", "failed")
    assert book.call.url == BACK


def test_caller_is_answered_with_the_bridge_where_that_is_asked() -> None:
    book = answered_with({"connect": {"to": DESK, "answer_on_bridge": True}})
    assert book.progress == ["created", "connecting"]
    book.wait(5_000)
    assert book.progress == ["created", "connecting", "answered", "connected"]


def test_status_is_reported_where_it_is_asked_for() -> None:
    book = connecting(status_url=HOOK)
    book.run()
    assert marks(book, "connect") == ["connecting", "connected", "disconnected"]
    assert "call.answered" not in book.all_hooks
    book = connecting(status_url=HOOK)
    book.decides("bridge", "no_answer", after_ms=0)
    assert (book.bodies[-1]["connect_state"], book.bodies[-1]["failed_reason"]) == ("failed", "no_answer")


def test_nobody_to_ring_is_a_failure_at_once() -> None:
    book = connecting(to="")
    assert vars_told(book) == {"connect_result": "failed", "connect_failed_reason": "error"}


def test_an_earlier_failure_is_forgotten() -> None:
    book = Playbook().parked()
    book.redirect({"connect": {"to": DESK}}, {"connect": {"to": HOME}}, {"sleep": -1})
    book.decides("bridge", "busy")
    book.wait(5_000)
    assert book.call.vars["connect_result"] == "connected"
    assert "connect_failed_reason" not in book.call.vars


def test_ringback_is_heard() -> None:
    assert connecting(ringback=["ring:us", "silence:1"]).heard == ["us"]
