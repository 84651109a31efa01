"""enter_queue."""

from typing import Any

from engine.exchange import line
from engine.exchange.effects import Heard
from engine.exchange.families import waiting
from engine.exchange.live_swml import Queue
from engine.exchange.methods.connect import after_bridge
from engine.exchange.methods.method import Method, fields, seconds_ms
from engine.exchange.turn import Turn

_WAIT_S = 3_600


def _enter_queue(turn: Turn, call_id: str, value: Any) -> bool:
    asked = fields(value)
    line.answer(turn, call_id)
    verdict = waiting.verdict(turn)
    waiting.begin(
        turn,
        call_id,
        Queue(
            status_url=str(asked.get("status_url") or ""),
            name=str(asked.get("queue_name") or ""),
            entered_ms=turn.now_ms,
            gives_up_ms=turn.now_ms + seconds_ms(asked.get("wait_time"), _WAIT_S),
            verdict=verdict,
            until_ms=turn.now_ms + (verdict.after_ms or 0),
            then=after_bridge(asked),
        ),
    )
    if asked.get("wait_url"):
        music = str(asked["wait_url"])
        turn.emit(Heard(call_id=call_id, at_ms=turn.now_ms, sound="audio", text=music, duration_ms=0))
    return True


METHODS = {"enter_queue": Method(_enter_queue, but=("transfer_after_bridge",))}
