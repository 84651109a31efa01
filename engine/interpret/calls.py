"""The call itself: how a run begins, and what its call state webhooks mean."""

from typing import Any

from msgspec.structs import replace

from engine.interpret import ending, lookups, room
from engine.interpret.steps.subflow import frame_of
from engine.interpret.turn import Turn
from engine.model.commands import SendCommand
from engine.model.events import CallArrived, CallStateReported, CommandAnswered, RunRequested
from engine.model.graph import FlowGraph
from engine.model.ids import CallId, RunId, inbound_run_id
from engine.model.limits import LOOKUP_MS, SLACK_MS
from engine.model.state import Call, HangingUp, RunState
from engine.wire.swml import parked_for

_ORPHANED_MS = 600_000
"""The document of a dialled call lasts so much longer than its run may: nothing that goes on is cut off by it."""


def inbound(graph: FlowGraph, event: CallArrived, uses: dict[str, Any], presence_ms: int) -> Turn:
    """An inbound call is answered and parked by the SWML that its platform fetches, so steps start at once."""
    call = Call(
        call_id=event.call_id,
        **room.kept({"from_": event.from_, "to": event.to}),
        direction="inbound",
        type=event.type,
        node_id=event.node_id,
        segment_id=event.segment_id,
        state="answered",
        headers=room.headers(event.headers),
    )
    turn = _begin(graph, event.at_ms, inbound_run_id(event.call_id), call, event.inputs, uses, presence_ms)
    _answered(turn)
    return turn


def outbound(graph: FlowGraph, event: RunRequested, uses: dict[str, Any], presence_ms: int) -> Turn:
    """An outbound call is dialled first; steps start when it is answered."""
    call = Call(call_id=CallId(""), from_=event.from_, to=event.to, direction="outbound")
    turn = _begin(graph, event.at_ms, event.run_id, call, event.inputs, uses, presence_ms)
    params: dict[str, Any] = {
        "to": event.to,
        "from": event.from_,
        "timeout": event.ring_timeout_s,
        "swml": parked_for(graph.limits.call_ms + _ORPHANED_MS),
        "status_events": ["created", "ringing", "answered", "ended"],
    }
    if event.max_price_per_minute is not None:
        params["max_price_per_minute"] = event.max_price_per_minute
    turn.send(
        "dial",
        params,
        control_id=turn.dial_id,
        reports=True,
    )
    turn.dial_waits = True
    _expect_an_end(turn, event.ring_timeout_s)
    return turn


def _expect_an_end(turn: Turn, ring_timeout_s: int) -> None:
    turn.timers["dial"] = turn.now_ms + ring_timeout_s * 1000 + 2 * SLACK_MS


def dial_resumed(turn: Turn, command: SendCommand) -> None:
    """The process went before the dial did: it goes now, unless nobody wants it any more or its time is over."""
    if _cancelled(turn) or turn.timers.get("dial", 0) <= turn.now_ms:
        turn.trace("skipped", "dial", "it never went out, and its moment is over")
        turn.pending.pop(command.seq)
        ending.end_run(turn, _cancelled(turn) or "error")
        return
    _expect_an_end(turn, command.params["timeout"])
    turn.commands.append(command)
    turn.trace("repeated", "dial", command.control_id or "")


def _begin(
    graph: FlowGraph,
    at_ms: int,
    run_id: RunId,
    call: Call,
    inputs: dict[str, Any],
    uses: dict[str, Any],
    presence_ms: int,
) -> Turn:
    state = RunState(
        run_id=run_id,
        digest=graph.digest,
        at_ms=at_ms,
        started_ms=at_ms,
        status="dialing",
        call=call,
        frame=frame_of(graph, inputs, number=0),
        uses=uses,
        presence_ms=presence_ms,
    )
    return Turn(graph, state, at_ms)


def _answered(turn: Turn) -> None:
    turn.status = "running"
    turn.timers.pop("dial", None)
    turn.timers.pop("dial_end", None)
    turn.timers["call"] = turn.now_ms + turn.graph.limits.call_ms
    turn.entering = turn.graph.start


def call_state_reported(turn: Turn, event: CallStateReported) -> None:
    """States may come late and out of order: only a step forward is taken."""
    order = ("created", "ringing", "answered", "ending", "ended")
    if event.call_id and turn.call.call_id and event.call_id != turn.call.call_id:
        turn.trace("refused", event.call_id, "another call leg")
        return
    _learn(turn, event.call_id, event.node_id, event.segment_id)
    if event.call_state == "ended":
        ending.call_ended(turn, event.end_reason or "hangup")
        return
    _cancel_if_wanted(turn)
    if order.index(event.call_state) <= order.index(turn.call.state) and turn.call.state != "created":
        turn.trace("late", event.call_state)
        return
    turn.call = replace(turn.call, state=event.call_state)
    _begin_if_answered(turn)


def dialed(turn: Turn, event: CommandAnswered) -> None:
    """Whether the far side answers comes by webhook; the answer only names the leg."""
    if event.kind == "accepted":
        leg = event.leg
        call_id = str(leg.get("id") or leg.get("call_id") or "")
        _learn(turn, call_id, str(leg.get("node_id") or ""), str(leg.get("segment_id") or ""))
        _cancel_if_wanted(turn)
        _begin_if_answered(turn)
    elif event.kind != "unknown" and turn.status == "dialing" and not turn.call.call_id:
        turn.trace("ignored", "dial", event.code or event.kind)
        ending.end_run(turn, _cancelled(turn) or ("error" if event.kind == "unavailable" else "rejected"))


def _learn(turn: Turn, call_id: str, node_id: str, segment_id: str) -> None:
    """A webhook may name the leg before the answer to `dial` does, or the other way about."""
    turn.dial_waits = False
    turn.call = replace(
        turn.call,
        call_id=turn.call.call_id or CallId(call_id),
        node_id=turn.call.node_id or node_id,
        segment_id=turn.call.segment_id or segment_id,
    )


def _begin_if_answered(turn: Turn) -> None:
    """Steps start when the call is answered and its leg is known: commands are about a leg."""
    dialing = turn.status == "dialing" and not isinstance(turn.doing, HangingUp)
    if dialing and turn.call.state == "answered" and turn.call.call_id:
        _answered(turn)


def found_answered(turn: Turn) -> None:
    """The voice log says that a dialled call was answered; the webhook that should have said so is lost."""
    if turn.status == "dialing":
        turn.call = replace(turn.call, state="answered")
        _begin_if_answered(turn)


def dial_overdue(turn: Turn) -> None:
    """No webhook said how the dialling ended: ask the voice log, and wait a little for either."""
    turn.timers["dial_end"] = turn.now_ms + LOOKUP_MS + SLACK_MS
    if turn.call.call_id:
        lookups.look_up(turn)


def dial_given_up(turn: Turn) -> None:
    """Nobody knows of an answer: the leg, should it still ring, is cancelled, and the run ends."""
    ending.hang_up(turn, _cancelled(turn) or "lost", api_reason="cancel")


def cancel_requested(turn: Turn) -> None:
    """A call that is being dialled is hung up as soon as its leg is known; one that is answered is its flow's."""
    if turn.status != "dialing" or isinstance(turn.doing, HangingUp):
        turn.trace("late", "cancel")
        return
    turn.doing = HangingUp(seq=0, reason="cancel", api_reason="cancel")
    _cancel_if_wanted(turn)


def _cancel_if_wanted(turn: Turn) -> None:
    if _cancelled(turn) and turn.call.call_id:
        ending.hang_up(turn, "cancel", api_reason="cancel")


def _cancelled(turn: Turn) -> str:
    """The end reason of a run whose leg was not known when it was cancelled; else empty."""
    doing = turn.doing
    return doing.reason if isinstance(doing, HangingUp) and doing.seq == 0 else ""


def late_leg(turn: Turn, event: CallStateReported) -> None:
    """A leg turns up after its run was given up, because neither an answer nor a webhook told of it, or is answered
    though it was to be cancelled: nobody would drive it, so it is ended."""
    call = turn.call
    turns_up = bool(event.call_id) and not call.call_id and event.call_state != "ended"
    was_given_up = bool(call.call_id) and call.state != "ended" and not turn.steps
    if turns_up or (was_given_up and event.call_state == "answered" and event.call_id in ("", call.call_id)):
        _learn(turn, event.call_id, event.node_id, event.segment_id)
        turn.send("calling.end", {"reason": "cancel"})
        turn.pending = {}
