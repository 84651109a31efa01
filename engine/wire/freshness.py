"""How old a webhook says that it is.

An envelope carries a `timestamp`; the flat shape has none. Its unit is not documented: seconds, milliseconds and
microseconds since 1970 are told apart by their size, anything else says nothing. One from the future is let pass, since
it is ours that may be the wrong clock, and nobody without the signing key can make one.
"""

from engine.model.limits import REPLAY_MS
from engine.wire.webhooks import Reported

_OLDEST_S, _LATEST_S = 10**9, 10**10
"""The years 2001 to 2286."""


def minutes_too_old(event: Reported, now_ms: int) -> int:
    """Its age in minutes where that is more than anything has that is late: it was heard once, and is played again.
    Otherwise 0."""
    said_ms = _said_ms(event.extra.get("timestamp"))
    return (now_ms - said_ms) // 60_000 if said_ms is not None and now_ms - said_ms > REPLAY_MS else 0


def _said_ms(said: object) -> int | None:
    if isinstance(said, str) and len(said) <= 20 and said.isascii() and said.replace(".", "", 1).isdecimal():
        said = float(said)
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    for per_s in (1, 1_000, 1_000_000):
        if _OLDEST_S * per_s <= said < _LATEST_S * per_s:
            return int(said * 1_000 / per_s)
    return None
