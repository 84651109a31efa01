"""The answers of the API: the call leg of a 200, and the error body of everything else."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.exchange.effects import HttpAnswer
from engine.exchange.options import ExchangeOptions
from engine.exchange.params import Problem
from engine.exchange.state import Call

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ERROR_URL = "https://developer.signalwire.com/"


def iso(at_ms: int) -> str:
    """Unix milliseconds as the API writes them: `2026-11-23T15:00:00.250Z`."""
    moment = _EPOCH + timedelta(milliseconds=at_ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def leg(call: Call, *, now_ms: int, options: ExchangeOptions) -> dict[str, Any]:
    """The standard leg (`relay_pstn_call`). Its `status` may be null, and by default is."""
    duration_ms = _duration_ms(call, now_ms)
    return {
        "id": call.call_id,
        "from": call.from_,
        "to": call.to,
        "direction": "inbound" if call.direction == "inbound" else "outbound-api",
        "source": "realtime_api",
        "url": call.url,
        "charge": 0.0,
        "created_at": iso(call.created_ms),
        "charge_details": [],
        "status": None if options.status_null else call.state,
        "duration": duration_ms // 1_000,
        "duration_ms": duration_ms,
        "billing_ms": duration_ms,
        "type": "relay_pstn_call",
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


def malformed(attribute: str, message: str) -> HttpAnswer:
    return refused(400, (Problem("invalid_parameter", attribute, message),))
