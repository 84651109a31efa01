"""A secret is asked for when nobody listens: recordings are silenced and transcriptions stopped, and go on afterwards.

What is not known to be silent is not taken to be. For each that may listen (`Silencing.orders`):

    what was sent     accepted, or it is over   refused, or not answered in time
    record.pause      silent                    record.stop: better a shorter recording than one with a secret in it
    any stop          silent                    the step fails, before anything is played or collected

A recording that the flow has paused stays paused, and what the flow has stopped stays stopped, as soon as that is
confirmed. Which ones are to go on is kept in `silenced`, so a crash in between changes nothing: the orders are
repeated (`resume.py`), and the way out of the step is the same.
"""

from msgspec.structs import replace

from engine.interpret import operations
from engine.interpret.turn import Turn
from engine.model.commands import SendCommand
from engine.model.events import AnswerKind
from engine.model.graph import AskValue
from engine.model.ids import ControlId
from engine.model.limits import ACCEPT_MS, SLACK_MS
from engine.model.state import Asking, Operation, Silencing

_PAUSE, _RESUME = "calling.record.pause", "calling.record.resume"
_NEVER_BEGAN = ("rejected", "error")


def silence(turn: Turn, value: AskValue) -> Silencing:
    """Sends the orders; the secret may be asked for when none of them is open."""
    listening = ("transcribe",) if value.record_while_secret else ("record", "transcribe")
    doing = Silencing(orders={}, silenced=())
    for op in sorted(turn.operations.values(), key=_seq):
        if op.verb in listening and not _is_silent(op):
            doing = _order(turn, doing, op)
    turn.timers["step"] = turn.now_ms + ACCEPT_MS
    return doing


def _seq(op: Operation) -> int:
    return op.seq


def _is_silent(op: Operation) -> bool:
    """It has never begun, has said that it is over, or its stop was confirmed. Being overdue is no proof."""
    never_began = op.phase == "over" and not op.seen and op.outcome in _NEVER_BEGAN
    return never_began or op.stopped or operations.has_ended(op)


def _order(turn: Turn, doing: Silencing, op: Operation) -> Silencing:
    if op.paused:
        return _with(doing, op, _under_way(turn, op, _PAUSE))
    if op.stopping or op.phase == "over":
        stop = operations.life_of(op).stop
        return _with(doing, op, _under_way(turn, op, stop) or turn.send(stop, {}, control_id=op.control_id))
    if op.verb == "record":
        seq = turn.send(_PAUSE, {"behavior": "silence"}, control_id=op.control_id)
    else:
        seq = _stop(turn, op)
    return replace(_with(doing, op, seq), silenced=(*doing.silenced, op.control_id))


def _with(doing: Silencing, op: Operation, seq: int) -> Silencing:
    return replace(doing, orders={**doing.orders, op.control_id: seq}) if seq else doing


def _under_way(turn: Turn, op: Operation, command: str) -> int:
    """The seq of such an order of the flow's own that has no answer yet, or 0."""
    sent = [one for one in turn.pending.values() if isinstance(one, SendCommand) and one.command == command]
    return max((one.seq for one in sent if one.control_id == op.control_id), default=0)


def _stop(turn: Turn, op: Operation) -> int:
    """It is not taken for over before its stop can have been answered."""
    operations.stop(turn, op)
    turn.put(replace(turn.operations[op.control_id], due_ms=turn.now_ms + ACCEPT_MS + SLACK_MS))
    return turn.seq


def answered(turn: Turn, doing: Silencing, control: ControlId, kind: AnswerKind) -> Silencing | None:
    """What is still open after the answer to an order. None: the operation cannot be silenced."""
    left = _without(doing, control)
    op = turn.operations.get(control)
    if kind in ("accepted", "gone") or op is None or _is_silent(op):
        return left
    if op.stopping or op.phase == "over":
        operations.goes_on(turn, op)
        return None
    if kind == "rejected":
        left = replace(left, silenced=tuple([one for one in left.silenced if one != control]))
    turn.timers["step"] = turn.now_ms + ACCEPT_MS
    return _with(left, op, _stop(turn, op))


def reported(doing: Silencing, op: Operation) -> Silencing:
    """What is over by its own report need not be waited for."""
    return _without(doing, op.control_id) if _is_silent(op) else doing


def _without(doing: Silencing, control: ControlId) -> Silencing:
    return replace(doing, orders={one: seq for one, seq in doing.orders.items() if one != control})


def lift(turn: Turn, doing: Asking | Silencing) -> None:
    """The step is over, however it ended. A recording may have ended meanwhile; a transcription was stopped."""
    if turn.call_is_over:
        return
    for control in doing.silenced:
        op = turn.operations.get(control)
        if op is None:
            continue
        over = op.phase == "over" or op.stopping
        if op.verb == "transcribe" and over:
            operations.start_anew(turn, op)
        elif op.verb == "record" and not over:
            turn.send(_RESUME, {}, control_id=control)
