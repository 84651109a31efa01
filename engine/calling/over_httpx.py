"""Requests over httpx: works everywhere, on asyncio and on trio."""

from collections.abc import Mapping

import anyio
import httpx

from engine.calling.transport import MAX_BODY_BYTES, Interrupted, Limits, NotSent, Reply

_NOT_SENT: tuple[tuple[type[httpx.HTTPError], str], ...] = (
    (httpx.ConnectTimeout, "connect-timeout"),
    (httpx.PoolTimeout, "queue-timeout"),
    (httpx.ConnectError, "unreachable"),
    (httpx.ProxyError, "unreachable"),
    (httpx.UnsupportedProtocol, "unreachable"),
    (httpx.LocalProtocolError, "unreachable"),
)


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
        self._client = httpx.AsyncClient(
            base_url=base_url,
            headers=dict(headers),
            transport=inner,
            trust_env=proxies,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=limits.connections, max_keepalive_connections=limits.connections),
            timeout=httpx.Timeout(
                limits.request_ms / 1000,
                connect=limits.connect_ms / 1000,
                pool=limits.queue_ms / 1000,
            ),
        )

    async def request(self, method: str, path: str, body: bytes | None) -> Reply:
        request = self._client.build_request(method, path, content=body)
        try:
            # httpx's own timeouts start anew with every read, so a dripping answer needs this one.
            with anyio.fail_after(self._longest_s):
                return await self._exchange(request)
        except TimeoutError:
            raise Interrupted("timeout", f"no whole answer within {self._longest_s:g} s") from None
        except httpx.HTTPError as error:
            raise _failure(error) from None
        except httpx.InvalidURL as error:
            raise NotSent("unreachable", str(error)) from None

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _exchange(self, request: httpx.Request) -> Reply:
        response = await self._client.send(request, stream=True)
        try:
            body = await _read(response)
        finally:
            await response.aclose()
        headers = dict(response.headers) if response.status_code >= 400 else {}
        return Reply(status=response.status_code, body=body, headers=headers)


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
