"""Requests in a window, dialled calls per second, calls that wait."""

from typing import Literal

import pytest

from engine.exchange.options import Rate
from tests.unit.exchange.playbook import Playbook, code

LIMIT, REST = "X-RateLimit-Limit", "X-RateLimit-Remaining"


def test_without_a_rate_nothing_is_said_of_one() -> None:
    assert Playbook().parked().say("hello").headers == {}


def test_every_answer_says_what_remains() -> None:
    book = Playbook(rate=Rate(posts=3)).parked()
    first, second = book.say("hello"), book.post("calling.play")
    assert (first.headers, second.status) == ({LIMIT: "3", REST: "2"}, 422)
    assert second.headers == {LIMIT: "3", REST: "1"}


def test_one_too_many_is_turned_away_until_the_window_is_over() -> None:
    book = Playbook(rate=Rate(posts=2, window_ms=10_000)).parked()
    book.wait(4_000)
    book.say("one", "p1")
    book.say("two", "p2")
    refused = book.say("three", "p3")
    assert (refused.status, code(refused)) == (429, "rate_limit_exceeded")
    assert refused.headers == {LIMIT: "2", REST: "0", "Retry-After": "6"}
    assert book.effects == ()
    book.wait(5_999)
    assert book.say("three", "p3").status == 429
    book.wait(1)
    assert book.say("three", "p3").status == 200


def test_dialled_calls_begin_one_after_the_other() -> None:
    book = Playbook(rate=Rate(dials_per_s=2), ring_after_ms=0)
    legs = [book.dial(f"+1555777{n}").body["id"] for n in range(3)]
    for at_ms in (0, 500, 1_000):
        book.wait(at_ms - book.now_ms)
        states = [book.state.calls[leg].state for leg in legs]
        ringing = at_ms // 500 + 1
        assert states == ["ringing"] * ringing + ["created"] * (3 - ringing)


def test_waiting_call_can_be_canceled() -> None:
    book = Playbook(rate=Rate(dials_per_s=1))
    book.dial("+15557771")
    book.dial("+15557772")
    assert book.post("update", id=book.call_id, status="canceled").status == 200
    assert (book.call.state, book.call.end_reason) == ("ended", "cancel")


@pytest.mark.parametrize("status", [422, 429])
def test_queue_of_dialled_calls_has_an_end(status: Literal[422, 429]) -> None:
    book = Playbook(rate=Rate(dials_per_s=1, queued=2, queue_full=status))
    assert [book.dial(f"+1555777{n}").status for n in range(3)] == [200, 200, 200]
    refused = book.dial("+15557773")
    assert (refused.status, code(refused)) == (status, "max_queued_calls_exceeded")
    book.wait(1_000)
    assert book.dial("+15557773").status == 200
