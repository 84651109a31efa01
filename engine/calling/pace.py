"""How many requests a space takes, as a value that knows no clock: every time comes in.

The platform counts POSTs per ten seconds. A bucket that holds as many tokens as that and is refilled
at the same rate would let twice as many through in its first ten seconds, so this remembers when the
last ones went instead. It allows the whole limit at once, and never more in any period.
"""

from array import array

from msgspec import Struct


class Rates(Struct, frozen=True, kw_only=True):
    """What a space allows: `posts` in any `period_ms` (1,380 a second), and dials a second."""

    posts: int = 13_800
    period_ms: int = 10_000
    dials_per_s: float = 1.0


class Window:
    """At most `limit` in any `period_ms`.

    A clock that is set back costs one period at the most.
    """

    __slots__ = ("_limit", "_next", "_period_ms", "_times")

    def __init__(self, limit: int, period_ms: int) -> None:
        if limit < 1 or period_ms < 0:
            raise ValueError(f"a limit of {limit} in {period_ms} ms lets nothing through")
        self._limit = limit
        self._period_ms = period_ms
        # The last `limit` times as a ring: the one that is overwritten next is the oldest.
        self._times = array("q", [-period_ms]) * limit
        self._next = 0

    def when(self, now_ms: int, ahead: int = 0) -> int:
        """The earliest time for one that has `ahead` others before it; `now_ms` when it may go."""
        rounds, place = divmod(ahead, self._limit)
        oldest_ms = self._times[(self._next + place) % self._limit]
        free_ms = min(oldest_ms, now_ms) + self._period_ms
        return max(now_ms, free_ms) + rounds * self._period_ms

    def free(self, now_ms: int) -> bool:
        """`when(now_ms) <= now_ms`, for the many times that nobody waits."""
        return self._times[self._next] <= now_ms - self._period_ms

    def take(self, now_ms: int) -> None:
        """One goes now."""
        self._times[self._next] = now_ms
        self._next = (self._next + 1) % self._limit


def posts(rates: Rates) -> Window:
    return Window(rates.posts, rates.period_ms)


def dials(rates: Rates) -> Window:
    """One at a time, evenly: the platform queues what comes faster, and then rings late."""
    return Window(1, round(1000 / rates.dials_per_s))
