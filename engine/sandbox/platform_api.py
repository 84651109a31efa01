"""The vendor's paths: the calling API and the voice log, behind HTTP Basic."""

import base64
import hmac
from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine.exchange import limits, voice_log
from engine.exchange.answers import not_found, refused
from engine.exchange.effects import HttpAnswer
from engine.exchange.params import Problem
from engine.exchange.state import Call
from engine.sandbox import answering
from engine.sandbox.answering import as_json
from engine.sandbox.switch import Switch

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(switch: Switch, *, project: str, token: str, unscoped_token: str = "") -> list[Route]:
    """`project` and `token` are the Basic user and password that are let in.

    With `unscoped_token` one is known, but lacks the scope of voice calls.
    """
    expected = _basic(project, token)
    unscoped = _basic(project, unscoped_token) if unscoped_token else b""

    async def admitted(request: Request, endpoint: Endpoint) -> Response:
        given = request.headers.get("authorization", "").encode()
        if hmac.compare_digest(given, expected):
            return await endpoint(request)
        known = bool(unscoped) and hmac.compare_digest(given, unscoped)
        return await answering.send(request, _forbidden() if known else _unauthorized(), switch)

    def guarded(endpoint: Endpoint) -> Endpoint:
        async def guard(request: Request) -> Response:
            response = await admitted(request, endpoint)
            response.headers.update(limits.headers(switch.state))
            return response

        return guard

    async def post_command(request: Request) -> Response:
        try:
            body = msgspec.json.decode(await request.body())
        except msgspec.DecodeError as error:
            return await answering.send(request, _not_json(error), switch)
        return await answering.send(request, switch.request(body), switch)

    async def get_log(request: Request) -> Response:
        call = _logged(switch, request)
        if call is None:
            return await answering.send(request, not_found("id", "segment"), switch)
        return as_json(voice_log.entry(switch.state, call, now_ms=switch.clock.now_ms()))

    async def get_log_events(request: Request) -> Response:
        call = _logged(switch, request)
        if call is None:
            return await answering.send(request, not_found("id", "segment"), switch)
        return as_json(voice_log.events(switch.state, call))

    return [
        Route("/api/calling/calls", guarded(post_command), methods=["POST"]),
        Route("/api/voice/logs/{segment_id}", guarded(get_log), methods=["GET"]),
        Route("/api/voice/logs/{segment_id}/events", guarded(get_log_events), methods=["GET"]),
    ]


def _basic(project: str, token: str) -> bytes:
    return b"Basic " + base64.b64encode(f"{project}:{token}".encode())


def _logged(switch: Switch, request: Request) -> Call | None:
    return voice_log.find(switch.state, request.path_params["segment_id"], now_ms=switch.clock.now_ms())


def _forbidden() -> HttpAnswer:
    return refused(403, (Problem("forbidden", "", "The API token lacks the scope of voice calls."),))


def _unauthorized() -> HttpAnswer:
    return refused(401, (Problem("unauthorized", "", "The project id or the API token is wrong."),))


def _not_json(error: Exception) -> HttpAnswer:
    return refused(400, (Problem("invalid_parameter", "", f"The body is not JSON: {error}"),))
