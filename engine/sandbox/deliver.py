"""The way out: webhooks and questions for SWML, over httpx. A failure is a record, never an exception."""

from types import TracebackType
from typing import Any, Self

import anyio
import httpx
import msgspec

from engine.wire.signature import sign

Transport = httpx.AsyncBaseTransport
"""What carries the requests; a faster or a pretended one may be given."""

RETRY_PAUSE_S = 0.2
MAX_CONNECTIONS = 200

_json = msgspec.json.Encoder()


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """`status` 0: there was no answer, and `error` says why."""

    status: int
    error: str = ""
    body: bytes = b""
    tries: int = 1

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


class Courier:
    """A pool of connections to whoever the API's clients named. To be entered before it is used.

    `signing_key` "" signs nothing. `tries` counts all attempts: a 5xx or no answer is tried again.
    """

    def __init__(
        self, *, signing_key: str = "", tries: int = 1, timeout_s: float = 10.0, transport: Transport | None = None
    ) -> None:
        self._signing_key = signing_key
        self._tries = max(1, tries)
        self._client = httpx.AsyncClient(
            transport=transport,
            timeout=timeout_s,
            limits=httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS),
            headers={"User-Agent": "offhook-sandbox"},
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def send(self, method: str, url: str, body: dict[str, Any]) -> Response:
        """One request, with its body as JSON (a GET has none), tried as often as allowed."""
        content = b"" if method == "GET" else _json.encode(body)
        response = Response(status=0)
        for attempt in range(1, self._tries + 1):
            if attempt > 1:
                await anyio.sleep(RETRY_PAUSE_S)
            response = await self._attempt(method, url, content, attempt)
            if response.status and response.status < 500:
                break
        return response

    async def _attempt(self, method: str, url: str, content: bytes, attempt: int) -> Response:
        headers = {"Content-Type": "application/json"}
        if self._signing_key:
            headers.update(sign(self._signing_key, url, content))
        try:
            answer = await self._client.request(method, url, content=content, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            return Response(status=0, error=f"{type(error).__name__}: {error}", tries=attempt)
        return Response(status=answer.status_code, body=answer.content, tries=attempt)
