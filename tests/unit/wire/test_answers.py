import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import codec
from engine.model.events import CommandAnswered
from engine.wire import codes
from engine.wire.answers import MAX_ANSWER_BYTES, Answer, classify


def errors(*entries: Any) -> bytes:
    return json.dumps({"errors": entries}).encode()


LEG = b'{"id": "c", "node_id": "n", "status": null}'

ANSWERS = [
    (200, LEG, "accepted", ""),
    (200, b'{"id": "c", "status": "failed"}', "accepted", ""),
    (201, LEG, "accepted", ""),
    (204, b"", "accepted", ""),
    (200, b" \n", "accepted", ""),
    (200, b'"+OK state=on"', "accepted", ""),
    (200, b"[]", "accepted", ""),
    (200, b"<!DOCTYPE html>", "unknown", "not-json"),
    (200, b"\xff", "unknown", "not-json"),
    (200, b'{"id": 99999999999999999999}', "unknown", "not-json"),
    (200, b"[" * 10_000, "unknown", "not-json"),
    (200, b'"' + b"x" * MAX_ANSWER_BYTES + b'"', "unknown", "too-large"),
    (301, b"", "rejected", ""),
    (400, errors({"code": "missing_required_parameter", "message": "m"}), "rejected", "missing_required_parameter"),
    (400, errors({"message": "first"}, {"code": "invalid_parameter"}), "rejected", "invalid_parameter"),
    (400, errors("what", 5, {"code": "invalid_parameter"}), "rejected", "invalid_parameter"),
    (400, errors({"code": 7}), "rejected", ""),
    (400, errors(), "rejected", ""),
    (400, b'{"errors": "no"}', "rejected", ""),
    (400, b'{"code": "flat", "message": "m"}', "rejected", "flat"),
    (401, b"Unauthorized", "rejected", ""),
    (403, b"", "rejected", ""),
    (404, errors({"code": "invalid_call_id_passed"}), "gone", "invalid_call_id_passed"),
    (404, b"<html>", "gone", ""),
    (408, b"", "unavailable", ""),
    (409, errors({"code": "x"}), "rejected", "x"),
    (422, errors({"code": "call_update_failed"}), "rejected", "call_update_failed"),
    (422, errors({"code": "cannot_update_completed"}), "gone", "cannot_update_completed"),
    (422, errors({"code": "invalid_call_id_passed"}), "gone", "invalid_call_id_passed"),
    (422, errors({"code": "cannot_cancel_in_progress"}), "rejected", "cannot_cancel_in_progress"),
    (422, errors({"code": "cannot_redirect_not_in_progress"}), "rejected", "cannot_redirect_not_in_progress"),
    (422, errors({"code": "max_queued_calls_exceeded"}), "unavailable", "max_queued_calls_exceeded"),
    (
        422,
        errors({"code": "invalid_parameter"}, {"code": "cannot_update_completed"}),
        "rejected",
        "invalid_parameter",
    ),
    (429, errors({"code": "invalid_parameter"}), "unavailable", "invalid_parameter"),
    (500, errors({"code": "cannot_update_completed"}), "unavailable", "cannot_update_completed"),
    (425, b"", "unavailable", ""),
    (429, b"", "unavailable", ""),
    (500, b"", "unavailable", ""),
    (502, b"<html>", "unavailable", ""),
    (599, b"", "unavailable", ""),
    (100, b"", "unknown", ""),
]


@pytest.mark.parametrize(("status", "body", "kind", "code"), ANSWERS)
def test_an_answer_is_judged_by_its_status_line(status: int, body: bytes, kind: str, code: str) -> None:
    found = classify(status, body)
    assert (found.kind, found.http_status, found.code) == (kind, status, code)


FABRIC = {"id": "c", "type": "fabric_subscriber_device_leg", "status": None, "node_id": "n"}
STANDARD = {"id": "c", "type": "relay_pstn_call", "status": "ended", "duration": 3, "parent_id": None}
LINE = "+OK running=true lang=en"

LEGS = [
    (FABRIC, FABRIC),
    (STANDARD, STANDARD),
    ({"call_id": "c", "node_id": "n"}, {"id": "c", "call_id": "c", "node_id": "n"}),
    ({"ask_id": "a"}, {"ask_id": "a"}),
    ({"result": f"{LINE}\n"}, {"result": f"{LINE}\n", "status": LINE}),
    (f"{LINE}\n", {"status": LINE}),
    ("something", {}),
]


@pytest.mark.parametrize(("answer", "leg"), LEGS)
def test_what_a_command_is_answered_with_is_its_leg(answer: object, leg: dict[str, Any]) -> None:
    found = classify(200, json.dumps(answer).encode())
    assert (found.kind, found.leg) == ("accepted", leg)


def test_a_line_that_is_not_json_is_an_answer_as_well() -> None:
    found = classify(200, f"{LINE}\n".encode())
    assert (found.kind, found.leg) == ("accepted", {"status": LINE})


def test_the_leg_is_kept_as_it_is() -> None:
    assert classify(200, LEG).leg == {"id": "c", "node_id": "n", "status": None}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (errors({"code": "c", "message": "what is wrong"}), "what is wrong"),
        (
            errors(
                {"code": "c", "message": "no", "attribute": "params.to"},
                {"code": "d", "message": "neither"},
                {"code": "c", "message": "again"},
                {"code": "e"},
            ),
            "no (params.to); d: neither; again; e:",
        ),
        (errors({"message": "a"}, {"message": "a"}, {"code": "c", "message": "b"}), "a; b"),
        (b'{"error": "what is wrong"}', "what is wrong"),
        (b" what is wrong\n", "what is wrong"),
        (b"x" * 9_000, "x" * 500),
    ],
)
def test_the_message_is_what_the_body_says_within_bounds(body: bytes, message: str) -> None:
    assert classify(400, body).message == message


def test_a_conflict_is_what_a_repeat_wants() -> None:
    assert classify(409, b"", repeated=True).kind == "accepted"
    assert classify(422, b"", repeated=True).kind == "rejected"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": "control_id_in_use"}, "accepted"),
        ({"code": "operation_in_progress"}, "accepted"),
        ({"code": "invalid_parameter", "attribute": "params.control_id"}, "accepted"),
        ({"code": "invalid_parameter", "attribute": "params.play"}, "rejected"),
        ({"code": "playback_in_progress"}, "rejected"),
    ],
)
def test_an_id_that_is_in_use_is_what_a_repeat_wants(error: dict[str, str], kind: str) -> None:
    assert classify(422, errors(error), repeated=True).kind == kind
    assert classify(422, errors(error)).kind == "rejected"


def test_an_answer_becomes_the_runs_event() -> None:
    answer = Answer(kind="gone", http_status=404, code="c", message="m", leg={"id": "c"})
    assert answer.event(seq=3, at_ms=7) == CommandAnswered(
        at_ms=7, seq=3, kind="gone", http_status=404, code="c", message="m", leg={"id": "c"}
    )


@given(st.integers(100, 599), st.binary() | st.from_regex(rb'\{"errors": \[.*\]\}'), st.booleans())
def test_any_answer_can_be_judged_and_journalled(status: int, body: bytes, repeated: bool) -> None:
    event = classify(status, body, repeated=repeated).event(seq=1, at_ms=1)
    assert codec.decode_event(codec.encode(event)) == event


@pytest.mark.parametrize("code", sorted(codes.CODES))
def test_a_code_that_says_that_the_leg_is_over_is_gone(code: str) -> None:
    meaning = codes.CODES[code]
    assert meaning.over == (meaning.kind == "gone")
    assert codes.is_over(code) == meaning.over
    assert classify(400, errors({"code": code})).kind == meaning.kind
    assert meaning.means
    assert not meaning.means.endswith(".")


@pytest.mark.parametrize(
    ("status", "body", "means"),
    [
        (404, errors({"code": "cannot_update_completed"}), "the leg is over"),
        (404, b"", "the call, or the operation, is over"),
        (401, b"", "the credentials are wrong"),
        (503, b"", "the platform failed"),
        (418, b"", "the platform refused it"),
        (422, errors({"code": "account_suspended"}), "a limit of the account is reached"),
        (200, b"<html>", "not the platform's answer"),
    ],
)
def test_an_answer_says_in_words_what_it_means(status: int, body: bytes, means: str) -> None:
    assert classify(status, body).meaning.means == means


@pytest.mark.parametrize("code", sorted(codes.OURS))
def test_codes_of_ours_are_not_the_platforms(code: str) -> None:
    assert code not in codes.CODES
    assert not codes.is_over(code)
