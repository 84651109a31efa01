"""Tells when the machine's clock is set to another time: the runner's does not follow, and somebody has to know."""

import logging
from datetime import timedelta

import anyio

from engine.runner.clock import Clock

log = logging.getLogger("offhook.runner")
_EVERY_S = 5.0
_TOLD_S = 5.0
"""What a clock is off by when it is told."""


class Timekeeping:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told_s = self._jumped_s = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self.look()
            await anyio.sleep(_EVERY_S)

    def look(self) -> None:
        """Says each time that it was set, when half of that is made up for, and when the two agree again."""
        ahead_s = self._clock.ahead_s
        jumped_s, self._jumped_s = self._clock.jumped_s - self._jumped_s, self._clock.jumped_s
        if jumped_s:
            log.warning(
                "this machine's clock was set forth by %s, and is believed: what was to be by now, is. If it is wrong"
                " now, set it right, and start the runner again once no run lives",
                timedelta(seconds=round(jumped_s)),
            )
        if abs(ahead_s) >= _TOLD_S and abs(ahead_s - self._told_s) >= _TOLD_S + abs(self._told_s) / 2:
            self._told_s = ahead_s
            log.warning(
                "this machine's clock is %s %s the runner's, which goes on from what the journal was last written at:"
                " is it right? Waits of calls keep their lengths; `now` and opening hours are off until the two agree",
                timedelta(seconds=round(abs(ahead_s))),
                "behind" if ahead_s > 0 else "ahead of",
            )
        elif self._told_s and abs(ahead_s) < _TOLD_S / 2:
            self._told_s = 0.0
            log.info("this machine's clock and the runner's agree again")
