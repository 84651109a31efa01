"""An answer of the platform on its way to the client: at once, late, never, or cut off."""

from typing import Any

import anyio
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.exchange.effects import HttpAnswer
from engine.sandbox.switch import Switch

_CONNECTION = "offhook.connection"
_json = msgspec.json.Encoder()


def as_json(value: Any, status: int = 200) -> Response:
    return Response(_json.encode(value), status_code=status, media_type="application/json")


class Connections:
    """Lets the application see the connection that a request came on, so that it can cut it.

    uvicorn hands over a method of what holds the transport; no other server does, and none is used.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_CONNECTION] = getattr(getattr(send, "__self__", None), "transport", None)
        await self._app(scope, receive, send)


async def send(request: Request, answer: HttpAnswer, switch: Switch) -> Response:
    """Do with the answer what the exchange decided; its times run with the sandbox's clock."""
    if answer.send == "hang":
        await _until_gone(request, switch)
    if answer.send != "answer":
        return _cut(request)
    if answer.late_ms:
        with anyio.move_on_after(answer.late_ms / 1_000 / switch.clock.speed):
            await switch.closing.wait()
    content = answer.text.encode() if answer.text else _json.encode(answer.body)
    return Response(content, status_code=answer.status, headers=answer.headers, media_type=answer.content_type)


async def _until_gone(request: Request, switch: Switch) -> None:
    """Until the client has given up, or the sandbox is closing."""

    async def closing() -> None:
        await switch.closing.wait()
        tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(closing)
        while (await request.receive())["type"] != "http.disconnect":
            pass
        tasks.cancel_scope.cancel()


def _cut(request: Request) -> Response:
    """Close the connection; the response is for a server that has no connection to show, and never read."""
    connection = request.scope.get(_CONNECTION)
    if connection is not None:
        connection.abort()
    return Response(status_code=500)
