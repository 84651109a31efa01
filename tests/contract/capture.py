"""A platform that keeps every request as it came, answers with a leg, and ends what is started.

Steps whose names begin with `held` are left alone until they are stopped; those that begin with
`barge` hear a key as soon as their prompt is asked for; in those that begin with `silent` nobody says
anything; those that begin with `choice` hear a key when their prompt is over.
"""

import json
import re
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple

import anyio
import anyio.abc
import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine.wire import requests
from tests.e2e.fake_platform import json_response, refusal, served
from tests.e2e.ports import HOST

Body = dict[str, Any]
KEY = {"type": "digit", "params": {"digits": "1", "terminator": ""}}
SILENCE = {"type": "no_input", "params": {}}
LAST: dict[str, Body] = {
    "play": {"state": "finished"},
    "record": {"state": "finished", "record": {"url": "https://files.example.com/1.mp3", "duration": 2.5}},
    "detect": {"detect": {"type": "machine", "params": {"event": "HUMAN"}}},
    "tap": {"state": "finished"},
    "stream": {"state": "finished"},
    "transcribe": {"state": "finished"},
    "refer": {"state": "busy", "sip_notify_response_code": "486"},
}
"""What an operation reports at its end, but a collect."""

CONTROL_ID_DOTS = 5
"""Of the engine's, such as `<run>.0.menu.1.1.play`; a literal one is the author's."""


_WAY_BACK = re.compile(r'https?://[^"]*/calls/resume/[^"]*')
"""Where SWML that is to come back comes back to: at once."""


def _detected(params: Body) -> Body:
    """Something of the kind that is looked for."""
    kind = params["detect"]["type"]
    return {"detect": {"type": kind, "params": {"event": {"machine": "HUMAN", "fax": "CED"}.get(kind, "1")}}}


class Captured(NamedTuple):
    """A request as it came. `content_type` is its header."""

    path: str
    content_type: str
    raw: bytes

    @property
    def body(self) -> Body:
        """Strictly: no key twice, and no number that JSON does not have."""
        found: Body = json.loads(self.raw, object_pairs_hook=_once, parse_constant=_no_constant)
        return found


class CapturingPlatform:
    """`requests` are what came, in order. What is `missing` is answered with 404."""

    def __init__(self, port: int, tasks: anyio.abc.TaskGroup) -> None:
        self.space = f"{HOST}:{port}"
        self.requests: list[Captured] = []
        self.app = Starlette(
            routes=[
                Route(requests.PATH, self._command, methods=["POST"]),
                Route("/api/voice/logs/{segment}", self._log, methods=["GET"]),
                Route("/api/voice/logs/{segment}/events", self._events, methods=["GET"]),
            ]
        )
        self.missing: Callable[[Body], bool] = lambda _: False
        self._tasks = tasks
        self._client = httpx.AsyncClient(trust_env=False)
        self._urls: dict[str, str] = {}
        self._tapes: dict[str, str] = {}
        self._collects: dict[str, str] = {}

    async def _command(self, request: Request) -> Response:
        raw = await request.body()
        self.requests.append(Captured(request.url.path, request.headers.get("content-type", ""), raw))
        body = json.loads(raw)
        params = body["params"]
        if self.missing(body):
            return refusal(404, "not_found")
        leg = body.get("id") or params.get("id") or str(uuid.uuid4())
        self._tasks.start_soon(self._report, body["command"], params, leg)
        return json_response(
            200, {"id": leg, "type": "relay_pstn_call", "status": None, "ask_id": "a", "status_line": "+OK"}
        )

    async def _report(self, command: str, params: Body, call_id: str) -> None:
        control_id, url = params.get("control_id", ""), params.get("status_url", "")
        name = command.removeprefix("calling.")
        step = control_id.split(".")[2] if control_id.count(".") == CONTROL_ID_DOTS else ""
        if url and control_id:
            self._urls[control_id] = url
        if name == "record":
            self._tapes[control_id] = call_id
        if name == "dial" and url:
            for state in ("created", "ringing", "answered"):
                await self._post(url, {"call_id": call_id, "call_state": state})
        elif way := _WAY_BACK.search(json.dumps(params.get("swml"))):
            await self._post(
                way[0], {"call": {"call_id": call_id}, "vars": {"connect_result": "connected"}, "params": {}}
            )
        elif name == "collect":
            self._collects[f"{call_id}{step}"] = control_id
            if step.startswith("collect") or (params.get("start_input_timers") and not step.startswith("barge")):
                await self._input(control_id, KEY if step.startswith(("collect", "choice")) else SILENCE)
        elif name == "play" and step.startswith("barge"):
            await self._input(self._collects[f"{call_id}{step}"], {"type": "start_of_input", "params": {}})
        elif name in LAST and url and not step.startswith("held"):
            last = _detected(params) if name == "detect" else LAST[name]
            await self._post(url, {"control_id": control_id, "call_id": call_id, **last})
        elif name == "collect.start_input_timers" and not step.startswith("held"):
            await self._input(control_id, KEY if step.startswith("choice") else SILENCE)
        elif name == "end":
            for control_id in [one for one in self._tapes if self._tapes[one] == call_id]:
                await self._post(self._urls[control_id], {"control_id": control_id, **LAST["record"]})
        elif name.endswith(".stop") and control_id in self._urls:
            kind = name.removesuffix(".stop")
            if kind == "collect":
                await self._input(control_id, SILENCE)
            else:
                await self._post(self._urls[control_id], {"control_id": control_id, "call_id": call_id, **LAST[kind]})
            if kind == "play" and step.startswith("barge"):
                await self._input(self._collects[f"{call_id}{step}"], KEY)

    async def _input(self, control_id: str, result: Body) -> None:
        await self._post(self._urls[control_id], {"control_id": control_id, "final": True, "result": result})

    async def _post(self, url: str, body: Body) -> None:
        # Undelivered where the runner is being stopped.
        with suppress(httpx.TransportError):
            await self._client.post(url, json=body)

    async def _log(self, request: Request) -> Response:
        return json_response(200, {"id": request.path_params["segment"], "status": "answered"})

    async def _events(self, request: Request) -> Response:
        return json_response(200, [])

    async def aclose(self) -> None:
        await self._client.aclose()


def _once(pairs: list[tuple[str, Any]]) -> Body:
    assert len({name for name, _ in pairs}) == len(pairs), f"a key twice in {pairs}"
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise AssertionError(f"{name} is no JSON")


@asynccontextmanager
async def capturing_platform() -> AsyncIterator[CapturingPlatform]:
    async with served(CapturingPlatform) as platform:
        yield platform
