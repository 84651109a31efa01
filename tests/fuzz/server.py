"""Requests of any bytes, to a server with a runner's HTTP side behind it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import anyio
import anyio.abc
import anyio.lowlevel
from anyio.from_thread import BlockingPortal, start_blocking_portal

from engine.serving.door import Limits
from engine.serving.server import HttpServer, bind
from engine.webhook.app import WebhookApp
from engine.webhook.sources import RequestLimits
from tests.e2e.ports import HOST
from tests.fuzz.pipelines import LAST, Pipeline, Request, answers
from tests.unit.webhook.test_app import Pretended

_SOUND = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"
_WAIT_S = 8.0


class Served:
    def __init__(self, portal: BlockingPortal, port: int, faults: list[str]) -> None:
        self._portal = portal
        self._port = port
        self._faults = faults
        self._known: dict[Request, tuple[int, bytes]] = {}

    def take(self, data: bytes) -> None:
        """The bytes in two packets; whatever is said to them, the next one is served, and nothing was ours to report."""
        self._portal.call(self._send, data)
        assert not self._faults, self._faults

    def take_pipeline(self, given: Pipeline) -> None:
        """Each request is answered as it is alone, in its turn."""
        expected = [self._alone(one.plain) for one in given.requests]
        found = answers(self._portal.call(self._said, given.packets))
        assert found == expected, f"{found} where {expected} was expected"
        assert not self._faults, self._faults

    def _alone(self, request: Request) -> tuple[int, bytes]:
        if request not in self._known:
            alone = [request.bytes] if request.last else [request.bytes, LAST.bytes]
            self._known[request] = answers(self._portal.call(self._said, alone))[0]
        return self._known[request]

    async def _said(self, packets: list[bytes]) -> bytes:
        said = b""
        with anyio.fail_after(_WAIT_S):
            async with await anyio.connect_tcp(HOST, self._port) as stream:
                for packet in packets:
                    await stream.send(packet)
                    await anyio.lowlevel.checkpoint()
                async for piece in stream:
                    said += piece
        return said

    async def _send(self, data: bytes) -> None:
        with anyio.fail_after(_WAIT_S):
            with suppress(anyio.BrokenResourceError, anyio.EndOfStream, anyio.ClosedResourceError):
                await self._one(data)
            async with await anyio.connect_tcp(HOST, self._port) as stream:
                await stream.send(_SOUND)
                assert (await stream.receive()).startswith(b"HTTP/1.1 200 "), data

    async def _one(self, data: bytes) -> None:
        async with await anyio.connect_tcp(HOST, self._port) as stream:
            for part in (data[: len(data) // 2], data[len(data) // 2 :]):
                await stream.send(part)
            await stream.send_eof()
            while True:
                await stream.receive()


@contextmanager
def serving() -> Iterator[Served]:
    """What takes requests."""
    faults: list[str] = []
    app = WebhookApp(
        Pretended(),
        public_url="https://x.example",
        signing_key="k",
        api_token="t",
        limits=RequestLimits(per_second=1e9),
    )

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:
            faults.append(f"{type(error).__name__}: {error}")
            raise

    with ExitStack() as stack:
        portal = stack.enter_context(start_blocking_portal("asyncio"))
        bound = stack.enter_context(bind(HOST, 0))
        server = HttpServer(watched, bound, Limits(head_s=10, body_s=10), shortcut=app.shortcut)
        future, _ = portal.start_task(server.serve)
        try:
            yield Served(portal, bound.getsockname()[1], faults)
        finally:
            portal.call(server.stop)
            future.result(5)
