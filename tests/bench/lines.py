"""HTTP/1.1 over bare asyncio protocols: keep-alive connections, bodies with a Content-Length, no more."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast

MAX_BYTES = 1_000_000
"""No request or answer here comes near it; what is longer means that the two sides lost each other."""

Done = Callable[[int, bytes], None]
"""Takes the status (0: the connection broke) and the body."""


class Broken(Exception):
    """The other side does not speak the HTTP that is understood here."""


def message(data: bytes) -> tuple[bytes, bytes, int] | None:
    """Head, body and length of the first message in `data`, or None while it is not complete."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        if len(data) > MAX_BYTES:
            raise Broken("a head without end")
        return None
    head = data[:end]
    at = head.lower().find(b"\r\ncontent-length:")
    length = int(head[at + 17 :].partition(b"\r\n")[0]) if at >= 0 else 0
    if length > MAX_BYTES or (at < 0 and b"chunked" in head):
        raise Broken(repr(head[:200]))
    stop = end + 4 + length
    return (head, data[end + 4 : stop], stop) if len(data) >= stop else None


class Served(asyncio.Protocol):
    """A connection that requests come in on. `answer` takes head and body and gives the answer's bytes."""

    def __init__(self, answer: Callable[[bytes, bytes], bytes], open_ones: set["Served"]) -> None:
        self._answer = answer
        self._open_ones = open_ones
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._open_ones.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._open_ones.discard(self)

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        data = self._rest + data if self._rest else data
        while data and (found := message(data)):
            self._transport.write(self._answer(found[0], found[1]))
            data = data[found[2] :]
        self._rest = data

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Line(asyncio.Protocol):
    """A keep-alive connection that requests go out on, one at a time."""

    def __init__(self, lines: "Lines") -> None:
        self._lines = lines
        self._rest = b""
        self._done: Done | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._lines.free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lines.lost(self)
        if self._done is not None:
            self._finish(0, b"")

    def send(self, request: bytes, done: Done) -> None:
        assert self._transport is not None
        self._done = done
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data if self._rest else data
        found = message(data)
        if found is None:
            self._rest = data
            return
        self._rest = b""
        self._finish(int(found[0][9:12]), found[1])
        self._lines.free(self)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _finish(self, status: int, body: bytes) -> None:
        done, self._done = self._done, None
        if done is not None:
            done(status, body)


class Lines:
    """A fixed number of lines to one port of this machine; requests wait in order for a free one.
    Opened once and closed once."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[Line] = []
        self._all: set[Line] = set()
        self._queue: deque[tuple[bytes, Done]] = deque()
        self._closed = asyncio.Event()

    async def open(self, count: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(count):
            _, line = await loop.create_connection(lambda: Line(self), "127.0.0.1", self._port)
            self._all.add(line)

    async def close(self) -> None:
        for line in list(self._all):
            line.close()
        if self._all:
            await self._closed.wait()

    def post(self, path: bytes, body: bytes, done: Done) -> None:
        request = (
            b"POST %b HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
            % (path, len(body), body)
        )
        if self._idle:
            self._idle.pop().send(request, done)
        else:
            self._queue.append((request, done))

    def free(self, line: Line) -> None:
        if self._queue:
            line.send(*self._queue.popleft())
        else:
            self._idle.append(line)

    def lost(self, line: Line) -> None:
        self._all.discard(line)
        if not self._all:
            self._closed.set()
        if line in self._idle:
            self._idle.remove(line)
