"""What comes with a chunked body, and is none of it."""

from typing import Any

import anyio
import anyio.lowlevel
import pytest

from tests.unit.serving.served import answer, app, connected, sent, server

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
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
