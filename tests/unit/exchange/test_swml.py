"""As much SWML as parks a call."""

from typing import Any

import pytest

from engine.exchange.effects import FetchSwml, Heard
from engine.exchange.inputs import CallPlaced, SwmlAnswered
from tests.unit.exchange.playbook import NUMBER, PARKED, Playbook


def answered_with(*main: Any) -> Playbook:
    """A call whose number answers with these methods."""
    book = Playbook()
    book.give(CallPlaced(at_ms=0, to=NUMBER, from_="+1"))
    (fetch,) = book.of(FetchSwml)
    book.call_id = fetch.call_id
    document = {"version": "1.0.0", "sections": {"main": list(main)}}
    book.give(SwmlAnswered(at_ms=0, call_id=fetch.call_id, fetch=fetch.fetch, document=document))
    return book


def test_document_that_ends_hangs_up() -> None:
    book = answered_with("answer", {"sleep": 500})
    assert book.call.state == "answered"
    book.wait(500)
    assert (book.call.state, book.call.end_reason) == ("ended", "hangup")


@pytest.mark.parametrize("sleep", [-1, {"duration": -1}])
def test_endless_sleep_parks_the_call(sleep: Any) -> None:
    book = answered_with({"answer": {}}, {"sleep": sleep}, {"hangup": {}})
    book.run()
    assert book.call.state == "answered"


def test_hangup_says_why() -> None:
    book = answered_with({"hangup": {"reason": "busy"}})
    assert book.call.end_reason == "busy"
    assert book.call.answered_ms is None


def test_play_is_heard_and_the_document_goes_on_after_it() -> None:
    urls = ["say: We are closed.", "silence: 0.5", "ring:2:us", "https://a.test/bye.mp3"]
    book = answered_with({"play": {"urls": urls}}, {"hangup": {}})
    book.run()
    heard = [(effect.sound, effect.text) for effect in book.all_effects if isinstance(effect, Heard)]
    assert heard == [
        ("speech", "We are closed."),
        ("silence", ""),
        ("ringtone", "us"),
        ("audio", "https://a.test/bye.mp3"),
    ]
    assert book.call.state == "ended"
    assert book.all_hooks == []


def test_any_other_verb_is_a_call_that_has_left() -> None:
    book = answered_with({"play": {"url": "say:Hold on."}}, {"join_room": {"name": "desk"}}, {"hangup": {}})
    assert book.call.left is False
    book.run()
    assert (book.call.left, book.call.state) == (True, "answered")
    assert book.progress[-1] == "left"


@pytest.mark.parametrize("document", [{}, {"sections": []}, {"sections": {"main": {}}}])
def test_document_without_a_main_section_ends_the_call(document: dict[str, Any]) -> None:
    book = Playbook()
    book.give(CallPlaced(at_ms=0, to=NUMBER, from_="+1"))
    (fetch,) = book.of(FetchSwml)
    book.give(SwmlAnswered(at_ms=0, call_id=fetch.call_id, fetch=fetch.fetch, document=document))
    assert [call.end_reason for call in book.state.calls.values()] == ["error"]


@pytest.mark.parametrize("strange", [None, 5, "", [], {}, {"play": None}, {"sleep": None}, {"hangup": 3}])
def test_strange_methods_break_nothing(strange: Any) -> None:
    answered_with({"answer": {}}, strange).run()


def test_fallback_url_is_asked_when_the_document_cannot_be_had() -> None:
    book = Playbook()
    answer = book.post(
        "dial", **{"from": "+1", "to": "+2", "url": "https://x.test/a", "fallback_url": "https://x.test/b"}
    )
    book.run()
    (fetch,) = [effect for effect in book.all_effects if isinstance(effect, FetchSwml)]
    call_id = str(answer.body["id"])
    book.give(SwmlAnswered(at_ms=book.now_ms, call_id=call_id, fetch=fetch.fetch, failure="HTTP 500"))
    (again,) = book.of(FetchSwml)
    assert again.url == "https://x.test/b"
    book.give(SwmlAnswered(at_ms=book.now_ms, call_id=call_id, fetch=again.fetch, failure="HTTP 500"))
    assert book.state.calls[call_id].end_reason == "error"


def test_transfer_asks_its_url_and_tells_it_the_params() -> None:
    book = Playbook().parked()
    book.redirect({"sleep": 500}, {"transfer": {"dest": "https://flows.test/back", "params": {"outcome": "bridged"}}})
    book.wait(500)
    (fetch,) = book.of(FetchSwml)
    assert (fetch.url, fetch.body["params"]) == ("https://flows.test/back", {"outcome": "bridged"})
    book.give(SwmlAnswered(at_ms=0, call_id=book.call_id, fetch=fetch.fetch, document=PARKED))
    assert (book.call.state, book.call.left) == ("answered", False)


def test_transfer_to_a_number_leaves() -> None:
    book = Playbook().parked()
    book.redirect({"transfer": {"dest": "+15550142"}})
    assert (book.call.left, book.call.away) == (True, "transfer")


def test_url_of_another_machine_is_not_asked_and_the_call_has_left() -> None:
    book = Playbook(follow="loopback").parked()
    asked = len(book.of(FetchSwml))
    book.post("update", id=book.call_id, url="https://elsewhere.test/swml")
    assert len(book.of(FetchSwml)) == asked
    assert book.call.left
