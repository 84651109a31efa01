"""The bodies of webhooks, in either documented shape, and their way out past the faults."""

from typing import Any

from engine.exchange.effects import Deliver
from engine.exchange.options import Fault
from engine.exchange.state import AnyOperation, Call, Posted
from engine.exchange.turn import Turn


def report_operation(
    turn: Turn,
    call_id: str,
    operation: AnyOperation,
    *,
    mark: str,
    fields: dict[str, Any],
    later_ms: int = 0,
) -> None:
    """Tell the operation's status_url; `mark` is the word by which logs and faults know it."""
    verb = str(operation.__struct_config__.tag)
    call = turn.calls[call_id]
    turn.log(call_id, f"{verb}.{mark}", control_id=operation.control_id, **fields)
    params = {
        "control_id": operation.control_id,
        "call_id": call_id,
        "node_id": call.node_id,
        "segment_id": call.segment_id,
        **fields,
    }
    body = _shaped(turn, f"calling.{verb}", params)
    _send(turn, call, operation.status_url, f"{verb}.{mark}", body, operation.control_id, later_ms)


def report_call(turn: Turn, call_id: str, word: str = "") -> None:
    """Tell the call's own status_url its state, where that was asked for. `word` is one that is no state here."""
    call = turn.calls[call_id]
    word = word or call.state
    reason = {"end_reason": call.end_reason} if call.end_reason else {}
    turn.log(call_id, f"call.{word}", **reason)
    if word not in call.status_events:
        return
    params = {
        "call_id": call_id,
        "node_id": call.node_id,
        "segment_id": call.segment_id,
        "call_state": word,
        "direction": call.direction,
        "from": call.from_,
        "to": call.to,
        **reason,
    }
    body = _shaped(turn, "calling.call.state", params)
    _send(turn, call, call.status_url, f"call.{word}", body, "", 0)


def release(turn: Turn, posted: Posted) -> None:
    """Its time has come: the webhook leaves."""
    turn.emit(
        Deliver(
            call_id=posted.call_id,
            at_ms=turn.now_ms,
            n=posted.n,
            kind=posted.kind,
            url=posted.url,
            body=posted.body,
            control_id=posted.control_id,
        )
    )


def _shaped(turn: Turn, event_type: str, params: dict[str, Any]) -> dict[str, Any]:
    options = turn.options
    if options.webhook_shape == "flat":
        return params
    return {
        "event_type": event_type,
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
    later_ms: int,
) -> None:
    if not url:
        return
    fault = _fault(turn, kind)
    if fault is not None and fault.do == "drop":
        return
    if fault is not None and fault.do == "delay":
        later_ms += fault.delay_ms
    copies = 2 if fault is not None and fault.do == "duplicate" else 1
    for _ in range(copies):
        turn.sent += 1
        posted = Posted(
            due_ms=turn.now_ms + turn.options.webhook_delay_ms + later_ms,
            n=turn.sent,
            call_id=call.call_id,
            kind=kind,
            url=url,
            body=body,
            control_id=control_id,
        )
        if posted.due_ms <= turn.now_ms:
            release(turn, posted)
        else:
            turn.post(posted)


def _fault(turn: Turn, kind: str) -> Fault | None:
    """The fault of this webhook, if any. Only kinds that have faults are counted."""
    faults = [fault for fault in turn.options.faults if fault.kind == kind]
    if not faults:
        return None
    nth = turn.counts.get(kind, 0) + 1
    turn.counts = {**turn.counts, kind: nth}
    return next((fault for fault in faults if fault.nth in (0, nth)), None)
