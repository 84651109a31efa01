"""Certificates: whose are believed, and for which name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from anyio.abc import SocketAttribute, SocketStream
from anyio.streams.tls import TLSListener

from engine.fetching import trust
from engine.model.errors import ConfigurationError
from tests.unit.calling.loopback import Does, Platform, http
from tests.unit.fetching.authority import Authority, authority
from tests.unit.fetching.fetches import command, fetched

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def secure(known: Authority, *script: Does) -> AsyncIterator[Platform]:
    """A server that speaks TLS; connections that do not come about are nothing to it."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    server = Platform(listener.extra(SocketAttribute.local_port), script)
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(TLSListener(listener, known.server, standard_compatible=False).serve, server.serve)
        yield server
        tasks.cancel_scope.cancel()


async def test_fetch_certificate_of_a_known_authority_is_believed(tmp_path: Path) -> None:
    known = authority(tmp_path)
    async with secure(known, http(200, b"1")) as server:
        url = f"https://127.0.0.1:{server.port}"
        event = await fetched(command(url, returns="int"), server.space, ca_file=known.ca_file)
    assert (event.kind, event.body) == ("replied", 1)


async def test_fetch_certificate_that_vouches_for_itself_is_not_believed(tmp_path: Path) -> None:
    async with secure(authority(tmp_path), http(200, b"1")) as server:
        event = await fetched(command(f"https://{server.space}/secret", method="POST", body="secret"), server.space)
    assert (event.kind, event.code, server.requests) == ("failed", "tls", [])
    assert event.message == "no TLS connection to 127.0.0.1: its certificate is not trusted (self-signed certificate)"


async def test_fetch_certificate_must_be_for_the_name_not_for_the_address(tmp_path: Path) -> None:
    """The name leads to 127.0.0.1, for which the certificate would be good."""

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    known = authority(tmp_path, "accounts.example.com")
    codes = []
    for name in ("accounts.example.com", "other.example.com"):
        async with secure(known, http(204)) as server:
            host = f"{name}:{server.port}"
            event = await fetched(command(f"https://{host}/"), host, ca_file=known.ca_file, resolve=resolve)
            codes.append((event.kind, event.code))
    assert codes == [("replied", ""), ("failed", "tls")]


@pytest.mark.parametrize("says", [b"", b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 400 X\r\n\r\n"])
async def test_fetch_server_that_speaks_no_tls_fails(says: bytes) -> None:
    async def serve(stream: SocketStream) -> None:
        async with stream:
            await stream.receive()
            if says:
                await stream.send(says)

    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = listener.extra(SocketAttribute.local_port)
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, serve)
        event = await fetched(command(f"https://127.0.0.1:{port}/"), f"127.0.0.1:{port}")
        tasks.cancel_scope.cancel()
    assert (event.kind, event.code) == ("failed", "tls")


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
async def test_context_ca_file_that_cannot_be_used_is_a_mistake_of_the_environment(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="ca_file"):
        trust.context(path)
