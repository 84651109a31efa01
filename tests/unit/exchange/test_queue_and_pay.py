"""`enter_queue` and `pay` of SWML."""

from typing import Any

import pytest

from engine.exchange.caller import Decides
from engine.exchange.decisions import WORDS, Verdict
from engine.exchange.effects import FetchSwml
from tests.unit.exchange.playbook import HOOK, Playbook, marks

BACK = "https://flows.test/back"
AFTER = "https://flows.test/after"


def queued(*script: Any, **more: Any) -> Playbook:
    book = Playbook().parked(*script)
    entered = {"queue_name": "support", "transfer_after_bridge": AFTER, "status_url": HOOK, **more}
    book.redirect({"enter_queue": entered}, {"transfer": {"dest": BACK}})
    return book


def came_back(book: Playbook) -> tuple[str, Any, Any]:
    (fetch,) = book.of(FetchSwml)
    return fetch.url, fetch.body["vars"]["queue_result"], fetch.body["vars"]["wait_time"]


def test_call_is_taken_talks_and_goes_on_behind_the_bridge() -> None:
    book = queued()
    book.wait(10_000)
    assert book.call.asks == "peer"
    book.wait(30_000)
    assert came_back(book) == (AFTER, "connected", 10)
    assert marks(book, "queue") == ["enqueue", "dequeue"]


def test_wait_that_is_too_long_goes_on_with_the_next_method() -> None:
    book = queued(wait_time=7)
    book.wait(7_000)
    assert came_back(book) == (BACK, "timeout", 7)
    assert marks(book, "queue") == ["enqueue", "leave"]


def test_script_says_how_long_it_waits() -> None:
    talks = Decides(about="queue", verdict=Verdict(word="talks", talk_ms=5_000, after_ms=60_000))
    book = queued(talks)
    book.wait(64_999)
    assert book.of(FetchSwml) == []
    book.wait(1)
    assert came_back(book) == (AFTER, "connected", 60)


def test_decided_timeout_takes_the_wait_time() -> None:
    book = queued(wait_time=900)
    book.decides("queue", "timeout")
    book.wait(900_000)
    assert came_back(book) == (BACK, "timeout", 900)


def test_queue_that_fails() -> None:
    book = queued()
    book.decides("queue", "failed")
    assert came_back(book) == (BACK, "failed", 0)


def test_caller_who_gives_up_is_gone() -> None:
    book = queued()
    book.hangs_up()
    assert (book.call.state, book.hooks) == ("ended", ["queue.leave"])


def test_music_is_heard() -> None:
    assert queued(wait_url="https://a.test/waltz.mp3").heard == ["https://a.test/waltz.mp3"]


def paying(*script: Any, **more: Any) -> Playbook:
    book = Playbook().parked(*script)
    book.redirect({"pay": {"payment_connector_url": BACK, **more}}, {"transfer": {"dest": BACK}})
    return book


def paid(book: Playbook) -> dict[str, Any]:
    (fetch,) = book.of(FetchSwml)
    told: dict[str, Any] = fetch.body["vars"]
    return told


def test_payment_succeeds_by_itself() -> None:
    book = paying(charge_amount="20.45")
    book.wait(20_000)
    assert paid(book)["pay_result"] == "success"
    assert "payment_confirmation_code" in paid(book)["pay_payment_results"]
    assert ("paying" in book.progress, book.progress[-1]) == (True, "paid")


@pytest.mark.parametrize("amount", [None, "0", "much"])
def test_card_that_is_only_noted_gives_a_token(amount: str | None) -> None:
    book = paying(charge_amount=amount)
    book.wait(20_000)
    assert "payment_token" in paid(book)["pay_payment_results"]


@pytest.mark.parametrize("word", WORDS["pay"][1:])
def test_payment_fails_in_the_documented_words(word: str) -> None:
    book = paying(Decides(about="pay", verdict=Verdict(word=word, after_ms=1_000)))
    book.wait(1_000)
    assert paid(book)["pay_result"] == word
    assert paid(book)["pay_payment_results"]["payment_error"] == word


def test_star_cancels_a_payment() -> None:
    book = paying()
    book.presses("4111*")
    assert paid(book)["pay_result"] == "caller-interrupted-with-star"
