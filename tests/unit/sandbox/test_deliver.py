"""The way out: plain HTTP on kept connections, and what becomes of failures."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import anyio.abc
import httpx
import pytest

from engine.sandbox.deliver import Courier
from engine.sandbox.plain_http import is_plain

pytestmark = pytest.mark.anyio
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


class Peer:
    """Answers each request with the next of `answers`; `b""` closes the connection instead."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.requests: list[bytes] = []
        self.connections = 0
        self.url = ""

    async def serve(self, stream: anyio.abc.ByteStream) -> None:
        self.connections += 1
        async with stream:
            while self.answers:
                try:
                    self.requests.append(await stream.receive())
                except anyio.EndOfStream:
                    return
                answer = self.answers.pop(0)
                if not answer:
                    return
                await stream.send(answer)


@asynccontextmanager
async def peer(*answers: bytes) -> AsyncIterator[Peer]:
    found = Peer(*answers)
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=0)
    found.url = f"http://127.0.0.1:{listener.extra(anyio.abc.SocketAttribute.local_port)}"
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, found.serve)
        yield found
        tasks.cancel_scope.cancel()


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (OK, 200, b"hi"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, 200, b"hi"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhi\r\n1\r\n!\r\n0\r\n\r\n", 200, b"hi!"),
        (b"HTTP/1.1 500 Oh\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 500, b""),
    ],
)
async def test_answer_is_read_however_its_end_is_marked(answer: bytes, status: int, body: bytes) -> None:
    async with peer(answer) as at, Courier() as courier:
        response = await courier.send("POST", at.url, {})
    assert (response.status, response.body, response.error) == (status, body, "")


async def test_answer_may_end_with_the_connection() -> None:
    async with peer(b"HTTP/1.0 200 OK\r\n\r\nall of it") as at, Courier() as courier:
        response = await courier.send("POST", at.url, {})
    assert response.body == b"all of it"


async def test_request_is_as_the_url_says() -> None:
    async with peer(OK) as at, Courier() as courier:
        await courier.send("POST", at.url.replace("//", "//us%65r:pass@") + "/hook?a=1", {"x": 1})
    head, _, body = at.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?a=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert base64.b64encode(b"user:pass") in head
    assert body == b'{"x":1}'


async def test_connection_is_used_again() -> None:
    async with peer(OK, OK, OK) as at, Courier() as courier:
        for _ in range(3):
            assert (await courier.send("POST", at.url, {})).ok
    assert at.connections == 1


async def test_connection_that_was_closed_while_idle_is_no_failure() -> None:
    async with peer(OK, b"", OK) as at, Courier() as courier:
        assert (await courier.send("POST", at.url, {})).ok
        assert (await courier.send("POST", at.url, {})).ok
    assert at.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SMTP ready\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
async def test_answer_that_is_none_is_recorded(answer: bytes) -> None:
    async with peer(answer) as at, Courier() as courier:
        response = await courier.send("POST", at.url, {})
    assert response.status == 0
    assert response.error


async def test_silence_is_a_failure_after_the_timeout() -> None:
    deaf = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=0)
    async with deaf, Courier(timeout_s=0.02) as courier:
        port = deaf.extra(anyio.abc.SocketAttribute.local_port)
        response = await courier.send("POST", f"http://127.0.0.1:{port}/", {})
    assert (response.status, response.error.split(":")[0]) == (0, "TimeoutError")


@pytest.mark.parametrize(
    "url", ["", "nonsense", "http://", "http://127.0.0.1:notaport/", "ftp://x.test/", "http://a b/"]
)
async def test_url_that_leads_nowhere_is_recorded(url: str) -> None:
    async with Courier() as courier:
        response = await courier.send("POST", url, {})
    assert response.status == 0
    assert response.error


@pytest.mark.parametrize(("status", "tries"), [(500, 3), (503, 3), (404, 1), (200, 1)])
async def test_server_errors_are_tried_as_often_as_allowed(
    status: int, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.sandbox.deliver.RETRY_PAUSE_S", 0.001)
    transport = httpx.MockTransport(lambda request: httpx.Response(status))
    async with Courier(tries=3, transport=transport) as courier:
        response = await courier.send("POST", "http://flows.test/hook", {})
    assert (response.status, response.tries) == (status, tries)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://127.0.0.1:8080/x?y=1", True),
        ("https://flows.test/", False),
        ("http://b\u00fccher.test/", False),
        ("http://a.test/x y", False),
        ("http://a.test/x\r\ny", False),
    ],
)
async def test_only_ordinary_urls_are_plain(url: str, plain: bool) -> None:
    assert is_plain(url) is plain
