"""set, unset."""

from typing import Any

from engine.exchange import script
from engine.exchange.methods.method import Method, fields
from engine.exchange.turn import Turn


def _set(turn: Turn, call_id: str, value: Any) -> bool:
    turn.change(call_id, vars={**turn.calls[call_id].vars, **fields(value)})
    return False


def _unset(turn: Turn, call_id: str, value: Any) -> bool:
    names = value if isinstance(value, list) else [value]
    script.set_vars(turn, call_id, **{str(name): None for name in names})
    return False


METHODS = {"set": Method(_set), "unset": Method(_unset)}
