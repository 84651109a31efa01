"""The platform's side of a test: a sandbox in this process, and what is asked of it over HTTP."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx

from engine.sandbox.service import PROJECT, TOKEN, Sandbox

Call = dict[str, Any]
LONGEST_S = 30


class Line:
    def __init__(self, sandbox: Sandbox, client: httpx.AsyncClient) -> None:
        self.sandbox = sandbox
        self.client = client

    @property
    def space(self) -> str:
        return f"{self.sandbox.host}:{self.sandbox.port}"

    async def ring(self, to: str, *script: dict[str, Any], from_: str = "+15550177") -> str:
        """Rings the number; the call's id."""
        answer = await self.client.post("/sandbox/calls", json={"to": to, "from": from_, "caller": list(script)})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["call_id"])

    async def callee(self, number: str, *script: dict[str, Any], outcome: str = "answers", after_ms: int = 20) -> None:
        body = {"number": number, "outcome": outcome, "after_ms": after_ms, "caller": list(script)}
        assert (await self.client.post("/sandbox/callees", json=body)).status_code == 200

    async def act(self, call_id: str, **act: Any) -> None:
        answer = await self.client.post(f"/sandbox/calls/{call_id}/caller", json=act)
        assert answer.status_code == 200, answer.text

    async def call(self, call_id: str) -> Call:
        answer = await self.client.get(f"/sandbox/calls/{call_id}")
        assert answer.status_code == 200, answer.text
        found: Call = answer.json()
        return found

    async def calls(self) -> list[Call]:
        found: list[Call] = (await self.client.get("/sandbox/calls")).json()["calls"]
        return found

    async def until(self, call_id: str, ready: Callable[[Call], bool], *, longest_s: float = LONGEST_S) -> Call:
        """Looks at the call with each of its lines until it is `ready`."""
        after = 0
        call: Call = {}
        with anyio.move_on_after(longest_s):
            while True:
                call = await self.call(call_id)
                if ready(call):
                    return call
                news = await self.client.get(f"/sandbox/calls/{call_id}/heard?after={after}&wait_s=0.25")
                after = news.json()["last"]
                await anyio.sleep(0.01)
        raise AssertionError(f"not within {longest_s} s; the call: {brief(call)}")

    async def until_heard(self, call_id: str, text: str) -> Call:
        """Returns while that prompt is being played."""
        return await self.until(call_id, lambda call: any(text in line for line in heard(call)))

    async def until_ended(self, call_id: str, *, longest_s: float = LONGEST_S) -> Call:
        return await self.until(call_id, lambda call: call["state"] == "ended", longest_s=longest_s)

    async def until_handed_over(self, call_id: str) -> Call:
        """Its SWML rings somebody, or is elsewhere."""
        return await self.until(call_id, lambda call: bool(call["asks"]))


@asynccontextmanager
async def line(numbers: Mapping[str, str] | None = None, **sandbox: Any) -> AsyncIterator[Line]:
    """A sandbox; `numbers` map a number to the URL of its SWML, the rest is the sandbox's."""
    limits = httpx.Limits(max_connections=50)
    async with (
        Sandbox(numbers=numbers or {}, **sandbox) as served,
        httpx.AsyncClient(
            base_url=served.url, auth=(PROJECT, TOKEN), timeout=30, limits=limits, trust_env=False
        ) as client,
    ):
        yield Line(served, client)


def heard(call: Call) -> list[str]:
    return [line["text"] for line in call["heard"]]


def brief(call: Call) -> str:
    commands = [f"{each['command']} {each['status']}" for each in call.get("commands", [])]
    return f"{call.get('state')} {call.get('end_reason')}, heard {heard(call) if call else []}, commands {commands}"


def heard_twice(call: Call) -> list[Any]:
    """The audible effects of one command that happened more than once."""
    effects = Counter(
        (line.get("control_id"), line["sound"], line["text"], line["duration_ms"])
        for line in call["heard"]
        if line.get("control_id")
    )
    return [effect for effect, count in effects.items() if count > 1]


def commands(call: Call) -> list[str]:
    return [each["command"] for each in call["commands"]]
