"""A real server on loopback, and connections to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from anyio.abc import SocketStream

from engine.serving.door import Limits
from engine.serving.server import HttpServer, bind

HOST = "127.0.0.1"
GET = b"GET /ok HTTP/1.1\r\nhost: x\r\n\r\n"
SHORT = 0.15
MUCH = 8_000_000


async def app(scope: Any, receive: Any, send: Any) -> None:
    """`/read` reads the body and says its length, `/much` is answered at length, all else is answered at once."""
    length = 0
    if scope["path"] == "/read":
        while True:
            received = await receive()
            if received["type"] == "http.disconnect":
                return
            length += len(received["body"])
            if not received.get("more_body"):
                break
    body = str(length).encode() * (MUCH if scope["path"] == "/much" else 1)
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def server(*, app: Any = app, **limits: Any) -> AsyncIterator[HttpServer]:
    with bind(HOST, 0) as bound:
        async with anyio.create_task_group() as tasks:
            made = HttpServer(app, bound, Limits(**limits))
            await tasks.start(made.serve)
            yield made
            made.stop()
            tasks.cancel_scope.cancel()


async def connected(to: HttpServer) -> SocketStream:
    return await anyio.connect_tcp(HOST, int(to.url.rpartition(":")[2]))


async def answer(stream: SocketStream) -> bytes:
    """What comes until there is a whole answer, or until the end."""
    got = b""
    with anyio.fail_after(5):
        while not got.startswith(b"HTTP/1.1 2") or b"\r\n\r\n" not in got or got.endswith(b"\r\n\r\n"):
            try:
                got += await stream.receive()
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                return got + b"<end>"
    return got


async def ended(stream: SocketStream) -> bool:
    try:
        with anyio.fail_after(5):
            return await stream.receive() == b""
    except (anyio.EndOfStream, anyio.BrokenResourceError):
        return True


async def sent(stream: SocketStream, data: bytes) -> bool:
    """False: nobody takes it any more."""
    try:
        await stream.send(data)
    except anyio.BrokenResourceError:
        return False
    return True
