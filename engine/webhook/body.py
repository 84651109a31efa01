"""A request's body, no larger than it may be."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from engine.model.limits import MAX_WEBHOOK_BYTES
from engine.serving.shortcut import Scope

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class TooLarge(Exception):
    """More than the most that may come."""


class Gone(Exception):
    """Whoever was sending it is gone, or took too long."""


async def read_body(scope: Scope, receive: Receive, most: int = MAX_WEBHOOK_BYTES) -> bytes:
    """The whole body, of `most` bytes. `TooLarge` as soon as it is known to be so, `Gone` when the rest of it never comes."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > most:
            raise TooLarge
    received = await _next(receive)
    body: bytes = received.get("body", b"")
    while received.get("more_body"):
        if len(body) > most:
            raise TooLarge
        received = await _next(receive)
        body += received.get("body", b"")
    if len(body) > most:
        raise TooLarge
    return body


async def _next(receive: Receive) -> MutableMapping[str, Any]:
    received = await receive()
    if received["type"] == "http.disconnect":
        raise Gone
    return received
