"""The voice log: how a leg stands or ended, and what happened on it."""

from typing import Any

from engine.exchange.answers import iso, leg, status
from engine.exchange.ids import uuid_shaped
from engine.exchange.state import Call, ExchangeState


def find(state: ExchangeState, segment_id: str, *, now_ms: int | None = None) -> Call | None:
    """The leg by its segment_id or, where the options say so, by its call_id; None while there is no log yet."""
    call = state.calls.get(segment_id) if state.options.log_by_call_id else None
    if call is None:
        call = next((each for each in state.calls.values() if each.segment_id == segment_id), None)
    now_ms = state.now_ms if now_ms is None else now_ms
    if call is None or now_ms < call.created_ms + state.options.log_after_ms:
        return None
    return call


def entry(state: ExchangeState, call: Call, *, now_ms: int) -> dict[str, Any]:
    """`GET /api/voice/logs/{segment_id}`: the leg with a status that is never null."""
    return {
        **leg(call, now_ms=now_ms, options=state.options),
        "id": call.segment_id,
        "status": status(call),
    }


def events(state: ExchangeState, call: Call) -> dict[str, Any]:
    """`GET /api/voice/logs/{segment_id}/events`, oldest first."""
    nested = state.options.log_details == "nested"
    data = [
        {
            "id": uuid_shaped(call.segment_id, index),
            "event_at": iso(logged.at_ms),
            "level": logged.level,
            "name": logged.name,
            "details": {"params": logged.details} if nested else logged.details,
            "project_id": state.options.project_id,
            "log_id": call.segment_id,
        }
        for index, logged in enumerate(call.log)
    ]
    return {"links": {}, "data": data}
