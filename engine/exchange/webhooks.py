"""The bodies of webhooks, in either documented shape, and their way out past the faults."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec.structs import replace

from engine.exchange.effects import Deliver
from engine.exchange.faults import OPERATION_FAULTS, WEBHOOK_FAULTS, Fault, happens
from engine.exchange.live import AnyOperation
from engine.exchange.state import Call, Posted
from engine.exchange.turn import Turn

ENVELOPED = ("transcript.completed", "transcript.failed")
"""The events that nothing but the event type tells apart, so that they come in an envelope always."""


def report_operation(
    turn: Turn,
    call_id: str,
    operation: AnyOperation,
    *,
    mark: str,
    fields: Mapping[str, Any],
    later_ms: int = 0,
) -> None:
    """Tell the operation's status_url; `mark` is the word by which logs and faults know it."""
    control = {"control_id": operation.control_id} if operation.control_id else {}
    report(
        turn,
        call_id,
        kind=f"{operation.kind}.{mark}",
        event=f"call.{operation.kind}",
        fields={**control, **fields},
        url=operation.status_url,
        method="GET" if operation.by_get else "POST",
        later_ms=later_ms,
    )


def report(
    turn: Turn,
    call_id: str,
    *,
    kind: str,
    event: str,
    fields: Mapping[str, Any],
    url: str,
    method: str = "POST",
    later_ms: int = 0,
) -> None:
    """Log something about a call, and tell it to `url`. `event` is the event type without `calling.`."""
    turn.log(call_id, kind, **fields)
    call = turn.calls[call_id]
    params = {"call_id": call_id, "node_id": call.node_id, "segment_id": call.segment_id, **fields}
    body = _shaped(turn, event, params)
    _send(turn, call, url, kind, body, str(fields.get("control_id", "")), method, later_ms)


def report_call(turn: Turn, call_id: str) -> None:
    """Tell the call's own status_url its state, where that was asked for."""
    call = turn.calls[call_id]
    word = call.state
    reason = {"end_reason": call.end_reason} if word == "ended" else {}
    if word not in call.status_events:
        turn.log(call_id, f"call.{word}", **reason)
        return
    fields = {"call_state": word, "direction": call.direction, "from": call.from_, "to": call.to, **reason}
    report(turn, call_id, kind=f"call.{word}", event="call.state", fields=fields, url=call.status_url)


def release(turn: Turn, posted: Posted) -> None:
    """Its time has come: the webhook leaves, and after it what waited for it."""
    query = f"{'&' if '?' in posted.url else '?'}{_query(posted.body)}" if posted.method == "GET" else ""
    turn.emit(
        Deliver(
            call_id=posted.call_id,
            at_ms=turn.now_ms,
            n=posted.n,
            kind=posted.kind,
            url=posted.url + query,
            body=posted.body,
            control_id=posted.control_id,
            method=posted.method,
        )
    )
    held = [each for each in turn.outbox if each.held and each.call_id == posted.call_id and each.n < posted.n]
    if held:
        turn.outbox = tuple(each for each in turn.outbox if each not in held)
        for each in held:
            release(turn, each)


def _query(body: dict[str, Any]) -> str:
    """The fields of a webhook by GET, flat; what is not text is written as JSON."""
    fields = {**body, **body["params"]} if isinstance(body.get("params"), dict) else dict(body)
    fields.pop("params", None)
    return urlencode(
        {name: value if isinstance(value, str) else msgspec.json.encode(value) for name, value in fields.items()}
    )


def _shaped(turn: Turn, event: str, params: dict[str, Any]) -> dict[str, Any]:
    options = turn.options
    if options.webhook_shape == "flat" and event not in ENVELOPED:
        return params
    short = event.removeprefix("call.") if options.event_types == "short" and event != "call.state" else event
    return {
        "event_type": f"calling.{short}",
        "event_channel": f"calling:{options.space_id}",
        "timestamp": turn.now_ms / 1_000,
        "project_id": options.project_id,
        "space_id": options.space_id,
        "params": params,
    }


def _send(
    turn: Turn,
    call: Call,
    url: str,
    kind: str,
    body: dict[str, Any],
    control_id: str,
    method: str,
    later_ms: int,
) -> None:
    if not url:
        return
    fault = _fault(turn, call.call_id, kind)
    does = None if fault is None else fault.do
    if does == "drop":
        return
    if fault is not None and does in ("delay", "reorder"):
        later_ms += fault.delay_ms
    for _ in range(2 if does == "duplicate" else 1):
        turn.sent += 1
        posted = Posted(
            due_ms=turn.now_ms + turn.options.webhook_delay_ms + later_ms,
            n=turn.sent,
            call_id=call.call_id,
            kind=kind,
            url=url,
            body=body,
            control_id=control_id,
            method=method,
            held=does == "reorder",
        )
        if posted.due_ms <= turn.now_ms:
            release(turn, posted)
        else:
            turn.post(posted)


def _fault(turn: Turn, call_id: str, kind: str) -> Fault | None:
    """What goes wrong with this webhook: a fault of its own call, else one of the exchange's."""
    return own_fault(turn, call_id, kind, WEBHOOK_FAULTS) or common_fault(turn, kind, WEBHOOK_FAULTS)


def fails(turn: Turn, call_id: str, kind: str) -> bool:
    """Whether an operation that begins now goes wrong."""
    fault = own_fault(turn, call_id, kind, OPERATION_FAULTS) or common_fault(turn, kind, OPERATION_FAULTS)
    return fault is not None


def own_fault(turn: Turn, call_id: str, kind: str, of: tuple[str, ...]) -> Fault | None:
    call = turn.calls.get(call_id)
    if call is None or not call.faults:
        return None
    found = happens(call.faults, call.fault_counts, kind=kind, of=of, seed=turn.seed, rolled=turn.rolled)
    turn.rolled = found.rolled
    turn.put(replace(call, fault_counts=found.counts))
    return found.fault


def common_fault(turn: Turn, kind: str, of: tuple[str, ...]) -> Fault | None:
    if not turn.options.faults:
        return None
    found = happens(turn.options.faults, turn.counts, kind=kind, of=of, seed=turn.seed, rolled=turn.rolled)
    turn.counts, turn.rolled = found.counts, found.rolled
    return found.fault
