"""The life of a call: ended, forgotten."""

from engine.exchange import operations
from engine.exchange.state import EndReason, Step
from engine.exchange.turn import Turn
from engine.exchange.webhooks import report_call


def is_live(turn: Turn, call_id: str) -> bool:
    call = turn.calls.get(call_id)
    return call is not None and not call.is_over


def end(turn: Turn, call_id: str, reason: EndReason) -> None:
    """The call is ending, and with it everything that was live on it. Twice is once."""
    if not is_live(turn, call_id):
        return
    answered = turn.calls[call_id].state == "answered"
    turn.change(call_id, state="ending", end_reason=reason)
    if answered:
        report_call(turn, call_id)
    operations.hang_up(turn, call_id)
    turn.change(call_id, operations=(), steps=(), script=(), frames=(), fetch=None)
    if answered and turn.options.ending_ms:
        turn.change(call_id, steps=(Step(turn.now_ms + turn.options.ending_ms, "over"),))
    else:
        over(turn, call_id)


def over(turn: Turn, call_id: str) -> None:
    """An ending call has ended."""
    call = turn.change(call_id, state="ended", ended_ms=turn.now_ms, steps=())
    turn.progress(call_id, "ended", detail=str(call.end_reason))
    report_call(turn, call_id)
    _forget(turn, call_id)


def _forget(turn: Turn, call_id: str) -> None:
    """Ended calls are remembered for the voice log, but not without end."""
    turn.ended = (*turn.ended, call_id)
    while len(turn.ended) > max(1, turn.options.keep_ended):
        turn.calls.pop(turn.ended[0], None)
        turn.ended = turn.ended[1:]
