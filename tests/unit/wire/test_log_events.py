"""The voice log's events, whose details nobody has typed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import codec
from engine.model.commands import LookUpCall
from engine.model.ids import CallId, ControlId
from engine.wire import log_events, logs
from engine.wire.log_events import Logged

RUN = "iabcdefghijklmnopqrst"
RECORD = ControlId(f"{RUN}.0.message.1.1.record")
PLAY = ControlId(f"{RUN}.0.greet.1.1.play")
COLLECT = ControlId(f"{RUN}.0.menu.1.1.collect")
NOON_MS = 1_790_000_000_000


def at(offset_ms: int) -> float:
    return (NOON_MS + offset_ms) / 1000


def event(name: str, offset_ms: int, details: Any) -> dict[str, Any]:
    return {"event_at": at(offset_ms), "level": "info", "name": name, "details": details, "log_id": "s"}


def read(*events: Any) -> tuple[Logged, ...]:
    return log_events.read_events(200, json.dumps({"links": {}, "data": events}).encode())


def told(*events: Any, asked: dict[ControlId, int]) -> list[tuple[ControlId, str, dict[str, Any]]]:
    found = log_events.reports(read(*events), asked, 7)
    assert {report.at_ms for report in found} <= {7}
    return [(report.control_id, report.mark, report.fields) for report in found]


ENDED = {"control_id": RECORD, "state": "finished", "record": {"url": "https://r", "duration": 3}}
NAMED = [
    pytest.param(ENDED, id="as-the-webhook"),
    pytest.param({"params": ENDED, "event_type": "calling.call.record"}, id="envelope"),
    pytest.param({"webhook": {"body": ENDED}}, id="deep"),
    pytest.param(json.dumps(ENDED), id="text"),
]


@pytest.mark.parametrize("details", NAMED)
def test_an_event_with_a_control_id_is_the_operations_webhook(details: Any) -> None:
    found = told(event("anything", 0, details), asked={RECORD: NOON_MS})
    assert found == [(RECORD, "finished", {"url": "https://r", "duration": 3.0})]


NAMELESS = [
    pytest.param({"url": "https://r", "duration": 3}, id="flat"),
    pytest.param({"record": {"url": "https://r", "duration": 3}}, id="nested"),
    pytest.param(json.dumps({"url": "https://r", "duration": "3", "more": [1]}), id="text"),
]


@pytest.mark.parametrize("details", NAMELESS)
def test_a_recording_without_a_control_id_is_known_by_name_and_time(details: Any) -> None:
    earlier = event("Recording finished", -60_000, {"url": "https://earlier"})
    found = told(earlier, event("Recording finished", 5_000, details), asked={RECORD: NOON_MS})
    assert found == [(RECORD, "finished", {"url": "https://r", "duration": 3.0})]


@pytest.mark.parametrize(
    "events",
    [
        [],
        [event("play.finished", 5_000, {"url": "https://audio"})],
        [event("record.finished", -60_000, {"url": "https://r"})],
        [event("record.finished", 5_000, {"url": "https://r", "control_id": "another"})],
        [event("record.finished", 5_000, "it is there")],
        [event("record.finished", 5_000, None)],
        [event("record.finished", 5_000, {"url": "https://r", "size": "huge"})],
    ],
)
def test_what_may_be_anothers_is_not_taken(events: list[Any]) -> None:
    assert told(*events, asked={RECORD: NOON_MS}) == []


def test_every_mark_is_told_once_in_the_order_of_the_log() -> None:
    found = told(
        event("play.finished", 9_000, {"control_id": PLAY, "state": "finished"}),
        event("play.playing", 0, {"control_id": PLAY, "state": "playing"}),
        event("play.playing", 100, {"control_id": PLAY, "state": "playing"}),
        event("play.playing", 100, {"control_id": "another", "state": "error"}),
        asked={PLAY: NOON_MS},
    )
    assert found == [(PLAY, "playing", {}), (PLAY, "finished", {})]


def test_a_result_after_which_a_collect_goes_on_is_not_told() -> None:
    digit = {"type": "digit", "params": {"digits": "1"}}
    found = told(
        event("collect.digit", 0, {"control_id": COLLECT, "result": digit, "state": "collecting"}),
        event("collect.finished", 9, {"control_id": COLLECT, "state": "finished"}),
        asked={COLLECT: NOON_MS},
    )
    assert found == [(COLLECT, "finished", {})]


LEGS = [
    ([], "unknown", ""),
    ([event("call.answered", 0, {})], "answered", ""),
    ([event("calling.call.state", 0, {"call_state": "ringing"})], "ringing", ""),
    ([event("call.state", 0, {"state": "answered"})], "answered", ""),
    ([event("call.ended", 0, {"end_reason": "noAnswer"})], "ended", "no_answer"),
    ([event("call.ended", 0, {})], "ended", "hangup"),
    ([event("x", 9, {"call_state": "ended", "end_reason": "busy"}), event("call.ringing", 0, {})], "ended", "busy"),
    ([event("call.ended", 0, {"end_reason": "busy"}), event("call.answered", 9, {})], "ended", "busy"),
    ([event("play.finished", 0, {"state": "finished"})], "unknown", ""),
    ([event("call.play", 0, {"state": "ended"})], "unknown", ""),
    ([event("call.state", 0, "ended")], "unknown", ""),
]


@pytest.mark.parametrize(("events", "found", "end_reason"), LEGS)
def test_the_last_call_state_says_how_the_leg_stands(events: list[Any], found: str, end_reason: str) -> None:
    leg = log_events.leg(read(*events))
    assert (leg.found, leg.end_reason) == (found, end_reason)


TIMES = [
    ("2026-09-21T13:33:20Z", 1_789_997_600_000),
    ("2026-09-21T13:33:20.5+00:00", 1_789_997_600_500),
    ("2026-09-21T13:33:20", 1_789_997_600_000),
    (1_789_997_600, 1_789_997_600_000),
    (1_789_997_600.25, 1_789_997_600_250),
    ("yesterday", 0),
    (None, 0),
    (True, 0),
    (-1, 0),
    (1e300, 0),
]


@pytest.mark.parametrize(("text", "at_ms"), TIMES)
def test_times_are_read_in_their_usual_forms(text: object, at_ms: int) -> None:
    found = log_events.read_events(200, json.dumps([{"event_at": text}]).encode())
    assert [logged.at_ms for logged in found] == [at_ms]


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b"[{}]"), (500, b""), (200, b"<html>"), (200, b"5"), (200, b"{}"), (200, b'{"data": {}}'), (200, b"[1]")],
)
def test_an_answer_that_lists_nothing_has_no_events(status: int, body: bytes) -> None:
    assert log_events.read_events(status, body) == ()


def test_bare_and_wrapped_lists_are_the_same() -> None:
    entries = [event("a", 0, {"b": 1})]
    wrapped = [entries, {"data": entries}, {"events": entries}]
    assert {log_events.read_events(200, json.dumps(body).encode())[0].name for body in wrapped} == {"a"}


def test_the_events_are_below_the_log() -> None:
    assert logs.events_path(LookUpCall(seq=1, call_id=CallId("c"), segment_id="s")) == "/api/voice/logs/s/events"


KEYS = st.sampled_from(["control_id", "state", "record", "url", "call_state", "params", "result", "type", "duration"])
DETAILS = st.recursive(
    st.none() | st.integers() | st.text() | st.sampled_from([RECORD, PLAY, COLLECT, "finished", "ended"]),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
    max_leaves=10,
)


@given(st.lists(st.tuples(st.sampled_from(["record", "call.state", "call.ended", ""]), DETAILS)))
def test_details_of_any_kind_give_events_that_can_be_journalled(given: list[tuple[str, Any]]) -> None:
    events = read(*[event(name, 1_000, details) for name, details in given])
    asked = {RECORD: NOON_MS, PLAY: NOON_MS, COLLECT: NOON_MS}
    found = log_events.leg(events).event(seq=1, at_ms=7, reports=log_events.reports(events, asked, 7))
    assert codec.decode_event(codec.encode(found)) == found


@given(st.integers(100, 599), st.binary())
def test_any_answer_can_be_read(status: int, body: bytes) -> None:
    log_events.read_events(status, body)
