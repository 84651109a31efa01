"""A real server on loopback, and connections that do not behave: bytes in, bytes or an end out."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from anyio.abc import SocketStream

from engine.serving.door import Limits
from engine.serving.server import HttpServer, bind

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
HOST = "127.0.0.1"
GET = b"GET /ok HTTP/1.1\r\nhost: x\r\n\r\n"
SHORT = 0.15


async def app(scope: Any, receive: Any, send: Any) -> None:
    """`/read` reads the body and says its length, all else is answered at once."""
    length = 0
    if scope["path"] == "/read":
        while True:
            received = await receive()
            if received["type"] == "http.disconnect":
                return
            length += len(received["body"])
            if not received.get("more_body"):
                break
    body = str(length).encode()
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


async def test_connection_that_says_nothing_is_closed() -> None:
    async with server(head_s=SHORT) as to, await connected(to) as stream:
        assert await ended(stream)
        assert to.door.refused.total == {"connection closed: no request came": 1}
        assert len(to.door) == 0


@pytest.mark.parametrize("said", [b"G", b"GET /ok HTTP/1.1\r\nhost: x\r\na: ", b"\r\n"])
async def test_head_that_does_not_end_is_closed_as_a_first_and_as_a_second_one(said: bytes) -> None:
    async with server(head_s=SHORT) as to:
        async with await connected(to) as stream:
            await stream.send(said)
            assert await ended(stream)
        async with await connected(to) as stream:
            await stream.send(GET)
            assert (await answer(stream)).endswith(b"0")
            await stream.send(said)
            assert await ended(stream)


async def test_head_that_drips_is_closed_however_alive_it_looks() -> None:
    async with server(head_s=SHORT) as to, await connected(to) as stream:
        await stream.send(b"GET /ok HTTP/1.1\r\n")
        with anyio.fail_after(5):
            while await sent(stream, b"a: b\r\n"):  # noqa: ASYNC110 - what is waited for is that it cannot be sent
                await anyio.sleep(SHORT / 5)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (b"", "connection closed: no request came"),
        (
            b"GET /ok HTTP/1.1\r\nx-forwarded-for: 192.0.2.7\r\n",
            "connection closed: its request's head does not come to its end",
        ),
        (
            b"POST /read HTTP/1.1\r\nx-forwarded-for: 192.0.2.7\r\ncontent-length: 10\r\n\r\n12345",
            "connection closed: its request's body does not come to its end",
        ),
        (b"\x00\xff of no use\r\n\r\n", "request refused: it is not HTTP"),
        (b"GET /ok HTTP/1.1\r\na: " + b"x" * 33_000, "request refused: its headers are too large"),
    ],
    ids=["nothing", "head", "body", "garbage", "large"],
)
async def test_what_is_refused_is_in_the_log_with_its_source(
    said: bytes, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whom a proxy asks for is known once the head is there."""
    async with server(body_s=SHORT, head_s=SHORT) as to, await connected(to) as stream:
        if said:
            await stream.send(said)
        while not await ended(stream):
            """What it is answered."""
        source = "192.0.2.7 through 127.0.0.1" if what.endswith("body does not come to its end") else "127.0.0.1"
        assert [record.getMessage() for record in caplog.records] == [f"{what}, from {source}"]


UPGRADE = b"POST /read HTTP/1.1\r\nhost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\ncontent-length: %d\r\n\r\n"


@pytest.mark.parametrize("body", [b"hello", GET, b""], ids=["text", "request", "none"])
@pytest.mark.parametrize("at_once", [True, False])
async def test_upgrade_is_ignored_and_a_body_is_a_body(body: bytes, at_once: bool) -> None:
    """As Java's own client and `curl --http2` ask for it with every first request."""
    head = UPGRADE % len(body)
    async with server(idle_s=SHORT) as to, await connected(to) as stream:
        for part in (head + body,) if at_once else (head, body):
            await stream.send(part)
        assert (await answer(stream)).endswith(b"\r\n\r\n%d" % len(body))
        await stream.send(GET)
        assert (await answer(stream)).endswith(b"\r\n\r\n0")
        assert await ended(stream)


@pytest.mark.parametrize("upgrade", [b"", b", upgrade\r\nupgrade: h2c"], ids=["plain", "upgrade"])
async def test_what_comes_behind_a_last_request_is_left_unread(upgrade: bytes) -> None:
    """As uvicorn has it: some send the end of a line behind a body, which is nobody's attack."""
    last = b"POST /read HTTP/1.1\r\nhost: x\r\nconnection: close%b\r\ncontent-length: 2\r\n\r\n{}" % upgrade
    async with server() as to, await connected(to) as stream:
        await stream.send(last + b"\r\n" + GET)
        assert b"\r\n\r\n2" in await answer(stream)
        assert to.door.refused.total == {}


@pytest.mark.parametrize("count", [90, 2_000])
async def test_many_upgrades_at_once_are_as_many_requests(count: int, caplog: pytest.LogCaptureFixture) -> None:
    """In one packet; too many of them close the connection, as requests without one do."""
    async with server() as to, await connected(to) as stream:
        await stream.send(b"GET / HTTP/1.1\r\nconnection:upgrade\r\nupgrade:a\r\n\r\n" * count)
        got = b""
        with anyio.fail_after(5), suppress(anyio.BrokenResourceError, anyio.EndOfStream):
            while got.count(b"HTTP/1.1 200") < count:
                got += await stream.receive()
        kept = "connection closed: too many requests wait behind one that is not answered"
        assert to.door.refused.total == ({} if count < 100 else {kept: 1})
        assert "Fatal error" not in caplog.text


async def test_some_requests_may_wait_behind_one_another() -> None:
    async with server() as to, await connected(to) as stream:
        await stream.send(GET * 50)
        got = b""
        with anyio.fail_after(5):
            while got.count(b"HTTP/1.1 200") < 50:
                got += await stream.receive()


async def test_requests_of_one_who_reads_no_answer_do_not_fill_the_memory() -> None:
    """A megabyte of them: the connection is closed, and no more than a hundred were kept."""
    async with server() as to, await connected(to) as stream:
        with anyio.fail_after(5):
            while await sent(stream, GET * 1_000):
                """Until nobody takes them."""
        (what,) = to.door.refused.total
        assert what == "connection closed: too many requests wait behind one that is not answered"
        assert to.door.refused.total[what] == 1


@pytest.mark.parametrize(
    "said", [b"CONNECT x:443 HTTP/1.1\r\nhost: x:443\r\n\r\n", (UPGRADE % 0).replace(b"POST /read", b"CONNECT x:443")]
)
async def test_tunnel_is_refused(said: bytes) -> None:
    async with server() as to, await connected(to) as stream:
        await stream.send(said)
        assert (await answer(stream)).startswith(b"HTTP/1.1 400")


async def test_idle_connection_is_closed_after_a_while_and_not_before() -> None:
    async with server(idle_s=0.4, head_s=SHORT) as to, await connected(to) as stream:
        for _ in range(2):
            await stream.send(GET)
            assert (await answer(stream)).endswith(b"0")
            await anyio.sleep(2 * SHORT)
        assert await ended(stream)


@pytest.mark.parametrize(
    "of", ["one long header", "many headers", "a long URL", "all at once", "just too large", "behind another"]
)
async def test_large_head_is_431(of: str) -> None:
    parts = {
        "one long header": [b"GET /ok HTTP/1.1\r\na: ", *[b"x" * 1_000] * 40],
        "many headers": [b"GET /ok HTTP/1.1\r\n", *[b"a: b\r\n" * 100] * 60],
        "a long URL": [b"GET /", *[b"x" * 1_000] * 40],
        "all at once": [b"GET /ok HTTP/1.1\r\na: " + b"x" * 200_000 + b"\r\n\r\n"],
        "just too large": [b"GET /ok HTTP/1.1\r\na: " + b"x" * 33_000 + b"\r\n\r\n"],
        "behind another": [b"GET /ok HTTP/1.1\r\n\r\n" * 3 + b"GET /ok HTTP/1.1\r\na: " + b"x" * 70_000 + b"\r\n\r\n"],
    }
    async with server() as to, await connected(to) as stream:
        for part in parts[of]:
            if not await sent(stream, part):
                break
        got = await answer(stream)
        assert got.startswith(b"HTTP/1.1 431 ") or got == b"<end>" or of == "behind another"
        assert to.door.refused.total == {"request refused: its headers are too large": 1}


async def test_head_within_its_bound_and_a_body_in_the_same_packet_are_read() -> None:
    async with server() as to, await connected(to) as stream:
        head = b"POST /read HTTP/1.1\r\na: " + b"x" * 30_000 + b"\r\ncontent-length: 100000\r\n\r\n"
        for _ in range(2):
            await stream.send(head + b"y" * 100_000)
            assert (await answer(stream)).endswith(b"100000")


async def test_pipelined_requests_are_all_answered() -> None:
    async with server(head_s=SHORT) as to, await connected(to) as stream:
        await stream.send(GET * 3)
        got = b""
        with anyio.fail_after(5):
            while got.count(b"HTTP/1.1 200") < 3 or not got.endswith(b"0"):
                got += await stream.receive()
        await anyio.sleep(2 * SHORT)
        await stream.send(GET)
        assert (await answer(stream)).endswith(b"0")


@pytest.mark.parametrize("right", [1, 3])
async def test_what_was_right_is_answered_before_the_rubbish_behind_it(right: int) -> None:
    request = b"POST /read HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nbody"
    async with server() as made, await connected(made) as stream:
        await stream.send(request * right + b"\x00rubbish\r\n\r\n" + GET)
        said = b""
        with anyio.fail_after(5):
            async for piece in stream:
                said += piece
    assert re.findall(rb"HTTP/1.1 (\d+)", said) == [b"200"] * right + [b"400"]


async def test_body_nobody_reads_goes_by_and_the_connection_serves_on() -> None:
    async with server(head_s=SHORT, body_s=5) as to, await connected(to) as stream:
        await stream.send(b"POST /ok HTTP/1.1\r\ncontent-length: 300000\r\n\r\n")
        assert (await answer(stream)).endswith(b"0")
        await stream.send(b"x" * 300_000)
        await stream.send(GET)
        assert (await answer(stream)).endswith(b"0")


async def test_body_nobody_reads_and_that_does_not_end_is_cut_off() -> None:
    async with server() as to, await connected(to) as stream:
        await stream.send(b"POST /ok HTTP/1.1\r\ncontent-length: 1000000000\r\n\r\n")
        assert (await answer(stream)).endswith(b"0"), "its answer comes first"
        count = 0
        with anyio.fail_after(10):
            while await sent(stream, b"x" * 1_000_000):
                count += 1
        assert count < 100
        assert to.door.refused.total == {"connection closed: its request's body does not come to its end": 1}


CHUNKED = b"POST /read HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
FRAMED = "connection closed: its request's chunks or trailers are too large"
ENDLESS = {
    "trailers": (b"5\r\nhello\r\n0\r\n", b"a: b\r\n" * 1_000),
    "one trailer": (b"5\r\nhello\r\n0\r\na: ", b"x" * 5_000),
    "the name of a trailer": (b"0\r\n", b"x" * 5_000),
    "what is behind a size": (b"5;a=", b"x" * 5_000),
    "what is behind the last size": (b"5\r\nhello\r\n0;a=", b"x" * 5_000),
    "what is behind each size": (b"", b"1;a=" + b"x" * 100 + b"\r\ny\r\n"),
}


@pytest.mark.parametrize("of", ENDLESS)
@pytest.mark.parametrize("path", [b"/read", b"/ok"], ids=["that is read", "that is not"])
async def test_framing_of_a_body_has_a_bound(of: str, path: bytes) -> None:
    """Nothing else would count it: it is no head, and no body."""
    begun, more = ENDLESS[of]
    async with server() as to, await connected(to) as stream:
        await stream.send(CHUNKED.replace(b"/read", path) + begun)
        count = 0
        with anyio.fail_after(5):
            while await sent(stream, more):
                count += len(more)
                await anyio.lowlevel.checkpoint()
        assert to.door.refused.total == {FRAMED: 1}
        assert len(to.door) == 0


async def test_framing_is_counted_anew_for_each_request() -> None:
    trailers = CHUNKED + b"5\r\nhello\r\n0\r\n" + b"a: b\r\n" * 4_000 + b"\r\n"
    async with server() as to, await connected(to) as stream:
        for _ in range(3):
            await stream.send(trailers)
            assert (await answer(stream)).endswith(b"5")
        assert to.door.refused.total == {}


async def test_many_small_chunks_are_a_body_like_others() -> None:
    async with server() as to, await connected(to) as stream:
        await stream.send(CHUNKED + b"1\r\nx\r\n" * 60_000 + b"0\r\n\r\n")
        assert (await answer(stream)).endswith(b"60000")


async def test_trailers_are_no_headers() -> None:
    seen: list[list[tuple[bytes, bytes]]] = []

    async def looking(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)
        seen.append(scope["headers"])

    async with server(app=looking) as to, await connected(to) as stream:
        await stream.send(CHUNKED + b"5\r\nhello\r\n0\r\nx-forwarded-for: 192.0.2.7\r\n\r\n")
        assert (await answer(stream)).endswith(b"5")
    assert seen == [[(b"host", b"x"), (b"transfer-encoding", b"chunked")]]


async def test_idle_connections_make_room_for_who_has_something_to_say() -> None:
    async with server(connections=20) as to:
        idle = [await connected(to) for _ in range(60)]
        async with await connected(to) as stream:
            await stream.send(GET)
            assert (await answer(stream)).endswith(b"0")
        assert len(to.door) <= 20
        assert to.door.refused.total["connection closed: it said nothing, and others want its place"] >= 40
        for one in idle:
            await one.aclose()
