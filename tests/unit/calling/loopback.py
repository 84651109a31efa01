"""A server on the loopback that does to each request what the test's script says, on any backend."""

import socket
import struct
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager

import anyio
from anyio.abc import ByteStream, SocketAttribute
from msgspec import Struct

RESET = struct.pack("ii", 1, 0)


class Does(Struct, frozen=True, kw_only=True):
    """One request's fate: `sends` these bytes, `drips` this many ms between two of them, then keeps
    the connection, or `then` resets, closes or stays silent."""

    sends: bytes = b""
    drips: int = 0
    then: str = "keep"


def http(status: int, body: bytes = b"{}", *headers: str) -> Does:
    lines = [f"HTTP/1.1 {status} X", *headers]
    if status != 204:
        lines.append(f"content-length: {len(body)}")
    return Does(sends="\r\n".join([*lines, "", ""]).encode() + body)


class Platform:
    def __init__(self, port: int, script: Sequence[Does]) -> None:
        self.port = port
        self.requests: list[bytes] = []
        self.asked = anyio.Event()
        self._script = list(script)

    @property
    def space(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def serve(self, stream: ByteStream) -> None:
        async with stream:
            try:
                while request := await _request(stream):
                    self.requests.append(request)
                    self.asked.set()
                    if not await _do(stream, self._script.pop(0)):
                        return
            except (anyio.BrokenResourceError, anyio.EndOfStream):
                return


async def _do(stream: ByteStream, does: Does) -> bool:
    pieces = [bytes([b]) for b in does.sends] if does.drips else [does.sends]
    for piece in pieces:
        if does.drips:
            await anyio.sleep(does.drips / 1000)
        if piece:
            await stream.send(piece)
    if does.then == "silent":
        await anyio.sleep_forever()
    if does.then == "reset":
        raw = stream.extra(SocketAttribute.raw_socket)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    return does.then == "keep"


async def _request(stream: ByteStream) -> bytes:
    """The next request, or nothing at the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            data += await stream.receive()
        except (anyio.EndOfStream, anyio.BrokenResourceError):
            return b""
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            while len(body) < int(line.partition(b":")[2]):
                body += await stream.receive()
    return head + b"\r\n\r\n" + body


@asynccontextmanager
async def platform(*script: Does) -> AsyncIterator[Platform]:
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    server = Platform(listener.extra(SocketAttribute.local_port), script)
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, server.serve)
        yield server
        tasks.cancel_scope.cancel()


def closed_port() -> int:
    """A port that refuses: it was free a moment ago, and nobody is told of it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def full_port() -> Iterator[int]:
    """A port at which connecting takes for ever: nobody accepts, and the backlog is full."""
    with socket.socket() as listener, ExitStack() as clients:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            client = clients.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
