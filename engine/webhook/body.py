"""A request's body, no larger than it may be."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from engine.model.limits import MAX_WEBHOOK_BYTES
from engine.serving.shortcut import Scope

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class TooLarge(Exception):
    """More than `MAX_WEBHOOK_BYTES`."""


class Gone(Exception):
    """Whoever was sending it is gone, or took too long."""


async def read_body(scope: Scope, receive: Receive) -> bytes:
    """The whole body. `TooLarge` as soon as it is known to be so, `Gone` when the rest of it never comes."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > MAX_WEBHOOK_BYTES:
            raise TooLarge
    received = await _next(receive)
    body: bytes = received.get("body", b"")
    while received.get("more_body"):
        if len(body) > MAX_WEBHOOK_BYTES:
            raise TooLarge
        received = await _next(receive)
        body += received.get("body", b"")
    if len(body) > MAX_WEBHOOK_BYTES:
        raise TooLarge
    return body


async def _next(receive: Receive) -> MutableMapping[str, Any]:
    received = await receive()
    if received["type"] == "http.disconnect":
        raise Gone
    return received
