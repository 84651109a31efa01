"""The way out: webhooks and questions for SWML. A failure is a record, never an exception."""

from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Literal, Self

import anyio
import httpx
import msgspec

from engine.sandbox.plain_http import PlainHttp, PlainHttpError, is_plain
from engine.wire.signature import sign

Signed = Literal["all", "swml", "none"]
Transport = httpx.AsyncBaseTransport
"""What carries the requests; a faster or a pretended one may be given."""

RETRY_PAUSE_S = 0.2
MAX_CONNECTIONS = 200

_FAILURES = (
    httpx.HTTPError,
    httpx.InvalidURL,
    PlainHttpError,
    OSError,
    ValueError,
    anyio.EndOfStream,
    anyio.BrokenResourceError,
    anyio.IncompleteRead,
    anyio.DelimiterNotFound,
)
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

    `signing_key` "" signs nothing; with one, `sign` says what is signed: `all`, or the questions for
    SWML only. `tries` counts all attempts: a 5xx or no answer is tried again.
    Without a `transport`, plain http goes by `PlainHttp` and https by httpx's own.
    """

    def __init__(
        self,
        *,
        signing_key: str = "",
        sign: Signed = "all",
        tries: int = 1,
        timeout_s: float = 10.0,
        transport: Transport | None = None,
    ) -> None:
        self._signing_key = signing_key
        self._sign = sign
        self._tries = max(1, tries)
        self._timeout_s = timeout_s
        self._transport = transport
        self._plain = PlainHttp(timeout_s=timeout_s)
        self._client: httpx.AsyncClient | None = None
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._open.__aenter__()
        self._open.push_async_callback(self._plain.aclose)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.__aexit__(kind, error, trace)

    async def send(self, method: str, url: str, body: dict[str, Any], *, swml: bool = False) -> Response:
        """One request, with its body as JSON (a GET has none), tried as often as allowed. `swml`: it asks for SWML."""
        key = self._signing_key if self._sign == "all" or (swml and self._sign == "swml") else ""
        content = b"" if method == "GET" else _json.encode(body)
        response = Response(status=0)
        for attempt in range(1, self._tries + 1):
            if attempt > 1:
                await anyio.sleep(RETRY_PAUSE_S)
            response = await self._attempt(method, url, content, attempt, key)
            if response.status and response.status < 500:
                break
        return response

    async def _attempt(self, method: str, url: str, content: bytes, attempt: int, key: str) -> Response:
        headers = {"Content-Type": "application/json", "User-Agent": "offhook-sandbox"}
        if key:
            headers.update(sign(key, url, content))
        try:
            if self._transport is None and is_plain(url):
                status, body = await self._plain.request(method, url, headers, content)
            else:
                status, body = await self._request(method, url, headers, content)
        except _FAILURES as error:
            return Response(status=0, error=f"{type(error).__name__}: {error}", tries=attempt)
        return Response(status=status, body=body, tries=attempt)

    async def _request(self, method: str, url: str, headers: dict[str, str], content: bytes) -> tuple[int, bytes]:
        if self._client is None:
            self._client = self._new_client()
            await self._open.enter_async_context(self._client)
        answer = await self._client.request(method, url, content=content, headers=headers)
        return answer.status_code, answer.content

    def _new_client(self) -> httpx.AsyncClient:
        """Made when it is needed: its TLS set-up takes longer than all the rest of a sandbox's start."""
        limits = httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS)
        return httpx.AsyncClient(transport=self._transport, timeout=self._timeout_s, limits=limits, trust_env=False)
