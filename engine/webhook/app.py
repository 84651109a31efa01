"""The runner's HTTP side: cap, authenticate, decode, hand over, answer when it is journalled.

`/webhooks/` is served by hand (`hearing.py`); everything else is starlette's.
"""

import logging
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engine.model.errors import WireError
from engine.model.limits import MAX_WEBHOOK_BYTES
from engine.serving.shortcut import Scope
from engine.serving.wordless import wordless
from engine.webhook.body import Gone, Receive, TooLarge, read_body
from engine.webhook.health import HealthApi
from engine.webhook.hearing import FAULT, GONE, PREFIX, TOO_MANY, Hearing, Send, told
from engine.webhook.intake import Intake, Refused, Unavailable
from engine.webhook.keys import Keys
from engine.webhook.runs import RunsApi
from engine.webhook.signed import Signed
from engine.webhook.sources import RequestLimits, Sources
from engine.wire import inbound, swml
from engine.wire.signature import Demand

log = logging.getLogger("offhook.webhook")


class WebhookApp:
    """ASGI, and a `shortcut` for most webhooks. `public_url` is the URL under which the platform knows this runner
    (signatures cover it). `demand`: which webhooks have to be signed, where there is a key; `known_signed`: that the platform
    signs them is known from before, and `learn_signed` is called when it becomes known."""

    def __init__(
        self,
        intake: Intake,
        *,
        public_url: str,
        signing_key: str = "",
        api_token: str = "",
        metrics_token: str = "",
        demand: Demand = "once_signed",
        known_signed: bool = False,
        learn_signed: Callable[[], None] = lambda: None,
        limits: RequestLimits | None = None,
    ) -> None:
        self._intake = intake
        self.keys = Keys(signing_key, api_token, metrics_token)
        self._signed = Signed(self.keys, public_url, demand, known_signed, learn_signed)
        self._sources = Sources(limits)
        self.refused = self._sources.tally
        self._hearing = Hearing(intake, self._signed, self._sources, _steady())
        self.shortcut = self._hearing.shortcut
        self._rest = Starlette(
            routes=[
                Route("/calls/inbound", self._inbound, methods=["POST"]),
                Route("/calls/resume/{token}", self._resume, methods=["POST"]),
                *RunsApi(intake, self.keys, self._sources).routes,
                *HealthApi(intake, self.keys, self._sources).routes,
            ],
            exception_handlers={
                Refused: _refused,
                Unavailable: _unavailable,
                TooLarge: self._too_large,
                Gone: self._gone,
                HTTPException: self._not_here,
                Exception: _fault,
            },
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            status, problem = await self._hearing.long_way(scope, receive)
            await _answer(send, status, problem)
            return
        if not self._sources.take(scope):
            await _answer(send, 429, TOO_MANY, [(b"retry-after", b"1")])
            return
        # Starlette answers with `_fault` and raises all the same.
        with suppress(Exception):
            await self._rest(scope, receive, send)

    def _may_have_swml(self, request: Request, body: bytes) -> bool:
        """What answers with SWML is asked for by the platform alone, where we can tell."""
        if not self.keys.signing_keys:
            return True
        if not self._signed.proven(request.scope, body):
            return False
        self._sources.proven(request.scope)
        return True

    async def _inbound(self, request: Request) -> Response:
        """A number's SWML handler. Whatever goes wrong, the caller hears something."""
        body = await read_body(request.scope, request.receive)
        if not self._may_have_swml(request, body):
            self._sources.refused(request.scope, "inbound call refused: its signature is missing or wrong")
            return JSONResponse({"error": "wrong signature"}, 403)
        try:
            event = inbound.decode(body, self._intake.now_ms())
        except WireError as error:
            self._sources.refused(request.scope, "inbound call refused: not understood", error.message)
            return JSONResponse({"error": error.message}, 400)
        arrival = await self._intake.arrive(event)
        return _Swml(arrival.document, arrival.answered)

    async def _resume(self, request: Request) -> Response:
        """The way back from an excursion: signed like an inbound call, and with a token that names run and outcome."""
        way = self._intake.open_resume(request.path_params["token"])
        if way is None:
            self._sources.refused(request.scope, "way back refused: its token is not one of ours")
            return JSONResponse({"error": "not found"}, 404)
        control_id, outcome = way
        body = await read_body(request.scope, request.receive)
        if not self._may_have_swml(request, body):
            self._sources.refused(
                request.scope, "way back refused: its signature is missing or wrong", control_id=control_id
            )
            return JSONResponse({"error": "wrong signature"}, 403)
        try:
            event = inbound.decode_return(body, control_id, outcome, self._intake.now_ms())
        except WireError as error:
            self._sources.refused(
                request.scope, "way back refused: not understood", error.message, control_id=control_id
            )
            return JSONResponse({"error": error.message}, 400)
        arrival = await self._intake.come_back(event)
        return _Swml(arrival.document, arrival.answered)

    async def _not_here(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        self._sources.refused(request.scope, "request refused: no such path, or not by this method")
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)

    async def _too_large(self, request: Request, error: Exception) -> Response:
        self._sources.refused(request.scope, "request refused: too large")
        return JSONResponse({"error": f"at most {MAX_WEBHOOK_BYTES} bytes"}, 413)

    async def _gone(self, request: Request, error: Exception) -> Response:
        self._sources.refused(request.scope, "request refused: it does not come to its end")
        return JSONResponse({"error": GONE}, 408)


async def _fault(request: Request, error: Exception) -> Response:
    log.error("%s %s: a fault of ours", request.method, _without_token(request.url.path), exc_info=wordless(error))
    return JSONResponse({"error": FAULT}, 500)


def _without_token(path: str) -> str:
    """Whoever reads a log must not be able to send a call somewhere."""
    return "/calls/resume/..." if path.startswith("/calls/resume/") else path


class _Swml(Response):
    media_type = swml.CONTENT_TYPE

    def __init__(self, document: bytes, answered: Callable[[], None]) -> None:
        super().__init__(document)
        self._answered = answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The first command must not overtake the document that answers the call."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._answered()


def _steady() -> Callable[[], int]:
    """Unix ms by the clock as it stood at the beginning: one that is set to another time later makes nothing old."""
    began_ms, began_s = time.time_ns() // 1_000_000, time.monotonic()
    return lambda: began_ms + int((time.monotonic() - began_s) * 1000)


async def _answer(send: Send, status: int, problem: str, more: Iterable[tuple[bytes, bytes]] = ()) -> None:
    body = told(problem)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    later = {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}
    return JSONResponse({"error": error.message}, error.status, later)


async def _unavailable(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 503)
