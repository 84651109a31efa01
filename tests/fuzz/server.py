"""Requests of any bytes, to a server with a runner's HTTP side behind it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import anyio
import anyio.abc
from anyio.from_thread import BlockingPortal, start_blocking_portal

from engine.serving.door import Limits
from engine.serving.server import HttpServer, bind
from engine.webhook.app import WebhookApp
from engine.webhook.sources import RequestLimits
from tests.e2e.ports import HOST
from tests.unit.webhook.test_app import Pretended

_SOUND = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"
_WAIT_S = 8.0


class _Served:
    def __init__(self, portal: BlockingPortal, port: int, faults: list[str]) -> None:
        self._portal = portal
        self._port = port
        self._faults = faults

    def take(self, data: bytes) -> None:
        """The bytes in two packets; whatever is said to them, the next one is served, and nothing was ours to report."""
        self._portal.call(self._send, data)
        assert not self._faults, self._faults

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
def serving() -> Iterator[Callable[[bytes], None]]:
    """What takes a request."""
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
            yield _Served(portal, bound.getsockname()[1], faults).take
        finally:
            portal.call(server.stop)
            future.result(5)
