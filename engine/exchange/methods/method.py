"""What the methods' files are made of."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from engine.exchange.turn import Turn

Run = Callable[[Turn, str, Any], bool]
"""Does a method, given (turn, call_id, value); True when the script stops here for now."""


class Method(Struct, frozen=True):
    """One method. Placeholders in its value are replaced before it runs, except in the fields `but`; `raw`: in none."""

    run: Run
    but: tuple[str, ...] = ()
    raw: bool = False


def fields(value: Any) -> dict[str, Any]:
    """Of what is no object, nothing."""
    return value if isinstance(value, dict) else {}


def methods(value: Any) -> tuple[Any, ...]:
    """A list of methods; of what is none, no methods."""
    return tuple(value) if isinstance(value, list) else ()


def number(value: Any, default: float) -> float:
    """It may come as text. What is none, or negative, is the default."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return default
    return found if 0 <= found < _MOST else default


def seconds_ms(value: Any, default_s: float) -> int:
    return round(number(value, default_s) * 1_000)


_MOST = 2.0**31
