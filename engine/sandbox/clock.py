"""The sandbox's time: the wall clock's, or faster by a factor."""

import time
from collections.abc import Callable


class Clock:
    """Unix milliseconds that run `speed` times as fast as the wall clock, from now on.

    `monotonic` (seconds) can be given, so that a test decides what time it is.
    """

    def __init__(self, *, speed: float = 1.0, monotonic: Callable[[], float] = time.monotonic) -> None:
        if speed <= 0:
            raise ValueError("speed must be above 0")
        self.speed = speed
        self._monotonic = monotonic
        self._began_s = monotonic()
        self._began_ms = int(time.time() * 1_000)

    def now_ms(self) -> int:
        return self._began_ms + int((self._monotonic() - self._began_s) * 1_000 * self.speed)

    def seconds_until(self, at_ms: int) -> float:
        """Wall-clock seconds until then; 0 when it has passed."""
        return max(0.0, (at_ms - self.now_ms()) / 1_000 / self.speed)
