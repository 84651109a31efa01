"""The runner's own API: runs that you ask for, look at and cancel. Everything of it wants the bearer token."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engine.webhook.body import read_body
from engine.webhook.intake import Intake, Refused
from engine.webhook.keys import Keys
from engine.webhook.sources import Sources

REPLAYED = "Idempotent-Replayed"
"""The answer's header that says that the run was there already."""


class RunsApi:
    def __init__(self, intake: Intake, keys: Keys, sources: Sources) -> None:
        self._intake = intake
        self._keys = keys
        self._sources = sources
        self.routes = [
            Route("/runs", self._start_run, methods=["POST"]),
            Route("/runs", self._list_runs, methods=["GET"]),
            Route("/runs/{run_id}", self._show_run, methods=["GET"]),
            Route("/runs/{run_id}/cancel", self._cancel_run, methods=["POST"]),
            Route("/runs/{run_id}/signals/{name}", self._signal, methods=["POST"]),
            Route("/flows/{flow}", self._show_flow, methods=["GET"]),
        ]

    async def _start_run(self, request: Request) -> Response:
        self._authorize(request)
        wanted = _object(await read_body(request.scope, request.receive))
        found = await self._intake.request(
            flow=_text(wanted, "flow", required=True),
            to=_text(wanted, "to", required=True),
            from_=_text(wanted, "from"),
            inputs=_mapping(wanted, "inputs"),
            key=request.headers.get("idempotency-key", ""),
        )
        headers = {REPLAYED: "true"} if found.known else None
        ended = {"no_call": found.no_call} if found.no_call else {}
        return JSONResponse({"run": found.run_id, **ended}, 202, headers)

    async def _list_runs(self, request: Request) -> Response:
        self._authorize(request)
        limit = request.query_params.get("limit", "50")
        if not limit.isdecimal() or not 0 < int(limit) <= 1000:
            raise Refused(400, "limit: a number from 1 to 1000")
        return JSONResponse({"runs": self._intake.runs(int(limit))})

    async def _show_run(self, request: Request) -> Response:
        self._authorize(request)
        return JSONResponse(self._intake.run(request.path_params["run_id"]))

    async def _cancel_run(self, request: Request) -> Response:
        self._authorize(request)
        found = await self._intake.cancel(request.path_params["run_id"])
        return JSONResponse(found, 200 if found["status"] == "ended" else 202)

    async def _signal(self, request: Request) -> Response:
        self._authorize(request)
        run_id, name = request.path_params["run_id"], request.path_params["name"]
        body = await read_body(request.scope, request.receive)
        await self._intake.signal(run_id, name, _json_object(body, "{name: value, ...}") if body else {})
        return JSONResponse({"run": run_id, "signal": name}, 202)

    async def _show_flow(self, request: Request) -> Response:
        self._authorize(request)
        return JSONResponse(self._intake.flow(request.path_params["flow"]))

    def _authorize(self, request: Request) -> None:
        if not self._keys.has_api_token:
            self._sources.refused(request.scope, "request for runs refused: OFFHOOK_API_TOKEN is not set")
            raise Refused(403, "This runner takes no requests for runs: OFFHOOK_API_TOKEN is not set.")
        if not self._keys.open_api(request):
            self._sources.refused(request.scope, "request for runs refused: its bearer token is missing or wrong")
            raise Refused(401, "Send `Authorization: Bearer` with the runner's OFFHOOK_API_TOKEN.")
        self._sources.proven(request.scope)


def _object(body: bytes) -> dict[str, Any]:
    found = _json_object(body, "{flow, to, from, inputs}")
    unknown = sorted(set(found) - {"flow", "to", "from", "inputs"})
    if unknown:
        raise Refused(400, f"Not known: {', '.join(unknown)}. Known: flow, to, from, inputs.")
    return found


def _json_object(body: bytes, shape: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, f"The body is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise Refused(400, f"The body must be a JSON object: {shape}.")
    return found


def _text(wanted: dict[str, Any], key: str, *, required: bool = False) -> str:
    value = wanted.get(key, "")
    if not isinstance(value, str) or (required and not value):
        raise Refused(400, f"`{key}` must be a text.")
    return value


def _mapping(wanted: dict[str, Any], key: str) -> dict[str, Any]:
    value = wanted.get(key, {})
    if not isinstance(value, dict):
        raise Refused(400, f"`{key}` must be an object.")
    return value
