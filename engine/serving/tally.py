"""What is refused or in vain, by its kind and by whom: counted, and said once in a while, however often it happens.

Whoever is refused must be found in the log, and must not be able to fill it.
"""

import logging
import time
from collections.abc import Callable

import anyio
from msgspec import Struct

_EVERY_S = 10.0
_LINES = 100
"""So many kinds and sources have lines of their own in these 10 s; those above them are told together."""
_OTHERS = "other sources"


class _Counted(Struct):
    """Of one kind from one source: `unsaid` since the last line, `all` since the first; `quiet`: none since the last look."""

    unsaid: int = 0
    all: int = 0
    quiet: bool = True


class Tally:
    """`count` says the first of a kind from a source at once, `tell` how many more there were. `total` is all that was
    counted, by kind."""

    def __init__(
        self, log: logging.Logger, now_s: Callable[[], float] | None = None, *, level: int = logging.WARNING
    ) -> None:
        self.total: dict[str, int] = {}
        self._log = log
        self._level = level
        self._now_s = now_s or time.monotonic
        self._told_s = self._now_s()
        self._counted: dict[tuple[str, str], _Counted] = {}

    def count(self, what: str, source: str, detail: str = "", **ids: str) -> None:
        """`what` is one of a few texts; `detail`, and the `ids` of what was meant, are said of the first."""
        self.total[what] = self.total.get(what, 0) + 1
        if self._now_s() - self._told_s >= _EVERY_S:
            self.tell()
        if (what, source) not in self._counted and len(self._counted) >= _LINES:
            source = _OTHERS
        counted = self._counted.setdefault((what, source), _Counted())
        first = not counted.all
        counted.all += 1
        counted.unsaid += not first
        counted.quiet = False
        level = self._level if first else logging.DEBUG
        self._log.log(level, "%s, from %s%s", what, source, detail and f": {detail}", extra=ids)

    def tell(self) -> None:
        """How many more it were since the last time. Who has been quiet since then is forgotten."""
        now_s = self._now_s()
        passed_s, self._told_s = now_s - self._told_s, now_s
        for (what, source), one in list(self._counted.items()):
            if one.unsaid:
                text = "%s, from %s; %d times more in %d s, %d in all"
                self._log.log(self._level, text, what, source, one.unsaid, round(passed_s), one.all)
            if one.quiet:
                del self._counted[what, source]
            one.unsaid, one.quiet = 0, True

    async def run(self) -> None:
        """Tells, until cancelled, and then what is left."""
        try:
            while True:
                await anyio.sleep(_EVERY_S)
                self.tell()
        finally:
            self.tell()
