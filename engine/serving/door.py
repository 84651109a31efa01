"""Who may keep a connection open: how many in all, how many of one source, and whose is closed when there are too many.

A connection that has said nothing yet is worth the least, one that waits for its next request little more; one
whose request is being answered is never closed. So whoever opens connections and leaves them idle closes
their own, and a call's next webhook finds its way in.
"""

import logging
from typing import Protocol

from msgspec import Struct

from engine.serving.tally import Tally

log = logging.getLogger("offhook.serving")


class Limits(Struct, frozen=True, kw_only=True):
    """connections  at the most, in all
    of_source    at the most from one address; those in `exempt` (this machine's proxy, say) count in all alone
    head_bytes   request line and headers of one request; what frames its body may be as much, and more for a large one
    head_s, body_s  what they may take to arrive, from the connection's or the request's beginning
    idle_s       how long a connection waits for its next request
    """

    connections: int = 10_000
    of_source: int = 500
    exempt: frozenset[str] = frozenset({"127.0.0.1", "::1"})
    head_bytes: int = 32_768
    head_s: float = 10.0
    body_s: float = 20.0
    idle_s: float = 75.0


class Guest(Protocol):
    source: str
    """The address at its other end."""

    def close_now(self) -> None:
        """At once, whatever is not sent yet."""


class Door:
    """The connections of one server. Every one is silent at first, then busy, then idle, then busy again, then gone."""

    def __init__(self, limits: Limits | None = None, refused: Tally | None = None) -> None:
        self.limits = limits or Limits()
        self.refused = refused or Tally(log)
        self._all: set[Guest] = set()
        self._of: dict[str, int] = {}
        # In the order in which they came, or became idle.
        self._silent: dict[Guest, None] = {}
        self._idle: dict[Guest, None] = {}

    def __len__(self) -> int:
        return len(self._all)

    def enter(self, guest: Guest) -> bool:
        """False: there is no place, and nobody who could make one; it is to be closed."""
        source, limits = guest.source, self.limits
        limited = source not in limits.exempt
        if limited and self._of.get(source, 0) >= limits.of_source and not self._make_room(source):
            return self._refuse(guest, "connection refused: its source has too many")
        if len(self._all) >= limits.connections and not self._make_room(""):
            return self._refuse(guest, "connection refused: there are too many")
        self._all.add(guest)
        self._of[source] = self._of.get(source, 0) + 1
        self._silent[guest] = None
        return True

    def busy(self, guest: Guest) -> None:
        """Its request is there."""
        self._silent.pop(guest, None)
        self._idle.pop(guest, None)

    def idle(self, guest: Guest) -> None:
        """Its request is answered."""
        if guest in self._all:
            self._idle[guest] = None

    def leave(self, guest: Guest) -> None:
        if guest not in self._all:
            return
        self._all.discard(guest)
        self.busy(guest)
        left = self._of[guest.source] - 1
        if left:
            self._of[guest.source] = left
        else:
            del self._of[guest.source]

    def _make_room(self, source: str) -> bool:
        """Closes the oldest that is silent, else the oldest that is idle, of the source ("": of any)."""
        for waiting in (self._silent, self._idle):
            for guest in waiting:
                if source in ("", guest.source):
                    self.refused.count("connection closed: it said nothing, and others want its place", guest.source)
                    self.leave(guest)
                    guest.close_now()
                    return True
        return False

    def _refuse(self, guest: Guest, what: str) -> bool:
        self.refused.count(what, guest.source)
        return False
