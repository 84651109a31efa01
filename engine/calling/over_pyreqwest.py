"""Requests over pyreqwest, the optional extra `fast`: HTTP in Rust, asyncio only.

Used bare and not below httpx's API: that costs 0.2 ms of CPU a request, this 0.03.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from anyio.lowlevel import checkpoint_if_cancelled
from pyreqwest import exceptions
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.response import Response

from engine.calling.transport import MAX_BODY_BYTES, Interrupted, Limits, NotSent, Reply, tells_when

_NOT_SENT: tuple[tuple[type[exceptions.PyreqwestError], str], ...] = (
    (exceptions.PoolTimeoutError, "queue-timeout"),
    (exceptions.BuilderError, "unreachable"),
    (exceptions.ClientClosedError, "unreachable"),
)


class PyreqwestTransport:
    """`engine.calling.transport.Transport`."""

    name = "pyreqwest"

    def __init__(self, base_url: str, headers: Mapping[str, str], limits: Limits, *, proxies: bool = True) -> None:
        self._base_url = base_url
        self._client = _build(headers, limits, proxies)

    async def request(self, method: str, path: str, body: bytes | None) -> Reply:
        builder = self._client.request(method, self._base_url + path)
        if body is not None:
            builder = builder.body_bytes(body)
        try:
            async with builder.build_streamed() as response:
                status, headers = response.status, response.headers
                return Reply(
                    status=status,
                    body=await _read(response),
                    headers=dict(headers.items()) if tells_when(status, headers.get) else {},
                )
        except exceptions.PyreqwestError as error:
            raise _failure(error) from None
        except asyncio.CancelledError:
            # pyreqwest raises one of its own making, which anyio's cancel scopes do not know for
            # theirs; this raises theirs, where it was one of them.
            await checkpoint_if_cancelled()
            raise

    async def aclose(self) -> None:
        await self._client.close()


def _build(headers: Mapping[str, str], limits: Limits, proxies: bool) -> Client:
    builder = (
        ClientBuilder()
        .default_headers(headers)
        .max_connections(limits.connections)
        .pool_max_idle_per_host(limits.connections)
        .pool_timeout(timedelta(milliseconds=limits.queue_ms))
        .connect_timeout(timedelta(milliseconds=limits.connect_ms))
        .timeout(timedelta(milliseconds=limits.request_ms))
        .follow_redirects(False)
        .http1_only()
        .gzip(False)
        .brotli(False)
        .zstd(False)
        .deflate(False)
    )
    return (builder if proxies else builder.no_proxy()).build()


async def _read(response: Response) -> bytes:
    reader = response.body_reader
    body = b""
    while len(body) < MAX_BODY_BYTES:
        chunk = await reader.read_chunk()
        if chunk is None:
            return body
        body += bytes(chunk)
    return body[:MAX_BODY_BYTES]


def _failure(error: exceptions.PyreqwestError) -> NotSent | Interrupted:
    """By the causes: pyreqwest raises its `ConnectError` and `ConnectTimeoutError` for connections
    that broke and answers that never came as well, long after the request went out."""
    timed_out = isinstance(error, exceptions.RequestTimeoutError)
    if _while_connecting(error):
        return NotSent("connect-timeout" if timed_out else "unreachable", error.message)
    for kind, code in _NOT_SENT:
        if isinstance(error, kind):
            return NotSent(code, error.message)
    return Interrupted("timeout" if timed_out else "reset", error.message)


def _while_connecting(error: exceptions.PyreqwestError) -> bool:
    """What cannot be told is taken for the worse case, a request that was sent."""
    if not isinstance(error, exceptions.DetailedPyreqwestError):
        return False
    causes = error.details.get("causes") or []
    return any("(Connect)" in cause["message"] for cause in causes)
