"""What may be done to a call in which state: `update` with its four rules, and the commands on a call."""

from typing import Any

import pytest

from engine.exchange.table import COMMANDS
from tests.unit.exchange.playbook import PARKED, Playbook, code

UPDATES: dict[str, dict[str, Any]] = {
    "cancel": {"status": "canceled"},
    "complete": {"status": "completed"},
    "url": {"url": "https://flows.test/other"},
    "swml": {"swml": PARKED},
    "complete_with_url": {"status": "completed", "url": "https://flows.test/other"},
}
OK = ""
RULES: dict[str, dict[str, str]] = {
    "created": {
        "cancel": OK,
        "complete": "call_update_failed",
        "url": "cannot_redirect_not_in_progress",
        "swml": "cannot_redirect_not_in_progress",
        "complete_with_url": "call_update_failed",
    },
    "ringing": {
        "cancel": OK,
        "complete": "call_update_failed",
        "url": "cannot_redirect_not_in_progress",
        "swml": "cannot_redirect_not_in_progress",
        "complete_with_url": "call_update_failed",
    },
    "answered": {
        "cancel": "cannot_cancel_in_progress",
        "complete": OK,
        "url": OK,
        "swml": OK,
        "complete_with_url": OK,
    },
    "ending": {
        "cancel": "call_update_failed",
        "complete": "call_update_failed",
        "url": "cannot_redirect_not_in_progress",
        "swml": "cannot_redirect_not_in_progress",
        "complete_with_url": "call_update_failed",
    },
    "ended": dict.fromkeys(UPDATES, "cannot_update_completed"),
}
ENDINGS = ("busy", "declines", "no_answer", "not_found", "canceled", "completed")
"""Every way for a leg to be in a terminal state."""


def in_state(state: str, **options: Any) -> Playbook:
    """A dialled call in that state."""
    book = Playbook(ending_ms=500, **options)
    book.dial()
    if state != "created":
        book.wait(100)
    if state in ("answered", "ending", "ended"):
        book.wait(2_000)
    if state in ("ending", "ended"):
        book.hangs_up()
    if state == "ended":
        book.wait(500)
    assert book.call.state == state
    return book


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("state", RULES)
def test_update_by_state(state: str, update: str) -> None:
    book = in_state(state)
    before = book.call
    answer = book.post("update", id=book.call_id, **UPDATES[update])
    expected = RULES[state][update]
    if expected:
        assert (answer.status, code(answer)) == (422, expected)
        assert book.call == before
    else:
        assert answer.status == 200


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("ending", ENDINGS)
def test_leg_in_a_terminal_state_cannot_be_updated(ending: str, update: str) -> None:
    book = Playbook()
    if ending in ("canceled", "completed"):
        book.dial()
        book.wait(0 if ending == "canceled" else 3_000)
        assert book.post("update", id=book.call_id, status=ending).status == 200
    else:
        book.set_callee("+15557777", outcome=ending)
        book.dial(timeout=1)
        book.run()
    assert book.call.state == "ended"
    assert code(book.post("update", id=book.call_id, **UPDATES[update])) == "cannot_update_completed"


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"fallback_url": "https://flows.test/x", "status": "completed"},
        {"url": "https://flows.test/x", "swml": PARKED},
    ],
)
def test_update_that_does_not_say_what_to_do_is_refused(params: dict[str, Any]) -> None:
    book = in_state("answered")
    assert book.post("update", id=book.call_id, **params).status == 422
    assert book.call.state == "answered"


@pytest.mark.parametrize(("gone", "status"), [("not_found", 404), ("invalid", 422)])
@pytest.mark.parametrize("state", ["ending", "ended"])
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"dial", "update"}))
def test_command_to_a_call_that_is_over(name: str, state: str, gone: str, status: int) -> None:
    assert in_state(state, gone=gone).post(name).status == status


@pytest.mark.parametrize("state", ["created", "ringing"])
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"dial", "update", "calling.end"}))
def test_command_to_a_call_that_is_not_answered(name: str, state: str) -> None:
    assert code(in_state(state).post(name)) == "call_not_answered"


def test_command_before_the_answer_can_be_accepted() -> None:
    book = in_state("ringing", early="accept")
    assert book.say("hello").status == 200


def test_ending_call_is_reported_between_answered_and_ended() -> None:
    book = Playbook(ending_ms=300)
    book.dial(status_events=["ending", "ended"])
    book.wait(2_100)
    book.hangs_up()
    assert book.hooks == ["call.ending"]
    assert "end_reason" not in book.bodies[0]
    book.wait(300)
    assert book.hooks == ["call.ended"]
    assert book.bodies[0]["end_reason"] == "hangup"
