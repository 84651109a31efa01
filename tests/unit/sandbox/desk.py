"""A sandbox with a receiver behind it, and the requests that tests make of it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx

from engine.sandbox.service import PROJECT, TOKEN, Sandbox
from tests.unit.sandbox.receiver import Receiver, receiving

NUMBER = "+15550001"


class Desk:
    def __init__(self, sandbox: Sandbox, receiver: Receiver, client: httpx.AsyncClient) -> None:
        self.sandbox = sandbox
        self.receiver = receiver
        self.client = client
        self.hook = f"{receiver.url}/hook"

    async def get(self, path: str) -> dict[str, Any]:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def place(self, *script: dict[str, Any]) -> str:
        """An inbound call; returns when it is answered and parked."""
        answer = await self.client.post("/sandbox/calls", json={"to": NUMBER, "caller": list(script)})
        assert answer.status_code == 201, answer.text
        call_id = str(answer.json()["call_id"])
        await self.until_state(call_id, "answered")
        return call_id

    async def arrival(self) -> str:
        """The first call that comes from elsewhere, when it is answered."""
        await self.receiver.until(lambda seen: bool(seen.requests))
        call_id = str(json.loads(self.receiver.requests[0][2])["call"]["call_id"])
        await self.until_state(call_id, "answered")
        return call_id

    async def until_state(self, call_id: str, state: str) -> dict[str, Any]:
        """Wait for the call to be in that state; what the sandbox tells of it then."""
        after = 0
        with anyio.fail_after(5):
            while True:
                heard = await self.get(f"/sandbox/calls/{call_id}/heard?after={after}&wait_s=2")
                if heard["state"] == state:
                    return await self.get(f"/sandbox/calls/{call_id}")
                after = heard["last"]

    async def command(self, call_id: str, name: str, **params: Any) -> httpx.Response:
        body = {"command": name, "id": call_id, "params": params}
        return await self.client.post("/api/calling/calls", json=body)

    async def dial(self, number: str) -> httpx.Response:
        params = {"from": NUMBER, "to": number, "url": f"{self.receiver.url}/swml"}
        return await self.client.post("/api/calling/calls", json={"command": "dial", "params": params})

    async def say(self, call_id: str, text: str, control_id: str = "p1") -> httpx.Response:
        items = [{"type": "tts", "params": {"text": text}}]
        return await self.command(call_id, "calling.play", control_id=control_id, play=items, status_url=self.hook)

    async def act(self, call_id: str, **act: Any) -> httpx.Response:
        return await self.client.post(f"/sandbox/calls/{call_id}/caller", json=act)


@asynccontextmanager
async def desk(**sandbox: Any) -> AsyncIterator[Desk]:
    sandbox.setdefault("speed", 50)
    async with receiving() as receiver:
        sandbox.setdefault("numbers", {NUMBER: f"{receiver.url}/swml"})
        async with (
            Sandbox(**sandbox) as served,
            httpx.AsyncClient(base_url=served.url, auth=(PROJECT, TOKEN), timeout=10) as client,
        ):
            yield Desk(served, receiver, client)
