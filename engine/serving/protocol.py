"""uvicorn's HTTP/1.1 connection, with bounds for what arrives: how large a head, how slow a head or a body, how many.

uvicorn itself waits for ever for the first request of a connection, and takes headers of any size.
"""

import asyncio
import re
from functools import lru_cache, partial
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from engine.serving.askers import named
from engine.serving.door import Door
from engine.serving.shortcut import Short, Shortcut, Taker

_HEAD_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: application/json\r\n"
    b'content-length: 38\r\nconnection: close\r\n\r\n{"error": "the headers are too large"}'
)
_WHAT_IS_SLOW = {
    0: "connection closed: no request came",
    1: "connection closed: its request's head does not come to its end",
    -1: "connection closed: its request's body does not come to its end",
}
_FRAMING = 8
"""So many bytes of framing go with each byte of a chunked body, above those that a head may have: chunks of one byte
are bad manners, and no attack."""
_MOST_WAITING = 100
"""Requests of one connection that were sent without waiting for the answers before; each costs a hundred times its bytes."""
_PLAIN = re.compile(rb"/[A-Za-z0-9/._~-]*")
"""URLs of which nothing is to be taken apart or decoded; others go the long way."""
_LINGER_S = 1.0
_LINGER_BYTES = 4_000_000
"""What still comes of a request that is answered already is read for so long, and so far: a client that is busy
sending finds its answer, and one that sends for ever does not hold us up."""


def guarded_by(door: Door, shortcut: Shortcut | None) -> type[asyncio.Protocol]:
    """The class of connections that this door lets in; uvicorn makes them by itself."""

    class Guarded(Connection):
        _door = door
        _shortcut = staticmethod(shortcut) if shortcut is not None else None

    return Guarded


class Connection(HttpToolsProtocol):
    _door: Door
    _shortcut: Shortcut | None = None
    _taker: Taker | None = None
    """Takes the request that is coming, when its body is there."""
    source = ""
    _head = 0
    """Bytes of a head that is not complete; -1 while a body is coming."""
    _framing = 0
    """Bytes that came with a body and are none of it: sizes of chunks, what is written behind them, trailers."""
    _rubbish = ""
    """What is said of it, once the requests before it are answered."""
    _left = _LINGER_BYTES
    _timer: asyncio.TimerHandle | None = None
    _idle_since_s = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.source = self.client[0] if self.client else ""
        if self._door.enter(self):
            self._wait(self._door.limits.head_s)
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(None)
        self._unset_keepalive_if_required()
        self._door.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """In pieces, so that a head that comes at once, or behind another request, is counted like one that drips."""
        most = self._door.limits.head_bytes
        while data and not self._rubbish and not self.transport.is_closing():
            room = most - max(self._head, 0) + 1
            piece, data = data[:room], data[room:]
            if self._head < 0:
                self._framing += len(piece)
                self._answered_already(len(piece))
            else:
                self._head += len(piece)
            self._read(piece)
            if self._head > most:
                self._refuse()
            elif self._framing > most and not self.transport.is_closing():
                self._refused("connection closed: its request's chunks or trailers are too large")
                self.close_now()
        self._watch()

    def _read(self, data: bytes) -> None:
        """What uvicorn does with data, but for an upgrade: that is ignored, as HTTP allows, and uvicorn would take the body
        for the next request."""
        while data and not self.transport.is_closing():
            try:
                self.parser.feed_data(data)
                return
            except HttpParserUpgrade as upgrade:
                data = self._without_upgrade(data[upgrade.args[0] :])
            except HttpParserError:
                self.send_400_response("Invalid HTTP request received.")
                return

    def _without_upgrade(self, rest: bytes) -> bytes:
        """The request again, without the header, for another parser. (A `CONNECT` has none, and is refused.)"""
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        if method == b"CONNECT":
            self.send_400_response("Nothing is passed on here.")
            return b""
        lines = [b"%b: %b" % header for header in self.headers if header[0] != b"upgrade"]
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn's
        return b"\r\n".join([b"%b %b HTTP/%b" % (method, self.url, version), *lines, b"\r\n"]) + rest

    def _refuse(self) -> None:
        self._refused("request refused: its headers are too large")
        self.transport.write(_HEAD_TOO_LARGE)
        self.transport.close()

    def on_message_begin(self) -> None:
        """Without an ASGI scope: only the long way has one."""
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """As uvicorn's, but for trailers: they are no headers, and nobody here asks for them."""
        if self._head < 0:
            return
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        if self.parser.should_upgrade() or self.transport.is_closing():
            return
        self._head = -1
        self._wait(None)
        self._door.busy(self)
        self._taker = self._short_way()
        if self._taker is not None:
            keep_alive = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
            self.cycle = Short(keep_alive)  # type: ignore[assignment]
            return
        self._long_way()
        if len(self.pipeline) > _MOST_WAITING:
            self._refused("connection closed: too many requests wait behind one that is not answered")
            self.close_now()

    def _short_way(self) -> Taker | None:
        """Not for a request that waits behind another, nor for a client that does not read its answers."""
        cycle: RequestResponseCycle | None = self.cycle
        if self._shortcut is None or self.flow.write_paused or (cycle is not None and not cycle.response_complete):
            return None
        if not _PLAIN.fullmatch(self.url):
            return None
        return self._shortcut(
            {
                "type": "http",
                "method": self.parser.get_method().decode(),
                "path": self.url.decode(),
                "query_string": b"",
                "headers": self.headers,
                "client": self.client,
            }
        )

    def _long_way(self) -> None:
        """What uvicorn does from a request's first byte to the end of its head."""
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._framing = max(0, self._framing - (1 + _FRAMING) * len(body))
        if self._taker is None:
            super().on_body(body)
        else:
            self.cycle.body += body

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade() or self.transport.is_closing():
            return
        self._head = self._framing = 0
        taker, self._taker = self._taker, None
        if taker is None:
            super().on_message_complete()
        else:
            cycle = self.cycle
            cycle.more_body = False
            taker(bytes(cycle.body), partial(self._answer, cycle))

    def _answer(self, cycle: RequestResponseCycle, status: int, body: bytes) -> None:
        """What `cycle.send` does for the long way."""
        cycle.response_complete = True
        if cycle.disconnected or self.transport.is_closing():
            return
        self.transport.write(_head(status, len(body), cycle.keep_alive) + body)
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def on_response_complete(self) -> None:
        """What uvicorn does here, with one timer for all the times that a connection is idle."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self._idle_since_s = self.loop.time()
            if self.timeout_keep_alive_task is None:
                self._close_after(self.timeout_keep_alive)
        if not self.cycle.response_complete:
            return
        if self._head < 0:
            self._left = _LINGER_BYTES
            self._wait(_LINGER_S)
        if self._rubbish:
            super().send_400_response(self._rubbish)
        self._door.idle(self)

    def _close_after(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        """An answer that nobody has read by now is not read any more."""
        self.timeout_keep_alive_task = None
        left_s = self._idle_since_s + self.timeout_keep_alive - self.loop.time()
        if left_s > 0:
            self._close_after(left_s)
        elif self.cycle.response_complete and not self._head:
            self.close_now()

    def close_now(self) -> None:
        self.transport.abort()

    def _answered_already(self, more: int) -> None:
        """A body goes on; is anybody interested in it?"""
        if not self.cycle.response_complete:
            return
        self._left -= more
        if self._left < 0:
            self._too_slow()

    def _watch(self) -> None:
        """What is waited for, and for how long."""
        if self._head and self._timer is None:
            limits = self._door.limits
            self._wait(limits.head_s if self._head > 0 else limits.body_s)
        elif not self._head and self._timer is not None:
            self._wait(None)

    def _wait(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(seconds, self._too_slow)

    def _too_slow(self) -> None:
        self._timer = None
        if self.transport.is_closing():
            return
        self._refused(_WHAT_IS_SLOW[min(self._head, 1)])
        self.close_now()

    def send_400_response(self, msg: str) -> None:
        """What came whole before it has been taken, and is answered first."""
        self._refused("request refused: it is not HTTP")
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.more_body or cycle.response_complete:
            super().send_400_response(msg)
        else:
            self._rubbish, self._head = msg, 0
            self.flow.pause_reading()

    def _refused(self, what: str) -> None:
        """Whom a proxy asks for is known once the head is there."""
        headers = self.headers if self._head < 0 else ()
        self._door.refused.count(what, named(self.source, headers, self._door.limits.exempt))


@lru_cache(maxsize=64)
def _head(status: int, length: int, keep_alive: bool) -> bytes:
    end = b"\r\n" if keep_alive else b"connection: close\r\n\r\n"
    return STATUS_LINE[status] + b"content-type: application/json\r\ncontent-length: %d\r\n" % length + end


def uvicorn_settings(door: Door, shortcut: Shortcut | None) -> dict[str, Any]:
    return {"http": guarded_by(door, shortcut), "timeout_keep_alive": door.limits.idle_s}
