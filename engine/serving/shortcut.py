"""A way past ASGI for requests that are small, come in great numbers, and need no task of their own to be answered."""

from collections.abc import Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Answer = Callable[[int, bytes], None]
"""The status and JSON; to be called once, in the event loop, at once or later."""
Taker = Callable[[bytes, Answer], None]
"""Given the whole body, sees to it that the request is answered. Never raises."""
Shortcut = Callable[[Scope], Taker | None]
"""Who takes a request of this ASGI scope, or None: then the application answers it, as it answers all others."""

MOST_BYTES = 65_536
"""A longer body goes the long way, as does one of which the length is not told beforehand."""


class _Nobody:
    def set(self) -> None:
        """Nobody waits for the body to go on."""


class Short:
    """A request that takes the shortcut, as far as uvicorn asks for it: its `RequestResponseCycle`, without all that an
    application needs."""

    __slots__ = ("body", "disconnected", "keep_alive", "more_body", "response_complete")
    message_event = _Nobody()

    def __init__(self, keep_alive: bool) -> None:
        self.body = b""
        self.keep_alive = keep_alive
        self.more_body = True
        self.response_complete = self.disconnected = False


def is_short(scope: Scope) -> bool:
    """Does the request say that its body is small, and wait for nothing before it is sent?"""
    length = -1
    for name, value in scope["headers"]:
        if name == b"content-length":
            length = int(value) if value.isdigit() and len(value) < 9 else -1
        elif name in (b"expect", b"transfer-encoding"):
            return False
    return 0 <= length <= MOST_BYTES
