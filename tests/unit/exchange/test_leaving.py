"""Ways for a call to go elsewhere: refer, transfer, disconnect; and a word for whoever listens."""

from typing import Any

import pytest

from engine.exchange.effects import FetchSwml
from engine.exchange.inputs import CallPlaced, SwmlAnswered
from tests.unit.exchange.playbook import HOOK, NUMBER, PARKED, Playbook, code, logged, marks

DESK = "sip:desk@example.test"


def on_sip(**options: Any) -> Playbook:
    """A parked call from a SIP telephone."""
    book = Playbook(**options)
    book.give(CallPlaced(at_ms=0, to=NUMBER, from_="sip:kim@example.test"))
    (fetch,) = book.of(FetchSwml)
    book.call_id = fetch.call_id
    book.give(SwmlAnswered(at_ms=0, call_id=book.call_id, fetch=fetch.fetch, document=PARKED))
    return book


def refer(book: Playbook) -> int:
    device = {"type": "sip", "params": {"to": DESK}}
    return book.post("calling.refer", device=device, status_url=HOOK).status


def test_referred_call_is_over_here() -> None:
    book = on_sip()
    assert refer(book) == 200
    assert book.bodies[0]["state"] == "inProgress"
    book.run()
    assert marks(book, "refer") == ["inProgress", "success"]
    assert (book.call.state, book.call.end_reason) == ("ended", "hangup")


def test_body_of_a_success() -> None:
    book = on_sip(refer_success="stays")
    refer(book)
    book.wait(500)
    (body,) = book.bodies
    assert (body["sip_refer_to"], body["sip_refer_response_code"], body["sip_notify_response_code"]) == (
        DESK,
        "202",
        "200",
    )
    assert "control_id" not in body
    assert book.call.state == "answered"


@pytest.mark.parametrize(
    ("outcome", "state", "codes"),
    [
        ("busy", "busy", ("202", "486")),
        ("no_answer", "noAnswer", ("202", "408")),
        ("declines", "cancel", ("603", None)),
        ("not_found", "error", ("404", None)),
    ],
)
def test_call_goes_on_when_it_cannot_be_referred(outcome: str, state: str, codes: tuple[str, str | None]) -> None:
    book = on_sip().set_callee(DESK, outcome=outcome, after_ms=20)
    refer(book)
    book.wait(20)
    (body,) = book.bodies
    assert body["state"] == state
    assert (body["sip_refer_response_code"], body.get("sip_notify_response_code")) == codes
    assert book.call.state == "answered"
    assert refer(book) == 200


@pytest.mark.parametrize(("legs", "status"), [("sip", 422), ("any", 200)])
def test_only_sip_calls_are_referred_unless_chosen(legs: str, status: int) -> None:
    assert refer(Playbook(refer_legs=legs).parked()) == status


def test_second_refer_meanwhile_is_a_conflict() -> None:
    book = on_sip()
    refer(book)
    assert refer(book) == 409


@pytest.mark.parametrize("dest", ["+15550142", "sip:desk@example.test"])
def test_transferred_call_has_left(dest: str) -> None:
    book = Playbook().parked()
    book.say("a prompt")
    assert book.post("calling.transfer", dest=dest).status == 200
    assert (book.call.state, book.call.left, book.call.away) == ("answered", True, "transfer")
    assert "play.finished" in book.hooks
    assert book.call.steps == ()


def test_transfer_to_swml_runs_it() -> None:
    book = Playbook().parked()
    book.post("calling.transfer", dest={"sections": {"main": [{"play": {"url": "say:hello"}}]}})
    assert book.heard == ["hello"]
    book.post("calling.transfer", dest="https://flows.test/other")
    (fetch,) = book.of(FetchSwml)
    assert fetch.url == "https://flows.test/other"


def test_disconnected_call_goes_on_with_its_swml() -> None:
    book = Playbook().parked()
    book.redirect({"connect": {"to": "+1"}}, {"play": {"url": "say:back"}}, {"sleep": {"duration": -1}})
    book.wait(5_000)
    assert book.progress[-1] == "connected"
    assert book.post("calling.disconnect").status == 200
    assert (book.progress[-1], book.heard) == ("disconnected", ["back"])


@pytest.mark.parametrize(("redundant", "status"), [("accept", 200), ("refuse", 409)])
def test_disconnect_with_nobody_connected(redundant: str, status: int) -> None:
    book = Playbook(redundant=redundant).parked()
    assert book.post("calling.disconnect").status == status
    assert book.call.state == "answered"


def test_user_event_is_in_the_log_and_nowhere_else() -> None:
    book = Playbook().parked()
    assert book.post("calling.user_event", event={"a": 1, "name": "x"}).status == 200
    assert book.effects == ()
    assert logged(book)[-1] == "user_event"


def test_longest_duration_ends_a_call() -> None:
    book = Playbook().parked()
    book.redirect({"answer": {"max_duration": 30}}, {"sleep": {"duration": -1}})
    book.wait(29_999)
    assert book.call.state == "answered"
    book.wait(1)
    assert (book.call.state, book.call.end_reason) == ("ended", "max_duration")


def test_number_that_is_not_there() -> None:
    book = Playbook().set_callee("+15557777", outcome="not_found")
    book.dial()
    book.run()
    assert (book.call.state, book.call.end_reason) == ("ended", "not_found")
    assert code(book.post("update", id=book.call_id, status="completed")) == "cannot_update_completed"
