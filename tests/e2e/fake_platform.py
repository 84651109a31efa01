"""A platform that answers as a test tells it to, over real HTTP; beyond that it plays what it is asked to play."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol, TypeVar

import anyio
import anyio.abc
import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine.serving.server import HttpServer, bind
from tests.e2e.ports import HOST

Answer = Callable[[int], Response | Awaitable[Response] | None]
"""What to answer to the n-th try (from 1) of a command; None: as a platform in good health."""


class FakePlatform:
    """`bad` are answers by call and a part of the control_id; `commands` are (call_id, command, control_id) as they came."""

    def __init__(self, port: int, tasks: anyio.abc.TaskGroup) -> None:
        self.space = f"{HOST}:{port}"
        self.bad: dict[tuple[str, str], Answer] = {}
        self.commands: list[tuple[str, str, str]] = []
        self.app = Starlette(
            routes=[
                Route("/api/calling/calls", self._command, methods=["POST"]),
                Route("/api/voice/logs/{segment}", self._log, methods=["GET"]),
            ]
        )
        self._tasks = tasks
        self._client = httpx.AsyncClient(trust_env=False)
        self._tries: dict[str, int] = {}

    def of(self, call_id: str) -> list[str]:
        """The commands of a call, repeats once."""
        found = dict.fromkeys(f"{name} {control}".strip() for of, name, control in self.commands if of == call_id)
        return list(found)

    async def _command(self, request: Request) -> Response:
        body = await request.json()
        call_id, params = body.get("id", ""), body["params"]
        control_id = params.get("control_id", "")
        self.commands.append((call_id, body["command"], control_id.partition(".")[2]))
        key = f"{call_id}{body['command']}{control_id}"
        self._tries[key] = n = self._tries.get(key, 0) + 1
        for (call, part), answer in self.bad.items():
            if call == call_id and part in control_id:
                given = answer(n)
                response = given if given is None or isinstance(given, Response) else await given
                if response is not None:
                    return response
        if body["command"] == "calling.play":
            self._tasks.start_soon(self._play, params["status_url"], control_id, call_id)
        return json_response(200, {"id": call_id, "status": None})

    async def _play(self, url: str, control_id: str, call_id: str) -> None:
        for state in ("playing", "finished"):
            body = {"control_id": control_id, "call_id": call_id, "state": state}
            # Undelivered where the runner is being stopped.
            with suppress(httpx.TransportError):
                await self._client.post(url, json=body)

    async def _log(self, request: Request) -> Response:
        return json_response(200, {"id": request.path_params["segment"], "status": "answered"})

    async def aclose(self) -> None:
        await self._client.aclose()


def json_response(status: int, body: Any) -> Response:
    return Response(json.dumps(body), status, media_type="application/json")


def refusal(status: int, code: str) -> Response:
    error = {"type": "error", "code": code, "message": "hush: what was sent", "attribute": None, "url": ""}
    return json_response(status, {"errors": [error]})


class Platform(Protocol):
    app: Any

    async def aclose(self) -> None: ...


P = TypeVar("P", bound=Platform)


@asynccontextmanager
async def served(make: Callable[[int, anyio.abc.TaskGroup], P]) -> AsyncIterator[P]:
    """A platform, made for a free port, and listening there."""
    with bind(HOST, 0) as bound:
        async with anyio.create_task_group() as tasks:
            platform = make(bound.getsockname()[1], tasks)
            await tasks.start(HttpServer(platform.app, bound).serve)
            try:
                yield platform
            finally:
                tasks.cancel_scope.cancel()
                with anyio.CancelScope(shield=True):
                    await platform.aclose()


@asynccontextmanager
async def fake_platform() -> AsyncIterator[FakePlatform]:
    async with served(FakePlatform) as platform:
        yield platform
