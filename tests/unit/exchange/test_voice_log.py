"""The voice log of a leg."""

from engine.exchange import voice_log
from tests.unit.exchange.playbook import Playbook


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
