"""The voice log: how a leg stands or ended, and what happened on it."""

from typing import Any

from engine.exchange.answers import iso, leg
from engine.exchange.ids import uuid_shaped
from engine.exchange.state import Call, ExchangeState

STATUSES = {
    "busy": "busy",
    "decline": "busy",
    "noAnswer": "no-answer",
    "cancel": "canceled",
    "hangup": "canceled",
    "abandoned": "canceled",
}
"""An unanswered leg's status by its end_reason; any other reason is `failed`."""


def find(state: ExchangeState, segment_id: str) -> Call | None:
    """The leg by its segment_id, or by its call_id, which is all that a dialling client knows."""
    call = state.calls.get(segment_id)
    if call is not None:
        return call
    return next((each for each in state.calls.values() if each.segment_id == segment_id), None)


def entry(state: ExchangeState, call: Call, *, now_ms: int) -> dict[str, Any]:
    """`GET /api/voice/logs/{segment_id}`: the leg with a status that is never null."""
    return {
        **leg(call, now_ms=now_ms, options=state.options),
        "id": call.segment_id,
        "status": status(call),
    }


def events(state: ExchangeState, call: Call) -> dict[str, Any]:
    """`GET /api/voice/logs/{segment_id}/events`, oldest first."""
    data = [
        {
            "id": uuid_shaped(call.segment_id, index),
            "event_at": iso(logged.at_ms),
            "level": logged.level,
            "name": logged.name,
            "details": logged.details,
            "project_id": state.options.project_id,
            "log_id": call.segment_id,
        }
        for index, logged in enumerate(call.log)
    ]
    return {"links": {}, "data": data}


def status(call: Call) -> str:
    """The resource status: a live leg's call state, an ended one's terminal word."""
    if call.state != "ended":
        return call.state
    if call.answered_ms is not None:
        return "completed"
    return STATUSES.get(call.end_reason or "", "failed")
