"""While a secret is entered, nobody listens: recordings are silenced and transcriptions stopped, and go on afterwards.

A recording that the flow has paused stays paused. Which ones are to go on is kept in `Asking.silenced`, so a crash in
between changes nothing: the orders are repeated (`resume.py`), and the way out of the step is the same.
"""

from engine.interpret import operations
from engine.interpret.turn import Turn
from engine.model.graph import AskValue
from engine.model.ids import ControlId
from engine.model.state import Asking, Operation

_PAUSE, _RESUME = "calling.record.pause", "calling.record.resume"


def silence(turn: Turn, value: AskValue) -> tuple[ControlId, ...]:
    """What has been silenced. Orders go out before anything is collected."""
    if value.secrecy != "secret":
        return ()
    found = sorted((op for op in turn.live() if _listens(op, value)), key=_seq)
    for op in found:
        if op.verb == "record":
            turn.send(_PAUSE, {"behavior": "silence"}, control_id=op.control_id)
        else:
            operations.stop(turn, op)
    return tuple(op.control_id for op in found)


def _seq(op: Operation) -> int:
    return op.seq


def _listens(op: Operation, value: AskValue) -> bool:
    if op.stopping:
        return False
    return op.verb == "transcribe" or (op.verb == "record" and not op.paused and not value.record_while_secret)


def lift(turn: Turn, doing: Asking) -> None:
    """The step is over, however it ended. A recording may have ended meanwhile; a transcription was stopped."""
    if turn.call_is_over:
        return
    for control in doing.silenced:
        op = turn.operations.get(control)
        if op is None:
            continue
        if op.verb == "transcribe":
            operations.start_anew(turn, op)
        elif op.phase != "over" and not op.stopping:
            turn.send(_RESUME, {}, control_id=control)
