"""How often one source may ask for what it does not prove to be allowed to, and what of it was refused.

Whoever proves it (a token of ours, a signature, the bearer token) is not counted: the platform sends as much as its
calls give. Everything else takes from its source's share, which fills up again by the second.
"""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from engine.serving.askers import named, source_of
from engine.serving.tally import Tally

log = logging.getLogger("offhook.refused")
_REMEMBERED = 10_000

Scope = Mapping[str, Any]


class RequestLimits(Struct, frozen=True, kw_only=True):
    """`per_second` requests of a source, and `burst` of them at once. `proxies` are believed when they say for whom they
    ask (X-Forwarded-For); what they ask for themselves is not counted."""

    per_second: float = 50.0
    burst: int = 500
    proxies: frozenset[str] = frozenset({"127.0.0.1", "::1"})


class Sources:
    """`tally` has what was refused, here and at the door."""

    def __init__(self, limits: RequestLimits | None = None, *, now_s: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits or RequestLimits()
        self._now_s = now_s
        self.tally = Tally(log, now_s)
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, scope: Scope) -> bool:
        """False: whoever asks has done so too often, and is to come back later."""
        source = self._of(scope)
        if not source:
            return True
        now_s = self._now_s()
        left, at_s = self._left.pop(source, (float(self.limits.burst), now_s))
        left = min(float(self.limits.burst), left + (now_s - at_s) * self.limits.per_second)
        if len(self._left) >= _REMEMBERED:
            del self._left[next(iter(self._left))]
        # Behind all others: the first ones are those that have been quiet for longest.
        self._left[source] = (max(left - 1, 0), now_s)
        if left >= 1:
            return True
        self.refused(scope, "request refused: there are too many")
        return False

    def proven(self, scope: Scope) -> None:
        """Who may ask does not do so at its source's expense."""
        source = self._of(scope)
        if source in self._left:
            left, at_s = self._left[source]
            self._left[source] = (left + 1, at_s)

    def refused(self, scope: Scope, what: str, detail: str = "", **ids: str) -> None:
        """For the log and the metrics; `what` is one of a few texts."""
        self.tally.count(what, named(_peer(scope), scope["headers"], self.limits.proxies), detail, **ids)

    def _of(self, scope: Scope) -> str:
        return source_of(_peer(scope), scope["headers"], self.limits.proxies)


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""
