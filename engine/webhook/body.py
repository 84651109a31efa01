"""A request's body, no larger than it may be."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from engine.model.limits import MAX_WEBHOOK_BYTES

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class TooLarge(Exception):
    """More than `MAX_WEBHOOK_BYTES`."""


async def read_body(scope: Scope, receive: Receive) -> bytes:
    """The whole body, refused as soon as it is known to be too large."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > MAX_WEBHOOK_BYTES:
            raise TooLarge
    received = await receive()
    body: bytes = received.get("body", b"")
    while received.get("more_body"):
        received = await receive()
        body += received.get("body", b"")
        if len(body) > MAX_WEBHOOK_BYTES:
            raise TooLarge
    return body
