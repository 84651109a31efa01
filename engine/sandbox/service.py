"""The sandbox as a service in an anyio task group.

    async with Sandbox(numbers={"+15550001": "http://127.0.0.1:8080/calls/inbound"}) as sandbox:
        ...  # sandbox.url

Served by uvicorn, so on asyncio only.
"""

import contextlib
import socket
import uuid
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import anyio
import anyio.abc
from msgspec.structs import replace
from starlette.applications import Starlette

from engine.exchange.options import ExchangeOptions
from engine.sandbox import control_api, platform_api
from engine.sandbox.answering import Connections
from engine.sandbox.clock import Clock
from engine.sandbox.deliver import Courier, Signed, Transport
from engine.sandbox.switch import Switch
from engine.serving.server import HttpServer, bind

PROJECT = "sandbox"
TOKEN = "sandbox-token"


class Sandbox:
    """A local platform. `host` and `port` 0 (any free one) are where it listens.

    `project` and `token` are what the API's clients must show; `numbers` map a number to the URL of
    its SWML, on top of `options.numbers`. `speed` makes prompts and timers that many times faster.
    `signing_key` signs SWML fetches and webhooks (or, with `sign`, the fetches alone, or nothing).
    A client with `unscoped_token` is answered 403. `tries` bounds each webhook's attempts, and
    `transport` carries them (default httpx's own). Ids that the platform makes up are a function of
    `seed`, by default another one each time: an id is never met twice by a runner.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        project: str = PROJECT,
        token: str = TOKEN,
        numbers: Mapping[str, str] | None = None,
        options: ExchangeOptions | None = None,
        speed: float = 1.0,
        unscoped_token: str = "",
        signing_key: str = "",
        sign: Signed = "all",
        tries: int = 1,
        timeout_s: float = 10.0,
        transport: Transport | None = None,
        seed: str = "",
    ) -> None:
        self.host = host
        self.port = port
        self.project = project
        self.token = token
        self._courier = Courier(
            signing_key=signing_key, sign=sign, tries=tries, timeout_s=timeout_s, transport=transport
        )
        self.switch = Switch(
            options=_with_numbers(options or ExchangeOptions(), numbers or {}),
            clock=Clock(speed=speed),
            courier=self._courier,
            seed=seed or uuid.uuid4().hex,
        )
        self._app = Connections(
            Starlette(
                routes=[
                    *platform_api.routes(self.switch, project=project, token=token, unscoped_token=unscoped_token),
                    *control_api.routes(self.switch),
                ]
            )
        )
        self._bound: socket.socket | None = None
        self._tasks: anyio.abc.TaskGroup | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    async def serve(self, *, task_status: anyio.abc.TaskStatus[str] = anyio.TASK_STATUS_IGNORED) -> None:
        """Listen until cancelled; reports the URL when the first request would be answered."""
        with contextlib.closing(self._bound or self._bind()) as listener:
            async with self._courier, anyio.create_task_group() as tasks:
                await tasks.start(self.switch.run)
                await tasks.start(HttpServer(self._app, listener).serve)
                task_status.started(self.url)
                try:
                    await anyio.sleep_forever()
                finally:
                    self.switch.release_waiters()

    def _bind(self) -> socket.socket:
        self._bound = bind(self.host, self.port)
        self.port = self._bound.getsockname()[1]
        return self._bound

    async def __aenter__(self) -> Self:
        # Before the task group, so that a port in use is not an error inside a half-entered one.
        self._bind()
        self._tasks = await anyio.create_task_group().__aenter__()
        await self._tasks.start(self.serve)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        assert self._tasks is not None, "entered before"
        self._tasks.cancel_scope.cancel()
        if isinstance(error, Exception):
            # The caller's own error leaves as it is, not in a group of one.
            await self._tasks.__aexit__(None, None, None)
            return None
        return await self._tasks.__aexit__(kind, error, trace)


def _with_numbers(options: ExchangeOptions, numbers: Mapping[str, str]) -> ExchangeOptions:
    return replace(options, numbers={**options.numbers, **numbers})
