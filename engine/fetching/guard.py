"""Connections to checked addresses only.

A name is resolved here, once for each connection; every address that it has must be one that its host may have; and
the connection is made to an address that was checked, never to the name. So a name that answers differently the
second time (DNS rebinding) changes nothing. TLS and the `Host` header keep to the name.
"""

import socket
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import anyio
import httpcore

from engine.fetching.addresses import reach
from engine.fetching.failure import NotFetched

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a host, best first. Raises `OSError` when it has none."""

_AT_MOST = 4
"""Addresses that are tried one after the other."""
_NEXT_AFTER_S = 1.0
"""How long an address may take to answer while there is another one."""


async def resolve(host: str, port: int) -> list[str]:
    """The system's own resolver."""
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """`may_be_private` says of a host and a port whether the environment lets it have private addresses."""

    def __init__(self, may_be_private: Callable[[str, int], bool], resolve: Resolve = resolve) -> None:
        self._may_be_private = may_be_private
        self._resolve = resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own word
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """`NotFetched` when there is no connection to be had."""
        addresses = await self._checked(host, port)
        *firsts, last = addresses[:_AT_MOST]
        for address in firsts:
            try:
                return await self._inner.connect_tcp(address, port, _NEXT_AFTER_S)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        try:
            return await self._inner.connect_tcp(last, port)
        except (httpcore.ConnectError, httpcore.ConnectTimeout):
            raise NotFetched("failed", "unreachable", f"{host} takes no connection at port {port}") from None

    async def _checked(self, host: str, port: int) -> list[str]:
        """One address that it may not have, and none of them is used: such a name is not to be trusted."""
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError):
            addresses = []
        if not addresses:
            raise NotFetched("failed", "unknown-host", f"no address is known for {host}")
        found = {reach(address) for address in addresses}
        if "never" in found:
            raise NotFetched("refused", "private-address", f"{host} has an address that is never fetched from")
        if "private" in found and not self._may_be_private(host, port):
            message = f"{host} has a private address; add it to `fetch.private` if it may be fetched from"
            raise NotFetched("refused", "private-address", message)
        return addresses
