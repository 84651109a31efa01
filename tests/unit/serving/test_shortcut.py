"""What is taken past ASGI, over a real connection: answered at once or later, and what is odd goes the long way."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from anyio.abc import SocketStream

from engine.serving.door import Limits
from engine.serving.server import HttpServer, bind
from engine.serving.shortcut import MOST_BYTES, Answer, Scope, Taker, is_short
from tests.e2e.polling import until

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
HOST = "127.0.0.1"


class Desk:
    """Takes `POST /short`, and answers when it is told to; `long` are the paths that the application has seen."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.waiting: list[Answer] = []
        self.long: list[str] = []
        self.at_once = True

    def shortcut(self, scope: Scope) -> Taker | None:
        return self._take if scope["path"] == "/short" and is_short(scope) else None

    def _take(self, body: bytes, answer: Answer) -> None:
        self.taken.append(body)
        if self.at_once:
            answer(200, b"{}")
        else:
            self.waiting.append(answer)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.long.append(scope["path"])
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 299, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def served(desk: Desk, **limits: Any) -> AsyncIterator[Callable[[], Any]]:
    with bind(HOST, 0) as bound:
        async with anyio.create_task_group() as tasks:
            server = HttpServer(desk, bound, Limits(**limits), shortcut=desk.shortcut)
            await tasks.start(server.serve)
            port = int(server.url.rpartition(":")[2])
            yield lambda: anyio.connect_tcp(HOST, port)
            server.stop()
            tasks.cancel_scope.cancel()


def post(body: bytes, path: bytes = b"/short", more: bytes = b"") -> bytes:
    return b"POST %b HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n%b\r\n%b" % (path, len(body), more, body)


async def heard(stream: SocketStream, ending: bytes) -> bytes:
    got = b""
    with anyio.fail_after(5):
        while not got.endswith(ending):
            got += await stream.receive()
    return got


TAKEN = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


async def test_one_after_the_other_on_one_connection_without_the_application() -> None:
    desk = Desk()
    async with served(desk) as connect, await connect() as stream:
        for body in (b"a", b"", b"b" * MOST_BYTES):
            await stream.send(post(body))
            assert await heard(stream, b"{}") == TAKEN
    assert (desk.taken, desk.long) == ([b"a", b"", b"b" * MOST_BYTES], [])


async def test_answer_that_comes_later_is_sent_then_and_the_connection_goes_on() -> None:
    desk = Desk()
    desk.at_once = False
    async with served(desk) as connect, await connect() as stream:
        for status, phrase in ((200, b"OK"), (503, b"Service Unavailable")):
            await stream.send(post(b"a")[:-1])
            await stream.send(b"a")
            await until(lambda: bool(desk.waiting))
            desk.waiting.pop()(status, b"{}")
            assert (await heard(stream, b"{}")).startswith(b"HTTP/1.1 %d %b\r\n" % (status, phrase))


async def test_who_wants_the_connection_closed_has_it_closed_behind_the_answer() -> None:
    async with served(Desk()) as connect, await connect() as stream:
        await stream.send(post(b"a", more=b"connection: close\r\n"))
        assert b"connection: close\r\n\r\n" in await heard(stream, b"{}")
        with pytest.raises(anyio.EndOfStream):
            await stream.receive()


async def test_who_is_gone_before_the_answer_disturbs_nobody() -> None:
    desk = Desk()
    desk.at_once = False
    async with served(desk) as connect:
        async with await connect() as stream:
            await stream.send(post(b"a"))
            await until(lambda: bool(desk.waiting))
        await anyio.sleep(0.05)
        desk.waiting.pop()(200, b"{}")
        desk.at_once = True
        async with await connect() as stream:
            await stream.send(post(b"b"))
            assert await heard(stream, b"{}") == TAKEN


ODD = {
    "another path": post(b"a", b"/long"),
    "long": post(b"a" * (MOST_BYTES + 1)),
    "chunked": b"POST /short HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
    "without a length": b"GET /short HTTP/1.1\r\nhost: x\r\n\r\n",
}


@pytest.mark.parametrize("said", ODD.values(), ids=ODD)
async def test_what_is_odd_is_the_applications(said: bytes) -> None:
    desk = Desk()
    async with served(desk) as connect, await connect() as stream:
        await stream.send(said)
        assert (await heard(stream, b"\r\n\r\n")).startswith(b"HTTP/1.1 299 ")
    assert (desk.taken, len(desk.long)) == ([], 1)


async def test_what_comes_behind_one_that_waits_goes_the_long_way_in_its_order() -> None:
    desk = Desk()
    desk.at_once = False
    async with served(desk) as connect, await connect() as stream:
        await stream.send(post(b"a") + post(b"b") + post(b"c"))
        await until(lambda: bool(desk.waiting))
        assert desk.long == []
        desk.waiting.pop()(200, b"{}")
        got = await heard(stream, b"content-length: 0\r\n\r\n")
        if got.count(b"HTTP/1.1 299") < 2:
            got += await heard(stream, b"content-length: 0\r\n\r\n")
    assert got.startswith(TAKEN)
    assert (desk.taken, desk.long) == ([b"a"], ["/short"] * 2)


async def test_body_that_does_not_end_is_closed() -> None:
    desk = Desk()
    async with served(desk, body_s=0.15) as connect, await connect() as stream:
        await stream.send(post(b"12345")[:-1])
        with anyio.fail_after(5), pytest.raises((anyio.EndOfStream, anyio.BrokenResourceError)):
            await stream.receive()
    assert (desk.taken, desk.long) == ([], [])


@pytest.mark.parametrize(
    ("headers", "short"),
    [
        ([(b"content-length", b"0")], True),
        ([(b"content-length", b"%d" % MOST_BYTES)], True),
        ([(b"content-length", b"%d" % (MOST_BYTES + 1))], False),
        ([(b"content-length", b"9" * 5_000)], False),
        ([(b"content-length", b"-1")], False),
        ([(b"content-length", b"1"), (b"expect", b"100-continue")], False),
        ([(b"upgrade", b"websocket"), (b"content-length", b"1")], True),
        ([], False),
    ],
)
def test_what_is_short_says_so(headers: list[tuple[bytes, bytes]], short: bool) -> None:
    assert is_short({"headers": headers}) is short


@pytest.mark.parametrize("requests", [1, 3])
@pytest.mark.parametrize("path", [b"/short", b"/long"])
async def test_who_has_said_all_still_has_its_answers(path: bytes, requests: int) -> None:
    """Some close their half of the connection behind the last request."""
    desk = Desk()
    desk.at_once = False
    async with served(desk) as connect, await connect() as stream:
        await stream.send(post(b"1", path) * requests)
        await stream.send_eof()
        if path == b"/short":
            await until(lambda: bool(desk.taken))
            await anyio.sleep(0.05)
            desk.waiting.pop()(200, b"{}")
        got = b""
        with anyio.fail_after(5):
            async for piece in stream:
                got += piece
        assert got.count(b"HTTP/1.1 2") == requests


async def test_who_has_said_half_a_request_and_no_more_is_gone() -> None:
    async with served(Desk()) as connect, await connect() as stream:
        await stream.send(post(b"12")[:-1])
        await stream.send_eof()
        with anyio.fail_after(5), pytest.raises(anyio.EndOfStream):
            await stream.receive()
