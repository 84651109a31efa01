"""An AI on the call, and one beside it."""

from typing import Any

import pytest

from engine.exchange.effects import Deliver
from tests.unit.exchange.playbook import HOOK, Playbook, code, logged

ORDERS: list[tuple[str, dict[str, Any]]] = [
    ("calling.ai_hold", {"timeout": "60"}),
    ("calling.ai_unhold", {}),
    ("calling.ai_message", {"role": "system", "message_text": "Be brief."}),
    ("calling.ai.stop", {}),
]
SIDECAR: list[tuple[str, dict[str, Any]]] = [
    ("calling.ai_sidecar.poke", {"text": "x"}),
    ("calling.ai_sidecar.ask", {"text": "x"}),
    ("calling.ai_sidecar.status", {}),
    ("calling.ai_sidecar.stop", {}),
]


def talking(**options: Any) -> Playbook:
    """A call whose SWML has put an AI on it."""
    book = Playbook(**options).parked()
    book.redirect({"ai": {"control_id": "a"}}, {"sleep": {"duration": -1}})
    return book


@pytest.mark.parametrize(("session", "status"), [("needed", 404), ("any", 200)])
@pytest.mark.parametrize(("command", "params"), ORDERS)
def test_order_to_an_ai_that_is_not_there(command: str, params: dict[str, Any], session: str, status: int) -> None:
    assert Playbook(ai_session=session).parked().post(command, **params).status == status


@pytest.mark.parametrize(("command", "params"), ORDERS)
def test_order_to_an_ai_is_accepted(command: str, params: dict[str, Any]) -> None:
    assert talking().post(command, **params).status == 200


def test_hold_is_over_after_its_timeout() -> None:
    book = talking()
    book.post("calling.ai_hold", timeout="60")
    book.wait(59_999)
    assert logged(book)[-1] == "ai.held"
    book.wait(1)
    assert logged(book)[-1] == "ai.unheld"


def test_hold_can_be_ended_before() -> None:
    book = talking()
    book.post("calling.ai_hold", timeout="60")
    book.post("calling.ai_unhold")
    before = logged(book)
    book.wait(60_000)
    assert logged(book) == before


def test_timeout_of_a_hold_is_text() -> None:
    answer = talking().post("calling.ai_hold", timeout=300)
    assert (answer.status, code(answer)) == (422, "invalid_parameter")


def test_stopped_ai_leaves_the_call_to_its_swml() -> None:
    book = talking()
    assert book.post("calling.ai.stop", control_id="other").status == 404
    assert book.post("calling.ai.stop", control_id="a").status == 200
    assert (book.call.left, book.call.state) == (False, "answered")


def test_ai_ends_with_the_swml_that_started_it() -> None:
    book = talking()
    book.redirect({"sleep": {"duration": -1}})
    assert book.call.operations == ()


@pytest.mark.parametrize(("command", "params"), SIDECAR)
def test_order_to_a_sidecar_that_is_not_there_is_404(command: str, params: dict[str, Any]) -> None:
    assert Playbook().parked().post(command, **params).status == 404


@pytest.mark.parametrize(("url", "hooks"), [({"url": HOOK}, ["ai_sidecar.answered"]), ({}, [])])
def test_ask_has_an_id_that_its_answer_repeats(url: dict[str, str], hooks: list[str]) -> None:
    book = Playbook(ask_ms=700).parked()
    book.post("calling.ai_sidecar", lang="en-US", **url)
    asked = book.post("calling.ai_sidecar.ask", text="What does she want?")
    assert asked.body["id"] == book.call_id
    book.wait(700)
    assert book.hooks == hooks
    assert [body["ask_id"] for body in book.bodies] == [asked.body["ask_id"]] * len(hooks)


def test_status_is_one_line() -> None:
    book = Playbook().parked()
    book.post("calling.ai_sidecar", lang="en-US")
    book.post("calling.ai_sidecar.poke", text="She is a member.")
    line = book.post("calling.ai_sidecar.status").body["status_line"]
    assert line == "+OK state=listening uptime_ms=0 asks=0 pokes=1"


def test_status_may_be_the_whole_answer() -> None:
    book = Playbook(sidecar_answers="text").parked()
    book.post("calling.ai_sidecar", lang="en-US")
    answer = book.post("calling.ai_sidecar.status")
    assert (answer.content_type, answer.text[:4]) == ("text/plain", "+OK ")


def test_sidecar_with_an_action_only_sums_up() -> None:
    book = Playbook().parked()
    answer = book.post("calling.ai_sidecar", lang="en-US", action={"summarize": {"webhook": HOOK}})
    assert answer.status == 200
    assert book.call.operations == ()
    assert [delivery.kind for delivery in book.of(Deliver)] == ["ai_sidecar.summary"]
