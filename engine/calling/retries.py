"""When to try again: with exponential backoff and jitter, or when the platform says. Whether: `engine.wire.repeats`."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from random import Random

from engine.calling.transport import LIMIT_HEADERS, Limits
from engine.model.limits import ACCEPT_MS, LOOKUP_MS, NOT_AFTER_MS
from engine.wire.repeats import BUDGET_MS, DOUBT_BUDGET_MS, FIRST_MS, LONGEST_MS

LOOKUP_BUDGET_MS = 5_000
"""As `BUDGET_MS`, for a look-up."""
LONGEST_HOLD_MS = 10_000
"""The period of the platform's limit. A longer wait named by an answer that was not a refusal is about
something else."""

# The engine stops waiting at these; the client must have reported by then, queueing included.
_defaults = Limits()
_attempt_ms = _defaults.request_ms + _defaults.queue_ms
assert BUDGET_MS + _attempt_ms <= ACCEPT_MS
assert DOUBT_BUDGET_MS + _attempt_ms <= NOT_AFTER_MS
assert LOOKUP_BUDGET_MS + _attempt_ms <= LOOKUP_MS

_EPOCH_S = 1_000_000_000
"""A reset time beyond this is a Unix time, below it a number of seconds to wait."""


def pause_ms(attempt: int, rng: Random) -> int:
    """How long to wait after the attempt (the first is 0): half of it fixed, half of it drawn, so
    that runs which failed together do not come back together."""
    longest = min(LONGEST_MS, FIRST_MS << min(attempt, 10))
    return longest // 2 + rng.randrange(longest // 2)


def asked_ms(headers: Mapping[str, str], now_ms: int) -> int:
    """How long the answer's headers ask to wait, 0 where they say nothing that can be read.

    `Retry-After` in seconds or as a date; else the reset of a rate limit of which nothing remains.
    """
    if found := headers.get("retry-after", ""):
        return _retry_after_ms(found, now_ms)
    return used_up_ms(headers, now_ms)


def used_up_ms(headers: Mapping[str, str], now_ms: int) -> int:
    """How long until the reset of a rate limit of which nothing remains; 0 where that is not said."""
    for prefix in LIMIT_HEADERS:
        reset = _seconds(headers.get(f"{prefix}reset", ""))
        if reset is not None and _seconds(headers.get(f"{prefix}remaining", "0")) == 0:
            return _until(reset * 1000, now_ms) if reset > _EPOCH_S else round(reset * 1000)
    return 0


def _retry_after_ms(text: str, now_ms: int) -> int:
    seconds = _seconds(text)
    if seconds is not None:
        return round(seconds * 1000)
    try:
        return _until(parsedate_to_datetime(text).timestamp() * 1000, now_ms)
    except (ValueError, OverflowError, OSError):
        return 0


def _until(at_ms: float, now_ms: int) -> int:
    return max(0, round(at_ms) - now_ms)


def _seconds(text: str) -> float | None:
    """A plain number of seconds, as in `2` and `0.5`; never `nan` or `1e400`."""
    whole, _, fraction = text.strip().partition(".")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdecimal()) or not 0 < len(digits) < 16:
        return None
    return float(text)
