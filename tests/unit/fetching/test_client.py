"""One request over the loopback, and each thing that can become of it."""

import gzip
import zlib
from typing import Any

import anyio
import pytest

import engine
from engine.fetching.client import FetchClient
from engine.fetching.hosts import HostPolicy
from engine.model.events import Fetched
from engine.model.limits import MAX_REPLY_BYTES
from tests.unit.calling.loopback import Does, Platform, closed_port, full_port, http, platform
from tests.unit.fetching.fetches import command, fetched

pytestmark = pytest.mark.anyio
SHORT_MS = 150


async def asked(*script: Does, **fetch: Any) -> tuple[Fetched, Platform]:
    """What a server that does this to the request makes of it."""
    async with platform(*script) as server:
        url = f"http://{server.space}/balance?of=4711"
        return await fetched(command(url, **fetch), f"http://{server.space}"), server


async def test_fetch_reply_that_fits_is_kept() -> None:
    event, _ = await asked(http(200, b'{"balance": 7, "more": 1}'), returns={"balance": "double"})
    assert event == Fetched(at_ms=77, seq=5, kind="replied", status=200, body={"balance": 7.0})


async def test_fetch_sends_what_the_command_says() -> None:
    headers = {"X-Tenant": " blue ", "Authorization": "Bearer é"}
    _, server = await asked(http(204), method="POST", json={"pin": "1234"}, headers=headers)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    assert first == "POST /balance?of=4711 HTTP/1.1"
    assert sorted(line.lower() if not line.startswith("authorization") else line for line in lines) == sorted(
        [
            f"host: {server.space}",
            "accept: application/json",
            "accept-encoding: identity",
            f"user-agent: offhook/{engine.__version__}",
            "idempotency-key: run.5",
            "content-type: application/json",
            "x-tenant: blue",
            "authorization: Bearer é",
            "content-length: 14",
        ]
    )
    assert body == b'{"pin":"1234"}'


async def test_fetch_author_s_headers_win_over_the_defaults() -> None:
    headers = {"ACCEPT": "text/csv", "Content-Type": "application/xml", "User-Agent": "me", "Idempotency-Key": "mine"}
    _, server = await asked(http(204), method="PUT", body="<a/>", headers=headers)
    sent = server.requests[0].decode().lower()
    for name, value in headers.items():
        assert sent.count(f"{name.lower()}:") == 1
        assert f"{name.lower()}: {value}\r\n" in sent


@pytest.mark.parametrize(("method", "length"), [("POST", 1), ("PUT", 1), ("PATCH", 1), ("GET", 0), ("DELETE", 0)])
async def test_fetch_without_body_says_so_where_servers_want_it(method: str, length: int) -> None:
    _, server = await asked(http(204), method=method)
    assert server.requests[0].count(b"content-length: 0") + server.requests[0].count(b"Content-Length: 0") == length


@pytest.mark.parametrize(
    "fetch",
    [
        {"headers": {"X-A": "a\r\nX-B: b"}},
        {"headers": {"X-A": "a\nX-B: b"}},
        {"headers": {"X-A": "a\0"}},
        {"headers": {"X-A": "\ud800"}},
        {"headers": {"X-A: b\r\nX-B": "b"}},
        {"headers": {"X A": "b"}},
        {"headers": {"": "b"}},
        {"headers": {"é": "b"}},
        {"headers": {"Host": "evil.example"}},
        {"headers": {"transfer-encoding": "chunked"}},
        {"headers": {"Content-Length": "0"}},
        {"headers": {"Connection": "upgrade"}},
        {"key": "a\r\nX-B: b"},
        {"method": "CONNECT"},
        {"method": "TRACE"},
        {"method": "GET / HTTP/1.1\r\nX-B: b\r\n"},
        {"method": "get"},
        {"body": "\ud800"},
        {"json": {"a": "\ud800"}},
    ],
)
async def test_fetch_request_that_would_not_be_sound_is_not_sent(fetch: dict[str, Any]) -> None:
    event, server = await asked(**fetch)
    assert (event.kind, event.code) == ("refused", "bad-request")
    assert event.message.startswith("the request cannot be sent: ")
    assert server.requests == []


async def test_fetch_host_that_is_not_allowed_is_not_connected_to() -> None:
    async with platform() as server:
        event = await fetched(command(f"http://{server.space}/"), "accounts.example.com")
    assert (event.kind, event.code, server.requests) == ("refused", "host-not-allowed", [])


async def test_fetch_private_address_where_it_is_not_allowed_is_refused() -> None:
    async with platform() as server, FetchClient(HostPolicy.of([f"http://{server.space}"])) as client:
        event = await client.fetch(command(f"http://{server.space}/"))
    assert (event.kind, event.code, server.requests) == ("refused", "private-address", [])


async def test_fetch_name_keeps_its_host_header() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async with platform(http(204)) as server:
        host = f"accounts.example.com:{server.port}"
        event = await fetched(
            command(f"http://ACCOUNTS.example.com.:{server.port}/"), f"http://{host}", resolve=resolve
        )
    assert event.kind == "replied"
    assert f"host: {host}\r\n".encode() in server.requests[0].lower()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_fetch_redirect_is_not_followed(status: int) -> None:
    event, server = await asked(http(status, b"", "location: http://127.0.0.1:1/secret"))
    assert (event.kind, event.code, event.status) == ("failed", "redirected", status)
    assert "secret" not in event.message
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "does",
    [
        Does(then="silent"),
        Does(sends=b"HTTP/1.1 200 OK\r\n", then="silent"),
        Does(sends=b"HTTP/1.1 200 OK\r\nx-slow: " + b"x" * 500, drips=20),
        Does(sends=b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1", then="silent"),
        Does(sends=http(200, b"1" * 500).sends, drips=5),
        Does(sends=b"HTTP/1.1 100 Continue\r\n\r\n" * 20, drips=5, then="silent"),
    ],
    ids=["silent", "half a head", "slow head", "half a body", "slow body", "informational for ever"],
)
@pytest.mark.parametrize("returns", [None, "int"])
async def test_fetch_without_whole_reply_in_time_is_a_timeout(does: Does, returns: Any) -> None:
    with anyio.fail_after(5):
        event, _ = await asked(does, timeout_ms=SHORT_MS, returns=returns)
    assert (event.kind, event.code, event.message) == ("timeout", "timeout", "no whole reply within 0.15 s")


async def test_fetch_connecting_for_ever_is_a_timeout() -> None:
    with full_port() as port, anyio.fail_after(5):
        event = await fetched(command(f"http://127.0.0.1:{port}/", timeout_ms=SHORT_MS), f"http://127.0.0.1:{port}")
    assert event.kind == "timeout"


async def test_fetch_resolving_for_ever_is_a_timeout() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        await anyio.sleep_forever()
        return []

    with anyio.fail_after(5):
        event = await fetched(command("https://a.example/", timeout_ms=SHORT_MS), "a.example", resolve=resolve)
    assert event.kind == "timeout"


async def test_fetch_nobody_there_is_unreachable() -> None:
    port = closed_port()
    event = await fetched(command(f"http://127.0.0.1:{port}/"), f"http://127.0.0.1:{port}")
    assert (event.kind, event.code) == ("failed", "unreachable")


@pytest.mark.parametrize(
    "does",
    [
        Does(then="reset"),
        Does(then="close"),
        Does(sends=b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1", then="close"),
        Does(sends=b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1", then="reset"),
        Does(sends=b"SSH-2.0-OpenSSH_9.6\r\n\r\n", then="close"),
        Does(sends=b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 50_000, then="close"),
    ],
    ids=["reset", "closed", "body cut off", "body reset", "another protocol", "endless head"],
)
async def test_fetch_reply_that_does_not_come_whole_is_broken_off(does: Does) -> None:
    event, _ = await asked(does, returns="int")
    assert (event.kind, event.code, event.status) == ("failed", "broken-off", 0)


async def test_fetch_wrong_json_is_invalid() -> None:
    event, _ = await asked(http(200, b"<p>secret</p>", "content-type: text/html"), returns="int")
    assert (event.kind, event.code, event.status) == ("invalid", "invalid-reply", 200)
    assert "secret" not in event.message


def packed(body: bytes) -> Does:
    return http(200, body, "content-encoding: gzip")


TOO_LARGE = {
    "5 MB": http(200, b'"' + b"x" * 5_000_000 + b'"'),
    "a byte over": http(200, b" " * MAX_REPLY_BYTES + b"1"),
    "without end": Does(sends=b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 2_000_000, then="silent"),
    "gzip bomb": packed(gzip.compress(b" " * 50_000_000)),
    "gzip bomb without end": Does(
        sends=b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n" + gzip.compress(b" " * 50_000_000)[:-1_000],
        then="silent",
    ),
}


@pytest.mark.parametrize("does", TOO_LARGE.values(), ids=TOO_LARGE)
async def test_fetch_too_large_reply_is_given_up_while_it_comes(does: Does) -> None:
    with anyio.fail_after(4):
        event, _ = await asked(does, returns="string", timeout_ms=30_000)
    assert (event.kind, event.code, event.status) == ("invalid", "too-large", 200)


async def test_fetch_largest_reply_is_kept() -> None:
    event, _ = await asked(http(200, b" " * (MAX_REPLY_BYTES - 1) + b"1"), returns="int")
    assert (event.kind, event.body) == ("replied", 1)


async def test_fetch_too_large_reply_of_which_nothing_is_kept_is_a_reply() -> None:
    event, _ = await asked(TOO_LARGE["without end"], timeout_ms=4_000)
    assert (event.kind, event.status) == ("replied", 200)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate"])
async def test_fetch_packed_reply_is_unpacked(encoding: str) -> None:
    body = zlib.compress(b"[1]") if encoding == "deflate" else gzip.compress(b"[1]")
    event, _ = await asked(http(200, body, f"Content-Encoding: {encoding}"), returns=["int"])
    assert (event.kind, event.body) == ("replied", [1])


@pytest.mark.parametrize(
    "does",
    [packed(b"[1]"), packed(gzip.compress(b"[1]")[:-4]), packed(b""), http(200, b"[1]", "content-encoding: br")],
    ids=["not packed", "cut off", "empty", "unknown"],
)
async def test_fetch_reply_that_cannot_be_unpacked_is_invalid(does: Does) -> None:
    event, _ = await asked(does, returns=["int"])
    assert (event.kind, event.code, event.status) == ("invalid", "invalid-reply", 200)


async def test_fetch_connection_is_used_again_and_cookies_are_not_kept() -> None:
    async with platform(http(200, b"1", "set-cookie: a=b"), http(200, b"2")) as server:
        host = f"http://{server.space}"
        async with FetchClient(HostPolicy.of(private=[host])) as client:
            bodies = [(await client.fetch(command(host, returns="int"))).body for _ in range(2)]
    assert bodies == [1, 2]
    assert b"cookie" not in server.requests[1].lower()


async def test_fetch_after_one_that_was_given_up_has_a_connection_of_its_own() -> None:
    async with platform(TOO_LARGE["5 MB"], Does(then="silent"), http(200, b"2")) as server:
        host = f"http://{server.space}"
        async with FetchClient(HostPolicy.of(private=[host])) as client:
            first = await client.fetch(command(host, returns="int"))
            second = await client.fetch(command(host, returns="int", timeout_ms=SHORT_MS))
            third = await client.fetch(command(host, returns="int"))
    assert [first.code, second.code, third.body] == ["too-large", "timeout", 2]


async def test_fetch_proxy_of_the_surroundings_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    event, _ = await asked(http(204))
    assert event.kind == "replied"


def gone(stream: Any, _: str) -> None:
    """What anyio raises of a connection that uvloop has let go of in the moment it was made."""
    stream._stream._transport.abort()
    raise AttributeError("'NoneType' object has no attribute 'getpeername'")


@pytest.mark.asyncio_only
async def test_fetch_connection_that_is_gone_as_soon_as_it_is_made_is_broken_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("httpcore._backends.anyio.AnyIOStream.get_extra_info", gone)
    event, _ = await asked(http(200, b"1"), returns="int")
    assert (event.kind, event.code, event.status) == ("failed", "broken-off", 0)
