"""The vendor's SDK and a call of the sandbox for it to drive."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx
from signalwire.rest import RestClient
from signalwire.rest._base import SignalWireRestError

from engine.sandbox.service import PROJECT, TOKEN, Sandbox
from tests.unit.sandbox.receiver import Receiver, receiving

NUMBER = "+15550001"


def rest_client(sandbox: Sandbox, *, token: str = TOKEN) -> RestClient:
    return RestClient(project=PROJECT, token=token, host=f"127.0.0.1:{sandbox.port}")


async def in_thread(call: Callable[[], Any]) -> Any:
    return await anyio.to_thread.run_sync(call)


async def place(sandbox: Sandbox, receiver: Receiver, *script: dict[str, Any], **more: Any) -> str:
    """An inbound call that is answered and parked; its call_id."""
    async with httpx.AsyncClient() as client:
        asked = {"to": NUMBER, "caller": list(script), **more}
        placed = await client.post(f"{sandbox.url}/sandbox/calls", json=asked)
        call_id = str(placed.json()["call_id"])
        after = 0
        while (await client.get(f"{sandbox.url}/sandbox/calls/{call_id}")).json()["state"] != "answered":
            seen = await client.get(f"{sandbox.url}/sandbox/calls/{call_id}/heard?after={after}&wait_s=1")
            after = seen.json()["last"]
    return call_id


class Line:
    """A parked call; `do` sends a command by the SDK's method and gives (status, code, leg)."""

    def __init__(self, sandbox: Sandbox, receiver: Receiver, call_id: str) -> None:
        self.sandbox = sandbox
        self.receiver = receiver
        self.call_id = call_id
        self.hook = f"{receiver.url}/hook"
        self._calling = rest_client(sandbox).calling

    async def do(self, method: str, **params: Any) -> tuple[int, str, dict[str, Any]]:
        bare = method in ("dial", "update")
        call = getattr(self._calling, method)
        try:
            leg = await in_thread(lambda: call(**params) if bare else call(self.call_id, **params))
        except SignalWireRestError as refused:
            body = refused.body
            assert isinstance(body, dict)
            return int(refused.status_code or 0), body["errors"][0]["code"], {}
        return 200, "", leg


@asynccontextmanager
async def line(*, options: Any = None, **placed: Any) -> AsyncIterator[Line]:
    async with (
        receiving() as receiver,
        Sandbox(numbers={NUMBER: f"{receiver.url}/swml"}, options=options, speed=20) as sandbox,
    ):
        yield Line(sandbox, receiver, await place(sandbox, receiver, **placed))
