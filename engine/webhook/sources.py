"""How often one source may ask for what it does not prove to be allowed to.

Whoever proves it (a token of ours, a signature, the bearer token) is not counted: the platform sends as much as its
calls give. Everything else takes from its source's share, which fills up again by the second.
"""

import logging
import time
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

from msgspec import Struct

from engine.serving.tally import Tally

log = logging.getLogger("offhook.webhook")
_REMEMBERED = 10_000
_FORWARDED = b"x-forwarded-for"

Scope = Mapping[str, Any]


class RequestLimits(Struct, frozen=True, kw_only=True):
    """`per_second` requests of a source, and `burst` of them at once. `proxies` are believed when they say for whom they
    ask (X-Forwarded-For); what they ask for themselves is not counted."""

    per_second: float = 50.0
    burst: int = 500
    proxies: frozenset[str] = frozenset({"127.0.0.1", "::1"})


class Sources:
    def __init__(self, limits: RequestLimits | None = None, *, now_s: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits or RequestLimits()
        self._now_s = now_s
        self.tally = Tally(log, now_s)
        self._left: dict[str, tuple[float, float]] = {}

    def of(self, scope: Scope) -> str:
        """Who asks: an address, of version 6 its network; "" is one of the proxies itself."""
        client = scope.get("client")
        peer = str(client[0]) if client else ""
        if peer not in self.limits.proxies:
            return _network(peer)
        said = b",".join(value for name, value in scope["headers"] if name == _FORWARDED).decode("latin-1")
        others = [one for part in said.split(",") if (one := part.strip()) and one not in self.limits.proxies]
        return _network(others[-1]) if others else ""

    def take(self, source: str) -> bool:
        """False: it has asked too often, and is to come back later."""
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
        self.tally.count("requests refused, as there are too many", source)
        return False

    def give_back(self, source: str) -> None:
        """It has proved that it may ask."""
        if source in self._left:
            left, at_s = self._left[source]
            self._left[source] = (left + 1, at_s)


def _network(written: str) -> str:
    """Whoever has one address of version 6 has 2^64 of them."""
    try:
        address = ip_address(written)
    except ValueError:
        return written[:64] or "unknown"
    if not isinstance(address, IPv6Address):
        return written
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
