"""The answers of the API: the call leg of a 200, and the error body of everything else."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from engine.exchange.effects import HttpAnswer
from engine.exchange.forms import FORMS
from engine.exchange.options import ExchangeOptions
from engine.exchange.params import Problem
from engine.exchange.state import Call

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ERROR_URL = "https://developer.signalwire.com/"


@lru_cache(maxsize=4_096)
def iso(at_ms: int) -> str:
    """Unix milliseconds as the API writes them: `2026-11-23T15:00:00.250Z`."""
    moment = _EPOCH + timedelta(milliseconds=at_ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


STATUSES = {
    "busy": "busy",
    "decline": "busy",
    "noAnswer": "no-answer",
    "cancel": "canceled",
    "hangup": "canceled",
    "abandoned": "canceled",
}
"""An unanswered leg's status by its end_reason; any other reason is `failed`."""

LEG_TYPES = {"phone": "relay_pstn_call", "sip": "relay_sip_call", "webrtc": "relay_webrtc_call"}


def status(call: Call) -> str:
    """The resource status: a live leg's call state, an ended one's terminal word."""
    if call.state != "ended":
        return call.state
    if call.answered_ms is not None:
        return "completed"
    return STATUSES.get(call.end_reason or "", "failed")


def leg(call: Call, *, now_ms: int, options: ExchangeOptions) -> dict[str, Any]:
    """The call leg of an answer. Its `status` may be null, and by default is.

    A fabric leg's always is, and it has no durations and no parent.
    """
    kind = LEG_TYPES[call.type] if options.leg == "by_address" else options.leg
    fabric = kind == "fabric_subscriber_device_leg"
    common: dict[str, Any] = {
        "id": call.call_id,
        "from": call.from_,
        "to": call.to,
        "direction": "inbound" if call.direction == "inbound" else "outbound-api",
        "source": "realtime_api",
        "url": call.url,
        "charge": 0.0,
        "created_at": iso(call.created_ms),
        "charge_details": [],
        "status": None if options.status_null or fabric else status(call),
        "type": kind,
    }
    if fabric:
        return common
    duration_ms = _duration_ms(call, now_ms)
    return {
        **common,
        "duration": duration_ms // 1_000,
        "duration_ms": duration_ms,
        "billing_ms": duration_ms,
        "parent_id": None,
    }


def _duration_ms(call: Call, now_ms: int) -> int:
    if call.answered_ms is None:
        return 0
    return (now_ms if call.ended_ms is None else call.ended_ms) - call.answered_ms


def ok(call: Call, *, now_ms: int, options: ExchangeOptions) -> HttpAnswer:
    return HttpAnswer(status=200, body=leg(call, now_ms=now_ms, options=options))


def refused(status: int, problems: Iterable[Problem]) -> HttpAnswer:
    """The error body: one entry per problem."""
    kind = "validation_error" if status == 422 else "request_error"
    errors = [
        {
            "type": kind,
            "code": problem.code,
            "message": problem.message,
            "attribute": problem.attribute or None,
            "url": ERROR_URL,
        }
        for problem in problems
    ]
    return HttpAnswer(status=status, body={"errors": errors})


def invalid(code: str, attribute: str, message: str) -> HttpAnswer:
    return refused(422, (Problem(code, attribute, message),))


def not_found(attribute: str, what: str) -> HttpAnswer:
    """404: neither an unknown nor an ended one is there."""
    return refused(404, (Problem("not_found", attribute, f"There is no such {what}."),))


def unknown_call(call_id: Any, attribute: str) -> HttpAnswer:
    """422 for what cannot be the id of a call, 404 for one that nobody knows."""
    if not isinstance(call_id, str) or not FORMS["uuid"].fits(call_id):
        return invalid("invalid_call_id_passed", attribute, f"{attribute} must be the id of a call.")
    return not_found(attribute, "call")


def conflict(code: str, attribute: str, message: str) -> HttpAnswer:
    """409: what is asked for is under way already."""
    return refused(409, (Problem(code, attribute, message),))


def malformed(attribute: str, message: str) -> HttpAnswer:
    return refused(400, (Problem("invalid_parameter", attribute, message),))
