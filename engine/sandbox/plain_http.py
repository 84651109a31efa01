"""HTTP/1.1 without TLS, on kept connections: the sandbox's webhooks to a runner beside it.

A sandbox sends a webhook or two for every command that it takes, nearly always to loopback. This
takes a fifth of the processor time of a general client, and so leaves it to the runner.
"""

import base64
from collections import deque
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

import anyio
from anyio.abc import ByteStream
from anyio.streams.buffered import BufferedByteReceiveStream

KEPT = 200
IDLE_S = 2.0
"""A connection that was idle for longer is not used again: the other side may just be closing it."""
MAX_HEAD_BYTES = 64_000
MAX_BODY_BYTES = 1_000_000


class PlainHttpError(Exception):
    """The other side does not speak HTTP, or says too much."""


class _Kept(NamedTuple):
    stream: ByteStream
    buffered: BufferedByteReceiveStream
    since_s: float


class PlainHttp:
    """A pool of connections, by host and port."""

    def __init__(self, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._idle: dict[tuple[str, int], deque[_Kept]] = {}

    async def aclose(self) -> None:
        # Usually because of a cancellation, which must not leave the others open.
        with anyio.CancelScope(shield=True):
            for kept in self._idle.values():
                while kept:
                    await kept.popleft().stream.aclose()

    async def request(self, method: str, url: str, headers: dict[str, str], content: bytes) -> tuple[int, bytes]:
        """The status and body of the answer. Raises TimeoutError, OSError, PlainHttpError or anyio's stream errors."""
        parts = urlsplit(url)
        place = (parts.hostname or "", parts.port or 80)
        message = _head(method, parts, headers, len(content)) + content
        with anyio.fail_after(self._timeout_s):
            while kept := await self._kept(place):
                try:
                    return await self._exchange(place, kept, message)
                except (anyio.EndOfStream, anyio.BrokenResourceError, anyio.IncompleteRead):
                    # Closed while it was idle, most likely. At worst the request is read twice, which
                    # the receiver of a webhook must bear anyway.
                    continue
            stream = await anyio.connect_tcp(*place)
            return await self._exchange(place, _Kept(stream, BufferedByteReceiveStream(stream), 0.0), message)

    async def _kept(self, place: tuple[str, int]) -> _Kept | None:
        idle = self._idle.get(place)
        while idle:
            kept = idle.pop()
            if anyio.current_time() - kept.since_s <= IDLE_S:
                return kept
            await kept.stream.aclose()
        return None

    async def _exchange(self, place: tuple[str, int], kept: _Kept, message: bytes) -> tuple[int, bytes]:
        """One request and its answer; the connection is kept if it can be used again."""
        idle = self._idle.setdefault(place, deque())
        reusable = False
        try:
            await kept.stream.send(message)
            status, headers = await _answer_head(kept.buffered)
            body, delimited = await _answer_body(kept.buffered, status, headers)
            reusable = delimited and headers.get("connection", "").lower() != "close" and len(idle) < KEPT
        finally:
            if not reusable:
                await anyio.aclose_forcefully(kept.stream)
        if reusable:
            idle.append(_Kept(kept.stream, kept.buffered, anyio.current_time()))
        return status, body


def is_plain(url: str) -> bool:
    """May this URL be left to `PlainHttp`? One with anything unusual in it may not."""
    return url.startswith("http://") and url.isascii() and url.isprintable() and " " not in url


def _head(method: str, parts: SplitResult, headers: dict[str, str], length: int) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc.rpartition('@')[2]}", f"Content-Length: {length}"]
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        lines.append(f"Authorization: Basic {base64.b64encode(pair.encode()).decode()}")
    lines.extend(f"{name}: {value}" for name, value in headers.items())
    return "\r\n".join([*lines, "\r\n"]).encode()


async def _answer_head(stream: BufferedByteReceiveStream) -> tuple[int, dict[str, str]]:
    """Status and headers (names in lower case) of the final answer."""
    while True:
        head = (await stream.receive_until(b"\r\n\r\n", MAX_HEAD_BYTES)).decode("latin-1")
        first, *lines = head.split("\r\n")
        words = first.split(" ", 2)
        if not words[0].startswith("HTTP/1.") or len(words) < 2 or not words[1].isdigit():
            raise PlainHttpError(f"not an HTTP answer: {first[:80]!r}")
        if words[1][0] != "1":
            pairs = (line.partition(":") for line in lines)
            return int(words[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}


async def _answer_body(stream: BufferedByteReceiveStream, status: int, headers: dict[str, str]) -> tuple[bytes, bool]:
    """The body, and whether its end was marked, so that the connection can go on."""
    if status in (204, 304):
        return b"", True
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return await _chunks(stream), True
    if "content-length" in headers:
        return await stream.receive_exactly(_size(headers["content-length"], 10)), True
    body = b""
    while True:
        try:
            body += await stream.receive()
        except anyio.EndOfStream:
            return body, False
        _size(f"{len(body)}", 10)


async def _chunks(stream: BufferedByteReceiveStream) -> bytes:
    body = b""
    while size := _size((await stream.receive_until(b"\r\n", 1_000)).partition(b";")[0].decode("latin-1"), 16):
        body += await stream.receive_exactly(size)
        await stream.receive_exactly(2)
        _size(f"{len(body)}", 10)
    while await stream.receive_until(b"\r\n", MAX_HEAD_BYTES):
        pass
    return body


def _size(text: str, base: int) -> int:
    try:
        size = int(text, base)
    except ValueError:
        raise PlainHttpError(f"not a size: {text[:80]!r}") from None
    if not 0 <= size <= MAX_BODY_BYTES:
        raise PlainHttpError(f"an answer of {size} bytes; {MAX_BODY_BYTES} are allowed")
    return size
