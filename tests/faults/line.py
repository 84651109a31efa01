"""The line between a runner and its platform, which does to answers what it is told to."""

import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Literal

import anyio
import anyio.abc

Does = Literal["", "reset", "slow", "hang", "refuse"]
"""With one request: nothing; it is carried out and the connection reset; its answer comes a byte at a time, or never; it
is not taken at all."""
_BYTE_S = 0.05
_CUT = struct.pack("ii", 1, 0)
HOST = "127.0.0.1"


class Wire:
    """`target` is the platform's port, 0 for none; `does` is asked for each request."""

    def __init__(self, target: int, does: Callable[[], Does]) -> None:
        self.target = target
        self.does = does
        self.done: dict[str, int] = {}
        self.port = 0

    async def serve(self, stream: anyio.abc.SocketStream) -> None:
        async with stream:
            with suppress(anyio.BrokenResourceError, anyio.EndOfStream, anyio.ClosedResourceError, OSError):
                await self._one(stream)

    async def _one(self, stream: anyio.abc.SocketStream) -> None:
        """One request, and the connection is closed: the next one looks the name up again."""
        request = await _request(stream)
        does = self.does() if self.target else "refuse"
        self.done[does or "right"] = self.done.get(does or "right", 0) + 1
        if does == "refuse":
            _reset(stream)
            return
        answer = await self._carried_out(request)
        if does == "reset":
            _reset(stream)
        elif does == "hang":
            await anyio.sleep_forever()
        elif does == "slow":
            for byte in answer:
                await stream.send(bytes([byte]))
                await anyio.sleep(_BYTE_S)
        else:
            await stream.send(answer)

    async def _carried_out(self, request: bytes) -> bytes:
        head, _, body = request.partition(b"\r\n\r\n")
        answer = b""
        async with await anyio.connect_tcp(HOST, self.target) as platform:
            await platform.send(head + b"\r\nConnection: close\r\n\r\n" + body)
            with suppress(anyio.EndOfStream):
                while True:
                    answer += await platform.receive()
        return answer


async def _request(stream: anyio.abc.SocketStream) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        got += await stream.receive()
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += await stream.receive()
    return head + b"\r\n\r\n" + body


def _reset(stream: anyio.abc.SocketStream) -> None:
    raw = stream.extra(anyio.abc.SocketAttribute.raw_socket)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CUT)


@asynccontextmanager
async def wire(target: int, does: Callable[[], Does]) -> AsyncIterator[Wire]:
    made = Wire(target, does)
    listener = await anyio.create_tcp_listener(local_host=HOST)
    made.port = listener.extra(anyio.abc.SocketAttribute.local_port)
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, made.serve)
        try:
            yield made
        finally:
            tasks.cancel_scope.cancel()
