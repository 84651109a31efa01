"""Time, as the shell sees it: Unix milliseconds that never run backwards."""

import time
from collections.abc import Callable


class Clock:
    """`wall` gives Unix seconds; a clock that is set back stands still until it has caught up."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._last_ms = 0

    def now_ms(self) -> int:
        self._last_ms = max(self._last_ms, int(self._wall() * 1000))
        return self._last_ms
