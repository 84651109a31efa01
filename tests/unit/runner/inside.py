"""A runner without sockets: its HTTP side in memory, and a platform that is a function."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from engine.calling.client import CallingClient
from engine.journal.base import Journal
from engine.journal.memory import MemoryJournal
from engine.model.bundle import Bundle
from engine.model.ids import ControlId
from engine.project.environment import Environment
from engine.project.flows import FlowFile
from engine.runner.clock import Clock
from engine.runner.library import Library, library_of
from engine.runner.serve import Runner, running
from engine.runner.spans import Spans
from engine.wire.callback_url import token

NUMBER = "+15550100"
FLOW = """
flow: short
language: 1
start: hello
steps:
  hello:
    play: "Hello."
    next: bye
  bye:
    end: hangup
outbound: {}
"""
Answering = Callable[[dict[str, Any]], httpx.Response | Awaitable[httpx.Response]]


def accepted(body: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, json={"id": body.get("id", ""), "status": None})


class Inside(NamedTuple):
    """`sent` are the bodies of the commands that reached the platform."""

    runner: Runner
    client: httpx.AsyncClient
    journal: Journal
    sent: list[dict[str, Any]]

    async def arrive(self, call_id: str = "c1") -> httpx.Response:
        return await self.client.post("/calls/inbound", json={"call": {"call_id": call_id, "to": NUMBER}})

    async def report(self, control_id: str, **body: Any) -> httpx.Response:
        path = f"/webhooks/{token(self.journal.callback_key, ControlId(control_id))}"
        return await self.client.post(path, json=body)


def library(text: str = FLOW) -> Library:
    name = text.split("flow: ", 1)[1].split("\n", 1)[0]
    found = library_of([FlowFile(name, Bundle(name, {f"{name}.flow.yaml": text.encode()}))], {})
    assert not found.problems, found.problems
    return found


@asynccontextmanager
async def inside(
    answering: Answering = accepted,
    *,
    text: str = FLOW,
    journal: Journal | None = None,
    flows: Library | None = None,
    clock: Clock | None = None,
    traced: Spans | None = None,
    **more: Any,
) -> AsyncIterator[Inside]:
    """`more` are further fields of the environment."""
    kept, flows, sent = journal or MemoryJournal(), flows or library(text), list[dict[str, Any]]()

    async def platform(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"status": "answered"})
        body = json.loads(request.content)
        sent.append(body)
        answer = answering(body)
        return answer if isinstance(answer, httpx.Response) else await answer

    environment = Environment(
        name="inside",
        space="platform.example",
        public_url="http://runner.example",
        listen=("127.0.0.1", 0),
        journal=Path(),
        flows=Path(),
        routes=dict.fromkeys([NUMBER], flows.names[0]),
        project="p",
        token="t",
        api_token="secret",
        **more,
    )
    calling = CallingClient(project="p", token="t", space="platform.example", transport=httpx.MockTransport(platform))
    async with (
        calling,
        running(environment, journal=kept, client=calling, library=flows, clock=clock, traced=traced) as runner,
    ):
        transport = httpx.ASGITransport(runner.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://runner.example") as client:
            yield Inside(runner, client, kept, sent)
