"""connect: one destination, several after each other (`serial`), at once (`parallel`), or rounds of several.

`ringback` is heard once. `confirm` is taken for said: nobody asks the far side, and nothing of it runs.
"""

from typing import Any

from engine.exchange import line, script
from engine.exchange.effects import Heard
from engine.exchange.families import bridge
from engine.exchange.live_swml import Bridge, Ring
from engine.exchange.methods.branching import of_result
from engine.exchange.methods.method import Method, fields, seconds_ms
from engine.exchange.methods.sound import items
from engine.exchange.turn import Turn

_TIMEOUT_S = 60
_MOST_S = 14_400


def _connect(turn: Turn, call_id: str, value: Any) -> bool:
    asked = fields(value)
    late = asked.get("answer_on_bridge") is True
    if not late:
        line.answer(turn, call_id)
    rounds = tuple(one for one in _rounds(asked) if one)
    result = of_result(asked.get("result"), "connect_result")
    if not rounds:
        script.set_vars(turn, call_id, connect_result="failed", return_value="failed", connect_failed_reason="error")
        script.put_first(turn, call_id, result)
        return False
    bridge.begin(
        turn,
        call_id,
        Bridge(
            status_url=str(asked.get("status_url") or ""),
            rounds=rounds,
            most_ms=seconds_ms(asked.get("max_duration"), _MOST_S),
            then=after_bridge(asked),
            result=result,
        ),
    )
    _ringback(turn, call_id, asked.get("ringback"))
    return True


def after_bridge(asked: dict[str, Any]) -> tuple[Any, ...]:
    """What `transfer_after_bridge` stands for."""
    dest = asked.get("transfer_after_bridge")
    return ({"transfer": {"dest": dest}},) if dest else ()


def _rounds(asked: dict[str, Any]) -> list[tuple[Ring, ...]]:
    timeout = asked.get("timeout")
    if "to" in asked:
        return [_rings([asked], timeout)]
    if "serial" in asked:
        return [_rings([each], timeout) for each in _list(asked["serial"])]
    if "parallel" in asked:
        return [_rings(_list(asked["parallel"]), timeout)]
    return [_rings(_list(each), timeout) for each in _list(asked.get("serial_parallel"))]


def _rings(destinations: list[Any], timeout: Any) -> tuple[Ring, ...]:
    named = [fields(each) for each in destinations if fields(each).get("to")]
    return tuple(
        Ring(to=str(each["to"]), timeout_ms=seconds_ms(each.get("timeout", timeout), _TIMEOUT_S)) for each in named
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _ringback(turn: Turn, call_id: str, sounds: Any) -> None:
    for item in items(sounds, turn.options)[:1]:
        turn.emit(Heard(call_id=call_id, at_ms=turn.now_ms, sound=item.sound, text=item.text, duration_ms=0))


METHODS = {"connect": Method(_connect, but=("confirm", "result", "transfer_after_bridge"))}
