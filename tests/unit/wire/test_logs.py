import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.commands import LookUpCall
from engine.model.events import CallLookedUp
from engine.model.ids import CallId
from engine.model.state import END_REASONS
from engine.wire import logs

STATUSES = [
    ("queued", "ringing", ""),
    ("initiated", "ringing", ""),
    ("created", "ringing", ""),
    ("ringing", "ringing", ""),
    ("answered", "answered", ""),
    ("in-progress", "answered", ""),
    ("in_progress", "answered", ""),
    ("In Progress", "answered", ""),
    ("ending", "ended", "hangup"),
    ("ended", "ended", "hangup"),
    ("completed", "ended", "hangup"),
    ("failed", "ended", "error"),
    ("canceled", "ended", "cancel"),
    ("busy", "ended", "busy"),
    ("no-answer", "ended", "no_answer"),
    ("noAnswer", "ended", "no_answer"),
    ("levitating", "unknown", ""),
    ("", "unknown", ""),
    (None, "unknown", ""),
    (5, "unknown", ""),
]


@pytest.mark.parametrize(("status", "found", "end_reason"), STATUSES)
def test_a_status_says_how_the_call_stands(status: object, found: str, end_reason: str) -> None:
    read = logs.read(200, json.dumps({"id": "s", "status": status}).encode())
    assert (read.found, read.end_reason) == (found, end_reason)
    assert read.end_reason in ("", *END_REASONS)


def test_an_end_reason_in_the_log_goes_before_the_status() -> None:
    body = b'{"status": "completed", "end_reason": "max_duration"}'
    assert logs.read(200, body).end_reason == "max_duration"


@pytest.mark.parametrize(
    ("http_status", "body"),
    [(404, b"{}"), (500, b'{"status": "ended"}'), (302, b""), (200, b"<html>"), (200, b"[]"), (200, b"")],
)
def test_an_answer_that_says_nothing_is_unknown(http_status: int, body: bytes) -> None:
    assert logs.read(http_status, body) == logs.NOTHING


@given(st.integers(100, 599), st.binary())
def test_any_answer_can_be_read(http_status: int, body: bytes) -> None:
    assert logs.read(http_status, body).found in ("ringing", "answered", "ended", "unknown")


@pytest.mark.parametrize(
    ("call_id", "segment_id", "path"),
    [
        ("c-1", "s-1", "/api/voice/logs/s-1"),
        ("c-1", "", "/api/voice/logs/c-1"),
        ("../x?y", "", "/api/voice/logs/___x_y"),
    ],
)
def test_the_log_of_the_segment_is_asked_for(call_id: str, segment_id: str, path: str) -> None:
    assert logs.path(LookUpCall(seq=1, call_id=CallId(call_id), segment_id=segment_id)) == path


def test_a_look_up_becomes_the_runs_event() -> None:
    found = logs.LookedUp(found="ended", end_reason="busy")
    assert found.event(seq=2, at_ms=7) == CallLookedUp(at_ms=7, seq=2, found="ended", end_reason="busy")
