"""Requests over httpx: works everywhere, on asyncio and on trio."""

import ssl
from collections.abc import Mapping

import anyio
import httpx

from engine.calling.transport import MAX_BODY_BYTES, Interrupted, Limits, NotSent, Reply, tells_when

_NOT_SENT: tuple[tuple[type[httpx.HTTPError], str], ...] = (
    (httpx.ConnectTimeout, "connect-timeout"),
    (httpx.PoolTimeout, "queue-timeout"),
    (httpx.ConnectError, "unreachable"),
    (httpx.ProxyError, "unreachable"),
    (httpx.UnsupportedProtocol, "unreachable"),
    (httpx.LocalProtocolError, "unreachable"),
)


_POOL_CONNECTIONS = 4
"""httpx walks all connections of a pool for each request (64 of them: 3.7 ms of CPU a request;
4: 0.5 ms), so the connections are spread over small pools."""


class HttpxTransport:
    """`engine.calling.transport.Transport`. `inner` replaces httpx's own transport (an ASGI app)."""

    name = "httpx"

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        limits: Limits,
        *,
        proxies: bool = True,
        inner: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        # Queueing and connecting have shorter timeouts of their own, so that when this one is
        # over, the request has certainly begun to go out.
        self._longest_s = (limits.queue_ms + limits.request_ms) / 1000
        count = 1 if inner else -(-limits.connections // _POOL_CONNECTIONS)
        # Loading certificates takes 20 ms; over plain http none are needed, and none are trusted.
        secure = base_url.startswith("https:")
        tls = httpx.create_ssl_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._pools = [
            _Pool(
                httpx.AsyncClient(
                    base_url=base_url,
                    headers=dict(headers),
                    transport=inner,
                    verify=tls,
                    trust_env=proxies,
                    follow_redirects=False,
                    limits=_connections(limits.connections, index, count),
                    timeout=httpx.Timeout(
                        limits.request_ms / 1000,
                        connect=limits.connect_ms / 1000,
                        pool=limits.queue_ms / 1000,
                    ),
                )
            )
            for index in range(count)
        ]

    async def request(self, method: str, path: str, body: bytes | None) -> Reply:
        pool = min(self._pools, key=_busy)
        pool.busy += 1
        try:
            # httpx's own timeouts start anew with every read, so a dripping answer needs this one.
            with anyio.fail_after(self._longest_s):
                return await _exchange(pool.client, method, path, body)
        except TimeoutError:
            message = f"no whole answer within {self._longest_s:g} s"
            raise Interrupted("timeout", message) from None
        except httpx.HTTPError as error:
            raise _failure(error) from None
        except AttributeError as error:
            # anyio's, of a connection that is reset while it is made: uvloop has let go of its socket.
            raise Interrupted("reset", str(error)) from None
        except httpx.InvalidURL as error:
            raise NotSent("unreachable", str(error)) from None
        finally:
            pool.busy -= 1

    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.client.aclose()


class _Pool:
    """A client and the number of requests that it has under way or waiting."""

    __slots__ = ("busy", "client")

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.busy = 0


def _busy(pool: _Pool) -> int:
    return pool.busy


def _connections(total: int, index: int, count: int) -> httpx.Limits:
    """One pool's share: the shares of all make up the total."""
    share = total // count + (index < total % count)
    return httpx.Limits(max_connections=share, max_keepalive_connections=share)


async def _exchange(client: httpx.AsyncClient, method: str, path: str, body: bytes | None) -> Reply:
    request = client.build_request(method, path, content=body)
    response = await client.send(request, stream=True)
    try:
        content = await _read(response)
    finally:
        await response.aclose()
    headers = dict(response.headers) if tells_when(response.status_code, response.headers.get) else {}
    return Reply(status=response.status_code, body=content, headers=headers)


async def _read(response: httpx.Response) -> bytes:
    if response.is_stream_consumed:
        return response.content[:MAX_BODY_BYTES]
    body = b""
    # Raw: an encoding was not asked for, and what was packed could unpack to anything. To the
    # end, because httpx's generators cannot be left half-way on trio; the timeout bounds it.
    async for chunk in response.aiter_raw():
        body += chunk[: MAX_BODY_BYTES - len(body)]
    return body


def _failure(error: httpx.HTTPError) -> NotSent | Interrupted:
    message = str(error) or type(error).__name__
    for kind, code in _NOT_SENT:
        if isinstance(error, kind):
            return NotSent(code, message)
    code = "timeout" if isinstance(error, httpx.TimeoutException) else "reset"
    return Interrupted(code, message)
