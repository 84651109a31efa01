"""HTTP answers to commands. A webhook may have overtaken the answer; then the webhook has spoken."""

from typing import Any

from msgspec.structs import replace

from engine.interpret import calls, ending, lookups, notice, operations, position
from engine.interpret.steps import ask
from engine.interpret.turn import AWAY, Turn
from engine.model.commands import SendCommand
from engine.model.events import CommandAnswered
from engine.model.limits import SLACK_MS
from engine.model.state import HangingUp, Operation, Ordering
from engine.model.verbs import COMMANDS, VERB

_STOPS = ("calling.record.stop", "calling.transcribe.stop")


def answered(turn: Turn, event: CommandAnswered) -> None:
    command = turn.pending.pop(event.seq, None)
    if not isinstance(command, SendCommand):
        turn.trace("late", f"answer {event.seq}", event.kind)
        return
    if command.command == "dial" and command.control_id == turn.dial_id:
        calls.dialed(turn, event)
        return
    if event.kind == "gone" and _about_own_call(turn, command):
        _never_began(turn, command, event)
        ending.call_ended(turn, "hangup")
        return
    op = turn.operations.get(command.control_id) if command.control_id else None
    if op is not None and op.seq == event.seq:
        _started(turn, command, event, op)
    elif op is not None and op.phase != "over" and event.kind == "gone":
        # An order that finds nothing says that the operation is over, not that the call is. How it
        # ended is for its last report to say, which may be on its way.
        turn.put(replace(op, due_ms=turn.now_ms + SLACK_MS))
    if op is not None and command.command == "calling.record.pause" and event.kind != "accepted":
        _still_records(turn, op)
    if op is not None and event.kind in ("accepted", "gone"):
        _is_stopped(turn, command, op)
    ask.ordered(turn, event.seq, event.kind)
    doing = turn.doing
    if isinstance(doing, Ordering) and doing.seq == event.seq and doing.control_id is None:
        _ordered(turn, command, event)
    elif isinstance(doing, HangingUp) and doing.seq == event.seq:
        _hung_up(turn, event, doing)


def _still_records(turn: Turn, op: Operation) -> None:
    """A pause that was not accepted: the recording is not taken for paused, so a secret will not be heard in it."""
    op = turn.operations.get(op.control_id, op)
    if op.paused and op.phase != "over":
        turn.put(replace(op, paused=False))


def _is_stopped(turn: Turn, command: SendCommand, op: Operation) -> None:
    """Of what may hear a secret it is kept that its stop was confirmed."""
    if command.command in _STOPS:
        turn.put(replace(turn.operations[op.control_id], stopped=True))


def failure(event: CommandAnswered) -> dict[str, Any]:
    """The fields of a step whose command failed."""
    return {"code": event.code or f"http_{event.http_status}", "message": event.message}


def _about_own_call(turn: Turn, command: SendCommand) -> bool:
    """What a 404 is about: an operation's start, a hang-up, an update of the own leg, or an order that names
    nothing else is about the call. To any other order it may be about what that names (an operation, a
    sidecar, another leg)."""
    if command.command == "update":
        return bool(command.params.get("id", turn.call.call_id) == turn.call.call_id)
    row = COMMANDS.get(command.command)
    return row is None or row.shape == "operation" or row.needs_only_call


def _never_began(turn: Turn, command: SendCommand, event: CommandAnswered) -> None:
    """What was to be started on a call that is gone: its last report is not to be waited for."""
    op = turn.operations.get(command.control_id) if command.control_id else None
    if op is not None and op.seq == event.seq and op.phase == "requested" and not command.repeated:
        turn.forget(op)


def _started(turn: Turn, command: SendCommand, event: CommandAnswered, op: Operation) -> None:
    refused = event.kind in ("rejected", "unavailable")
    if refused and (op.phase != "requested" or command.repeated):
        # It has reported, or was sent before a crash and most likely accepted then: a repeat is told
        # that its control_id is in use. Should it not live after all, its deadline will show.
        refused = False
    if refused:
        outcome = "rejected" if event.kind == "rejected" else "error"
        notice.on_over(turn, operations.over(turn, op, outcome, failure(event)))
    elif event.kind == "unknown" and op.verb in AWAY:
        # The call may be away or not: fetched back, it is certainly here.
        notice.lost(turn, op, failure(event))
    elif event.kind != "unknown" and op.phase == "requested":
        notice.on_change(turn, turn.put(operations.alive(turn, op)))


def _ordered(turn: Turn, command: SendCommand, event: CommandAnswered) -> None:
    """An order (a stop, the timers, update) is over with its answer; a redirect takes the call away."""
    verb = VERB[turn.step.verb]
    if event.kind == "accepted" and verb.ending:
        ending.end_run(turn, "redirected")
    elif event.kind == "accepted" and _completes(turn, command):
        position.finish(turn, "accepted")
        ending.completed(turn)
    elif event.kind == "accepted":
        position.finish(turn, "accepted", {name: str(event.leg.get(key, "")) for name, key in verb.answers.items()})
    elif event.kind == "gone" and (command.control_id or verb.literal):
        # A stop that finds nothing: what it was to stop is over.
        position.finish(turn, "accepted")
    elif event.kind == "gone" and command.command not in ("update", "dial"):
        # It may be the call that is not there.
        position.finish(turn, "rejected", failure(event))
        lookups.look_up(turn)
    elif event.kind == "unknown":
        position.finish(turn, "lost", failure(event))
    elif event.kind == "unavailable":
        position.finish(turn, "error", failure(event))
    else:
        position.finish(turn, "rejected", failure(event))


def _completes(turn: Turn, command: SendCommand) -> bool:
    """An `update` that ends the run's own call."""
    return command.params.get("status") == "completed" and _about_own_call(turn, command)


def _hung_up(turn: Turn, event: CommandAnswered, doing: HangingUp) -> None:
    """A leg that cannot be ended is over, or will be by the platform's own rules. Where nobody knows
    (unavailable, unknown), the step's timer sends it again."""
    if event.kind in ("accepted", "rejected"):
        ending.call_ended(turn, doing.reason)
