"""The line is opened."""

from engine.exchange.caller import Caller
from engine.exchange.turn import Turn
from engine.exchange.webhooks import report_call


def answer(turn: Turn, call_id: str) -> None:
    """The line is open; for a dialled call it is the callee's turn now. Twice is once."""
    call = turn.calls[call_id]
    if call.state == "answered":
        return
    caller = call.caller or (Caller(script=call.callee_script) if call.callee_script else None)
    turn.change(call_id, state="answered", answered_ms=turn.now_ms, caller=caller)
    turn.progress(call_id, "answered")
    report_call(turn, call_id)
    turn.prompt_caller(call_id)
