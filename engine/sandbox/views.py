"""Calls as the sandbox's own API shows them."""

from typing import Any

from engine.exchange import operations
from engine.exchange.state import Call, ExchangeState
from engine.sandbox.records import CallRecord

KEYS = "0123456789*#ABCD"


def state(exchange: ExchangeState, call_id: str) -> str:
    """A forgotten call is an ended one."""
    call = exchange.calls.get(call_id)
    return "ended" if call is None else call.state


def summary(call: Call) -> dict[str, Any]:
    return {
        "call_id": call.call_id,
        "node_id": call.node_id,
        "segment_id": call.segment_id,
        "to": call.to,
        "from": call.from_,
        "direction": call.direction,
        "state": call.state,
        "end_reason": call.end_reason,
        "created_ms": call.created_ms,
        "answered_ms": call.answered_ms,
        "ended_ms": call.ended_ms,
    }


def details(call: Call, record: CallRecord) -> dict[str, Any]:
    """`listens`: what somebody has an ear for now. `asks`: what may be decided about it now (`bridge`, `queue`, ...).
    `vars` are SWML's. `left`: the call runs SWML that is not interpreted here, which `document` shows; `away` is the
    method at which it left."""
    return {
        **summary(call),
        "listens": {
            "keys": call.left or any(operations.listens(one, KEYS) for one in call.operations),
            "words": call.left or any(operations.listens_to_words(one) for one in call.operations),
        },
        "asks": call.asks,
        "vars": call.vars,
        "left": call.left,
        "away": call.away,
        "document": call.document,
        "live": [{"kind": operation.kind, "control_id": operation.control_id} for operation in call.operations],
        "caller_waits_for": "" if call.caller is None else call.caller.waits_for,
        "heard": record.heard(),
        "audible": record.audible(),
        "lines": record.lines,
        "commands": record.commands,
        "webhooks": record.webhooks,
    }
