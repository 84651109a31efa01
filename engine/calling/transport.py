"""What the client needs of HTTP: one request, one answer, and failures of exactly two kinds.

Two implementations map their library's errors to the same outcomes, and are tested by the same
table: `over_httpx` (asyncio and trio; 0.5 ms of CPU a request) and `over_pyreqwest` (asyncio,
optional extra `fast`; 0.02 to 0.04 ms).
"""

import asyncio
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Protocol

from msgspec import Struct

from engine.wire.answers import MAX_ANSWER_BYTES

MAX_BODY_BYTES = MAX_ANSWER_BYTES + 1
"""An answer is read no further than this, one byte over what `classify` takes."""


class Limits(Struct, frozen=True, kw_only=True):
    """`connections` caps the requests under way at once; a request waits `queue_ms` for its turn.
    `connect_ms` and `request_ms` (connecting, sending and reading together) bound one attempt."""

    connections: int = 64
    queue_ms: int = 5_000
    connect_ms: int = 5_000
    request_ms: int = 10_000


LIMIT_HEADERS = ("x-ratelimit-", "ratelimit-", "x-rate-limit-")
"""How the names of a rate limit's headers may begin."""
_REMAINING = tuple(f"{prefix}remaining" for prefix in LIMIT_HEADERS)


def tells_when(status: int, header: Callable[[str], str | None]) -> bool:
    """Do the headers say when to come back? Copying them costs more than the rest of the answer, so
    they are left where they are unless this is an error, or nothing remains of a rate limit."""
    one, other, third = _REMAINING
    return status >= 400 or header(one) == "0" or header(other) == "0" or header(third) == "0"


class Reply(Struct, frozen=True, kw_only=True):
    """An HTTP answer. `headers` have lower-case names and are given where they tell when to come
    back (`tells_when`) only."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}


class TransportFailure(Exception):
    """No answer. `code` is kebab-case, `message` the library's words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class NotSent(TransportFailure):
    """The request certainly did not reach the platform: no connection, no turn.

    Codes: `unreachable` (refused, no such host, TLS), `connect-timeout`, `queue-timeout`.
    """


class Interrupted(TransportFailure):
    """The request may have been carried out. Codes: `timeout`, `reset`."""


class Transport(Protocol):
    """`name` is for the log. Requests may run at once; authentication is the transport's."""

    name: str

    async def request(self, method: str, path: str, body: bytes | None) -> Reply:
        """Any HTTP status is a `Reply`; redirects are not followed. Raises `TransportFailure` alone.
        A body longer than `MAX_BODY_BYTES` is cut there."""

    async def aclose(self) -> None:
        """Close the connections."""


def fast_is_possible() -> bool:
    """Is the extra `fast` installed, and are we on asyncio, which it needs?"""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return find_spec("pyreqwest") is not None
