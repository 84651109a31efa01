"""Time, as the shell sees it: Unix milliseconds that never run backwards, never stand still, and do not jump."""

import time
from collections.abc import Callable
from functools import partial

_SLEW = 0.1
"""How much faster or slower than time this clock runs, until it agrees with the wall's again."""
_TRUSTED_S = 86_400.0
"""A wall that is further ahead than this was wrong before, rather than now: it is believed at once."""


_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)
passing: Callable[[], float] = time.monotonic if _BOOT is None else partial(time.clock_gettime, _BOOT)
"""Seconds since some moment; on Linux those in which the machine slept are among them."""


class Clock:
    """`wall` gives Unix seconds, and may be set to another time at any moment; `steady` gives seconds that pass.

    When the wall is set, waits are to take as long as they would have taken, and calls to go on: this clock goes on
    with the steady one, and comes nearer to the wall by a tenth of what passes. With a `wall` and no `steady` (tests)
    time passes as the wall says. `jumped_s` is how far it has followed one that was believed at once.
    """

    def __init__(self, wall: Callable[[], float] | None = None, steady: Callable[[], float] | None = None) -> None:
        self._wall = wall or time.time
        self._steady = steady or wall or passing
        self.jumped_s = 0.0
        self._now_s = self._wall()
        self._at_s = self._steady()

    def not_before(self, ms: int) -> None:
        """It was that late already, as a process before this one has written down."""
        self._now_s = max(self._now_s, ms / 1000)

    @property
    def ahead_s(self) -> float:
        """Of the machine's clock; less than nothing: behind it."""
        return self.now_ms() / 1000 - self._wall()

    def now_ms(self) -> int:
        at_s = self._steady()
        passed_s = at_s - self._at_s
        if passed_s > 0:
            self._now_s += passed_s
        else:
            passed_s = 0.0
        self._at_s = at_s
        ahead_s = self._wall() - self._now_s
        most_s = passed_s * _SLEW
        if ahead_s > _TRUSTED_S:
            self.jumped_s += ahead_s
            self._now_s += ahead_s
        elif -most_s <= ahead_s <= most_s:
            self._now_s += ahead_s
        else:
            self._now_s += most_s if ahead_s > 0 else -most_s
        return int(self._now_s * 1000)
