"""The voice log of a leg."""

import pytest

from engine.exchange import voice_log
from engine.exchange.families.services import LIVES
from tests.unit.exchange.playbook import Playbook, logged
from tests.unit.exchange.test_services import STARTS, begin, stop


def test_status_is_never_null() -> None:
    book = Playbook().parked()
    entry = voice_log.entry(book.state, book.call, now_ms=book.now_ms)
    assert (entry["id"], entry["status"]) == (book.call.segment_id, "answered")
    book.hangs_up()
    assert voice_log.entry(book.state, book.call, now_ms=book.now_ms)["status"] == "completed"


def test_segment_is_found_by_its_id_and_by_its_call() -> None:
    book = Playbook().parked()
    assert voice_log.find(book.state, book.call.segment_id) == book.call
    assert voice_log.find(book.state, book.call_id) == book.call
    assert voice_log.find(book.state, "nothing") is None


def test_events_tell_what_webhooks_may_have_lost() -> None:
    book = Playbook().parked()
    book.record()
    book.wait(1_000)
    book.hangs_up()
    data = voice_log.events(book.state, book.call)["data"]
    finished = next(event for event in data if event["name"] == "record.finished")
    assert finished["details"]["record"]["url"].startswith("https://")
    assert finished["event_at"] == "1970-01-01T00:00:01.000Z"
    assert {"level", "project_id", "log_id"} < set(finished)
    assert data[-1]["name"] == "call.ended"


def test_log_can_be_left_out_of_the_state() -> None:
    book = Playbook(keep_log=False).parked()
    book.say("hello")
    assert book.call.log == ()


def test_whether_a_call_id_finds_the_log() -> None:
    book = Playbook(log_by_call_id=False).parked()
    assert voice_log.find(book.state, book.call_id) is None
    assert voice_log.find(book.state, book.call.segment_id) == book.call


def test_log_may_be_written_later_than_its_call() -> None:
    book = Playbook(log_after_ms=1_000).parked()
    assert voice_log.find(book.state, book.call.segment_id, now_ms=999) is None
    assert voice_log.find(book.state, book.call.segment_id, now_ms=1_000) == book.call


def test_details_are_untyped_and_may_be_nested() -> None:
    book = Playbook(log_details="nested").parked()
    book.record()
    book.hangs_up()
    data = voice_log.events(book.state, book.call)["data"]
    (finished,) = [event for event in data if event["name"] == "record.finished"]
    assert finished["details"]["params"]["record"]["url"].startswith("https://")


@pytest.mark.parametrize("name", STARTS)
def test_every_service_is_in_the_log_from_its_start_to_its_end(name: str) -> None:
    book = Playbook().parked()
    begin(book, name)
    stop(book, name)
    words = [event for event in logged(book) if event.startswith(f"{name}.")]
    life = LIVES[name]
    assert words == [f"{name}.{life.begins or 'started'}", f"{name}.{life.ends or 'stopped'}"]


def test_hang_up_that_no_webhook_tells_is_in_the_log() -> None:
    book = Playbook().parked()
    book.hangs_up()
    assert book.hooks == []
    assert logged(book)[-2:] == ["call.ending", "call.ended"]
    assert voice_log.events(book.state, book.call)["data"][-1]["details"] == {"end_reason": "hangup"}
