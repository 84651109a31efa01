"""The vendor's paths: the calling API and the voice log, behind HTTP Basic."""

import base64
import hmac
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine.exchange import voice_log
from engine.exchange.answers import not_found, refused
from engine.exchange.effects import HttpAnswer
from engine.exchange.params import Problem
from engine.exchange.state import Call
from engine.sandbox.switch import Switch

Endpoint = Callable[[Request], Awaitable[Response]]

_json = msgspec.json.Encoder()


def routes(switch: Switch, *, project: str, token: str) -> list[Route]:
    """`project` and `token` are the Basic user and password that are let in."""
    expected = b"Basic " + base64.b64encode(f"{project}:{token}".encode())

    def guarded(endpoint: Endpoint) -> Endpoint:
        async def guard(request: Request) -> Response:
            given = request.headers.get("authorization", "").encode()
            if not hmac.compare_digest(given, expected):
                return answered(_unauthorized())
            return await endpoint(request)

        return guard

    async def post_command(request: Request) -> Response:
        try:
            body = msgspec.json.decode(await request.body())
        except msgspec.DecodeError as error:
            return answered(_not_json(error))
        return answered(switch.request(body))

    async def get_log(request: Request) -> Response:
        call = _logged(switch, request)
        if call is None:
            return answered(not_found("id", "segment"))
        return as_json(voice_log.entry(switch.state, call, now_ms=switch.clock.now_ms()))

    async def get_log_events(request: Request) -> Response:
        call = _logged(switch, request)
        if call is None:
            return answered(not_found("id", "segment"))
        return as_json(voice_log.events(switch.state, call))

    return [
        Route("/api/calling/calls", guarded(post_command), methods=["POST"]),
        Route("/api/voice/logs/{segment_id}", guarded(get_log), methods=["GET"]),
        Route("/api/voice/logs/{segment_id}/events", guarded(get_log_events), methods=["GET"]),
    ]


def as_json(value: Any, status: int = 200) -> Response:
    return Response(_json.encode(value), status_code=status, media_type="application/json")


def answered(answer: HttpAnswer) -> Response:
    return as_json(answer.body, answer.status)


def _logged(switch: Switch, request: Request) -> Call | None:
    return voice_log.find(switch.state, request.path_params["segment_id"])


def _unauthorized() -> HttpAnswer:
    return refused(401, (Problem("unauthorized", "", "The project id or the API token is wrong."),))


def _not_json(error: Exception) -> HttpAnswer:
    return refused(400, (Problem("invalid_parameter", "", f"The body is not JSON: {error}"),))
