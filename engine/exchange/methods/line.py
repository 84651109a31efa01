"""answer, sleep, hangup."""

from typing import Any

from engine.exchange import life, line, script
from engine.exchange.command import milliseconds
from engine.exchange.methods.method import Method, fields
from engine.exchange.state import EndReason, Step
from engine.exchange.turn import Turn

_REASONS: dict[str, EndReason] = {"busy": "busy", "decline": "decline"}


def _answer(turn: Turn, call_id: str, value: Any) -> bool:
    """The line is open, for `max_duration` seconds at most where it says so."""
    line.answer(turn, call_id)
    script.set_vars(turn, call_id, answer_result="success")
    seconds = fields(value).get("max_duration")
    if isinstance(seconds, int) and seconds > 0 and life.is_live(turn, call_id):
        steps = turn.calls[call_id].steps
        turn.change(call_id, steps=(*steps, Step(turn.now_ms + milliseconds(seconds), "max_duration")))
    return False


def _sleep(turn: Turn, call_id: str, value: Any) -> bool:
    """Milliseconds; `duration: -1` never ends: the call is parked."""
    duration = value.get("duration") if isinstance(value, dict) else value
    if isinstance(duration, int) and duration >= 0:
        steps = turn.calls[call_id].steps
        turn.change(call_id, steps=(*steps, Step(turn.now_ms + duration, "script")))
    return True


def _hangup(turn: Turn, call_id: str, value: Any) -> bool:
    life.end(turn, call_id, _REASONS.get(str(fields(value).get("reason")), "hangup"))
    return True


METHODS = {"answer": Method(_answer), "sleep": Method(_sleep), "hangup": Method(_hangup)}
