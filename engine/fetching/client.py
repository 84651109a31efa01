"""Does what a `Fetch` command says, and reports how it went; never raises for what goes wrong out there."""

import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Self

import anyio
import httpcore

from engine.fetching import requests, trust
from engine.fetching.bodies import Body
from engine.fetching.failure import NotFetched
from engine.fetching.guard import GuardedBackend, Resolve, resolve
from engine.fetching.hosts import HostPolicy, Target
from engine.model.commands import Fetch
from engine.model.events import Fetched
from engine.wire import replies

AT_ONCE = 200
"""Requests under way at the same time; what comes above it waits."""
_KEPT = 20
"""Connections that are kept open for the next request to the same host."""
_KEPT_S = 15.0

_BROKEN = (httpcore.NetworkError, httpcore.RemoteProtocolError, httpcore.TimeoutException, OSError, AttributeError)
"""(`AttributeError` is what anyio raises of a connection that is reset while it is made: uvloop has let go of its socket.)"""


class FetchClient:
    """Use it as an async context manager, inside the event loop.

    policy   the hosts that may be fetched from
    ca_file  further authorities for TLS (PEM)
    resolve, now_ms  the resolver and the clock (Unix ms), for tests

    No redirects, no proxies, no cookies, and no variables of the surroundings. `ConfigurationError` for a `ca_file`
    that cannot be used.
    """

    def __init__(
        self,
        policy: HostPolicy,
        *,
        ca_file: Path | None = None,
        resolve: Resolve = resolve,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._policy = policy
        self._now_ms = now_ms
        self._turns = anyio.CapacityLimiter(AT_ONCE)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_context(policy, ca_file),
            max_connections=AT_ONCE,
            max_keepalive_connections=_KEPT,
            keepalive_expiry=_KEPT_S,
            network_backend=GuardedBackend(policy.may_be_private, resolve),
        )

    async def fetch(self, command: Fetch) -> Fetched:
        """One request, within the command's `timeout_ms` once it has its turn. Codes:

        refused  `host-not-allowed`, `private-address`, `bad-url`, `bad-request`
        failed   `unknown-host`, `unreachable`, `tls`, `broken-off`, `redirected`
        timeout  `timeout`
        invalid  `too-large`, `invalid-reply`
        """
        try:
            target = self._policy.checked(command.url)
            request = _Request(
                requests.method(command), target, requests.headers(command, target), requests.body(command)
            )
            return await self._in_turn(command, request)
        except NotFetched as error:
            return Fetched(
                at_ms=self._now_ms(),
                seq=command.seq,
                kind=error.kind,
                status=error.status,
                code=error.code,
                message=error.message,
            )

    async def aclose(self) -> None:
        await self._pool.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    async def _in_turn(self, command: Fetch, request: "_Request") -> Fetched:
        async with self._turns:
            with anyio.move_on_after(command.timeout_ms / 1000):
                status, content_type, body = await self._sent(command, request)
                return replies.reply(command, at_ms=self._now_ms(), status=status, body=body, content_type=content_type)
        raise NotFetched("timeout", "timeout", f"no whole reply within {command.timeout_ms / 1000:g} s")

    async def _sent(self, command: Fetch, request: "_Request") -> tuple[int, str, bytes]:
        """Status, content type and body. What httpcore raises ends here."""
        try:
            return await self._exchange(command, request)
        except (httpcore.ConnectError, ssl.SSLError) as error:
            # A connection that cannot be had is the guard's; behind it there is TLS alone.
            raise NotFetched("failed", "tls", f"no TLS connection to {request.target.host}: {_why(error)}") from None
        except _BROKEN:
            raise NotFetched("failed", "broken-off", f"{request.target.host} broke the connection off") from None
        except httpcore.LocalProtocolError:
            raise NotFetched("refused", "bad-request", "the request cannot be sent: it is not sound HTTP") from None

    async def _exchange(self, command: Fetch, request: "_Request") -> tuple[int, str, bytes]:
        async with self._pool.stream(
            request.method, _url(request.target), headers=request.headers, content=request.body
        ) as response:
            body = Body(_header(response, b"content-encoding"))
            # httpcore's generators cannot be left half-way on trio, but cancelled they can be.
            with anyio.CancelScope() as reading:
                async for chunk in response.aiter_stream():
                    body.add(chunk)
                    if body.done:
                        reading.cancel()
        kept = body.whole(response.status) if replies.keeps_body(command, response.status) else b""
        return response.status, _header(response, b"content-type"), kept


class _Request(NamedTuple):
    method: str
    target: Target
    headers: list[tuple[bytes, bytes]]
    body: bytes | None


def _context(policy: HostPolicy, ca_file: Path | None) -> ssl.SSLContext:
    """Loading certificates takes 20 ms; where no host is allowed, none are needed, and none are trusted."""
    return trust.context(ca_file) if policy.hosts or policy.private else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _url(target: Target) -> httpcore.URL:
    return httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)


def _header(response: httpcore.Response, name: bytes) -> str:
    return next((value.decode("latin-1") for found, value in response.headers if found.lower() == name), "")


def _why(error: Exception) -> str:
    """The library's words for a certificate that is not believed; for all else, that it did not come about."""
    for one in (error, *error.args):
        if isinstance(one, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({one.verify_message.rstrip('.')})"
    return "the handshake failed"
