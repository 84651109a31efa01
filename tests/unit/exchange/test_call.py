"""Calls come, are driven, and go: inbound, dial, update, calling.end, hang-ups."""

from typing import Any

import pytest

from engine.exchange import answers
from engine.exchange.effects import FetchSwml
from engine.exchange.inputs import CalleeSet, CallPlaced, SwmlAnswered
from tests.unit.exchange.playbook import HOOK, NUMBER, PARKED, Playbook, code

AWAY: dict[str, Any] = {"sections": {"main": [{"join_room": {"name": "desk"}}]}}
ALL = ["created", "ringing", "answered", "ended"]


def dialled(book: Playbook, **params: Any) -> Playbook:
    more = {"swml": PARKED, "status_url": HOOK, "status_events": ALL, **params}
    answer = book.post("dial", **{"from": NUMBER, "to": "+15557777", **more})
    assert answer.status == 200
    book.call_id = str(answer.body["id"])
    return book


def test_inbound_call_asks_its_number_for_swml() -> None:
    book = Playbook()
    book.give(CallPlaced(at_ms=0, to=NUMBER, from_="+15559999"))
    (fetch,) = book.of(FetchSwml)
    assert fetch.url == "https://flows.test/swml"
    assert set(fetch.body) == {"call", "vars", "envs", "params"}
    call = fetch.body["call"]
    assert (call["to"], call["from"], call["direction"]) == (NUMBER, "+15559999", "inbound")
    assert {call["call_id"], call["node_id"], call["segment_id"]} == {
        book.state.calls[fetch.call_id].call_id,
        book.state.calls[fetch.call_id].node_id,
        book.state.calls[fetch.call_id].segment_id,
    }


def test_parked_call_stays_for_as_long_as_it_is_left_alone() -> None:
    book = Playbook().parked()
    book.wait(86_400_000)
    assert book.call.state == "answered"


def test_number_that_nobody_has_ends_the_call() -> None:
    book = Playbook()
    book.give(CallPlaced(at_ms=0, to="+1999", from_="+1"))
    assert [call.end_reason for call in book.state.calls.values()] == ["not_found"]


def test_swml_that_cannot_be_had_ends_the_call() -> None:
    book = Playbook()
    book.give(CallPlaced(at_ms=0, to=NUMBER, from_="+1"))
    (fetch,) = book.of(FetchSwml)
    book.give(SwmlAnswered(at_ms=5, call_id=fetch.call_id, fetch=fetch.fetch, failure="HTTP 500"))
    assert book.progress[-1] == "ended"


def test_hang_up_of_an_inbound_call_is_reported_nowhere() -> None:
    book = Playbook().parked()
    book.say("a prompt")
    book.collect(digits={"max": 4})
    book.hangs_up()
    assert book.hooks == []
    assert book.say("too late", "p2").status == 404


def test_hang_up_ends_live_operations_with_a_report_where_that_is_chosen() -> None:
    book = Playbook(report_on_hangup=True, inbound_call_state=True, inbound_status_url=HOOK).parked()
    book.say("a prompt")
    book.collect(digits={"max": 4})
    book.hangs_up()
    assert book.hooks == ["play.finished", "collect.finished", "call.ended"]
    assert book.bodies[-1]["end_reason"] == "hangup"


def test_end_ends_the_call_with_its_reason() -> None:
    book = Playbook().parked()
    assert book.post("calling.end", reason="busy").status == 200
    assert (book.call.state, book.call.end_reason) == ("ended", "busy")
    assert book.post("calling.end").status == 404


def test_dialled_call_reports_the_states_asked_for() -> None:
    book = dialled(Playbook())
    assert book.hooks == ["call.created"]
    book.run()
    assert book.all_hooks == ["call.created", "call.ringing", "call.answered"]
    book.post("calling.end")
    assert book.bodies[0]["end_reason"] == "hangup"


def test_dialled_call_reports_only_its_end_by_default() -> None:
    book = Playbook()
    answer = book.post("dial", **{"from": NUMBER, "to": "+1", "swml": PARKED, "status_url": HOOK})
    book.call_id = str(answer.body["id"])
    book.run()
    book.hangs_up()
    assert book.all_hooks == ["call.ended"]


@pytest.mark.parametrize(
    ("outcome", "reason", "status"),
    [("busy", "busy", "busy"), ("no_answer", "noAnswer", "no-answer"), ("declines", "decline", "busy")],
)
def test_dialled_call_that_nobody_takes_ends(outcome: Any, reason: str, status: str) -> None:
    book = Playbook()
    book.give(CalleeSet(at_ms=0, number="+15557777", outcome=outcome))
    dialled(book, timeout=20)
    book.run()
    assert book.call.end_reason == reason
    assert answers.status(book.call) == status
    assert book.now_ms <= 20_100


def test_dial_with_url_fetches_it_when_answered() -> None:
    book = Playbook()
    answer = book.post("dial", **{"from": NUMBER, "to": "+1", "url": "https://flows.test/out"})
    assert book.of(FetchSwml) == []
    book.run()
    (fetch,) = [effect for effect in book.all_effects if isinstance(effect, FetchSwml)]
    assert (fetch.url, fetch.call_id) == ("https://flows.test/out", answer.body["id"])


@pytest.mark.parametrize(
    ("params", "attribute"),
    [
        ({"from": "+1", "to": "+2"}, "params.url"),
        ({"from": "+1", "to": "+2", "url": "https://x.test", "swml": PARKED}, "params.url"),
        ({"from": "+1", "url": "https://x.test"}, "params.to"),
        ({"to": "+1", "url": "https://x.test"}, "params.from"),
        ({"from": "+1", "to": "+2", "swml": PARKED, "timeout": 601}, "params.timeout"),
        ({"from": "+1", "to": "+2", "swml": PARKED, "status_events": ["dead"]}, "params.status_events[0]"),
        (
            {"from": "+1", "to": "+2", "swml": PARKED, "custom_variables": {"SW_x": "1"}},
            "params.custom_variables.SW_x",
        ),
        ({"from": "+1", "to": "+2", "swml": PARKED, "custom_variables": {"x": ""}}, "params.custom_variables.x"),
    ],
)
def test_dial_with_wrong_params_is_422(params: dict[str, Any], attribute: str) -> None:
    answer = Playbook().post("dial", **params)
    assert answer.status == 422
    assert answer.body["errors"][0]["attribute"] == attribute


@pytest.mark.parametrize(
    ("state", "update", "expected"),
    [
        ("ringing", {"status": "canceled"}, ""),
        ("ringing", {"status": "completed"}, "call_update_failed"),
        ("ringing", {"swml": PARKED}, "cannot_redirect_not_in_progress"),
        ("ringing", {"url": "https://x.test"}, "cannot_redirect_not_in_progress"),
        ("answered", {"status": "canceled"}, "cannot_cancel_in_progress"),
        ("answered", {"status": "completed"}, ""),
        ("answered", {"swml": AWAY}, ""),
        ("answered", {"url": "https://x.test"}, ""),
        ("answered", {}, "missing_required_parameter"),
        ("ended", {"status": "completed"}, "cannot_update_completed"),
        ("ended", {"status": "canceled"}, "cannot_update_completed"),
        ("ended", {"swml": PARKED}, "cannot_update_completed"),
    ],
)
def test_update_is_allowed_in_some_states_only(state: str, update: dict[str, Any], expected: str) -> None:
    book = dialled(Playbook())
    book.wait(100)
    if state != "ringing":
        book.run()
    if state == "ended":
        book.hangs_up()
    answer = book.post("update", id=book.call_id, **update)
    assert answer.status == (422 if expected else 200)
    assert not expected or code(answer) == expected


def test_update_of_an_unknown_call_is_404() -> None:
    nobody = "0e9c80d7-a149-4917-892d-420043709f45"
    assert Playbook().post("update", id=nobody, status="completed").status == 404
    assert code(Playbook().post("update", id="nobody", status="completed")) == "invalid_call_id_passed"


def test_redirect_stops_prompts_and_collects_and_lets_recordings_live() -> None:
    book = Playbook().parked()
    book.record(initial_timeout=0)
    book.say("a prompt")
    book.collect(digits={"max": 4})
    book.post("update", id=book.call_id, swml=AWAY)
    assert book.hooks == ["play.finished", "collect.no_input"]
    assert [operation.control_id for operation in book.call.operations] == ["r"]
    assert (book.call.left, book.call.document) == (True, AWAY)
    assert book.call.state == "answered"
    assert book.say("still here", "p2").status == 200


def test_redirect_to_a_url_brings_the_call_back_under_control() -> None:
    book = Playbook().parked()
    book.post("update", id=book.call_id, swml=AWAY)
    book.post("update", id=book.call_id, url="https://flows.test/resume")
    (fetch,) = book.of(FetchSwml)
    assert fetch.body["call"]["call_state"] == "answered"
    book.give(SwmlAnswered(at_ms=0, call_id=book.call_id, fetch=fetch.fetch, document=PARKED))
    assert book.call.left is False


def test_late_answer_to_an_older_question_is_nothing() -> None:
    book = Playbook().parked()
    book.post("update", id=book.call_id, url="https://flows.test/one")
    (one,) = book.of(FetchSwml)
    book.post("update", id=book.call_id, url="https://flows.test/two")
    book.give(SwmlAnswered(at_ms=0, call_id=book.call_id, fetch=one.fetch, document=AWAY))
    assert book.call.left is False


def test_ids_are_the_same_for_the_same_seed_and_differ_from_each_other() -> None:
    first, second = dialled(Playbook()), dialled(Playbook())
    assert first.call_id == second.call_id
    assert len({first.call.call_id, first.call.node_id, first.call.segment_id}) == 3


def test_old_calls_are_forgotten() -> None:
    book = Playbook(keep_ended=2)
    for _ in range(4):
        book.parked()
        book.hangs_up()
    assert len(book.state.calls) == 2
