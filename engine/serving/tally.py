"""What happens too often for a line each: counted, and said once in a while."""

import logging
import time
from collections.abc import Callable

_EVERY_S = 10.0
_SOURCES = 1_000
"""More sources than this are counted together."""
_OTHERS = "others"


class Tally:
    """`count` says the first of a kind from a source at once, and how many more there were every 10 s. `total` is all
    that was counted, by kind."""

    def __init__(self, log: logging.Logger, now_s: Callable[[], float] | None = None) -> None:
        self.total: dict[str, int] = {}
        self._log = log
        self._now_s = now_s or time.monotonic
        self._since: dict[tuple[str, str], tuple[float, int]] = {}

    def count(self, what: str, source: str) -> None:
        self.total[what] = self.total.get(what, 0) + 1
        now_s = self._now_s()
        key = (what, source)
        if key not in self._since and len(self._since) >= _SOURCES:
            self._forget(now_s)
            key = key if len(self._since) < _SOURCES else (what, _OTHERS)
        said_s, unsaid = self._since.get(key, (now_s - _EVERY_S, 0))
        if now_s - said_s >= _EVERY_S:
            self._log.warning("%s: %d from %s", what, unsaid + 1, key[1])
            self._since[key] = (now_s, 0)
        else:
            self._since[key] = (said_s, unsaid + 1)

    def _forget(self, now_s: float) -> None:
        """Those that have been quiet for a while; what they had left to say is said."""
        for (what, source), (said_s, unsaid) in list(self._since.items()):
            if now_s - said_s >= _EVERY_S:
                if unsaid:
                    self._log.warning("%s: %d from %s", what, unsaid, source)
                del self._since[what, source]
