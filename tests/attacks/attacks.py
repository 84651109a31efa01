"""The attacks, each by somebody of its own, so that the log can be asked who it was. They give how often which status was
answered (0: cut off, 1: a connection that is open still)."""

import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import NamedTuple

import anyio
import anyio.abc

from tests.attacks.site import KEY, QUIET, Site, Stranger
from tests.e2e.ports import HOST

Statuses = dict[int, int]
Attack = Callable[[Site, Stranger, int], Awaitable[Statuses]]
_MB = b"x" * 1_000_000


def playing(call_id: str, *, age_s: float = 0) -> bytes:
    params = {"call_id": call_id, "state": "playing"}
    return json.dumps({"event_type": "calling.call.play", "timestamp": time.time() - age_s, "params": params}).encode()


async def stolen_url(site: Site, by: Stranger, count: int) -> Statuses:
    """The URL of a living operation: its owner's name in a forged report, without signature; changed to lead to
    another operation; and one of a run that has ended, with everything right."""
    call_id = await site.platform.ring(QUIET)
    await site.platform.until(call_id, lambda call: len(call["webhooks"]) >= 2)
    mine = site.url(call_id, "0.hello.1.1.play")
    found: Counter[int] = Counter()
    for _ in range(count):
        found[await site.post(mine, playing(call_id), by=by)] += 1
        found[await site.post(mine.replace("hello", "goodbye"), playing(call_id), by=by)] += 1
    await _hang_up(site, call_id)
    return dict(found)


async def forged_signature(site: Site, by: Stranger, count: int) -> Statuses:
    """With the right token and somebody else's key: to a webhook, and as an inbound call."""
    call_id = await site.platform.ring(QUIET)
    await site.platform.until(call_id, lambda call: len(call["webhooks"]) >= 2)
    call = json.dumps({"call": {"call_id": "forged", "to": QUIET, "from": "+15550177"}}).encode()
    found: Counter[int] = Counter()
    for _ in range(count):
        found[await site.post(site.url(call_id, "0.hello.1.1.play"), playing(call_id), key="PSK_other", by=by)] += 1
        found[await site.post("/calls/inbound", call, key="PSK_other", by=by)] += 1
    await _hang_up(site, call_id)
    return dict(found)


async def played_again(site: Site, by: Stranger, count: int) -> Statuses:
    """A webhook as the platform has signed it: from eleven minutes ago, and, just heard, far too often."""
    call_id = await site.platform.ring(QUIET)
    await site.platform.until(call_id, lambda call: len(call["webhooks"]) >= 2)
    url = site.url(call_id, "0.hello.1.1.play")
    old, new = playing(call_id, age_s=660), playing(call_id)
    found: Counter[int] = Counter()
    for body in (old, new):
        for _ in range(count):
            found[await site.post(url, body, key=KEY, by=by)] += 1
    await _hang_up(site, call_id)
    return dict(found)


async def large_body(site: Site, by: Stranger, megabytes: int) -> Statuses:
    """One body that says how large it is, and one that does not; to a URL of ours and to one that is not."""
    call_id = await site.platform.ring(QUIET)
    await site.platform.until(call_id, lambda call: len(call["webhooks"]) >= 2)
    found: Counter[int] = Counter()
    for path in (site.url(call_id, "0.hello.1.1.play"), "/webhooks/x.y", "/calls/inbound"):
        for length in (f"content-length: {megabytes * len(_MB)}", "transfer-encoding: chunked"):
            found[await _flood(site, by, f"POST {path} HTTP/1.1\r\n{by.head}{length}\r\n\r\n", megabytes)] += 1
    await _hang_up(site, call_id)
    return dict(found)


async def framed(site: Site, by: Stranger, megabytes: int, *, begun: bytes, more: bytes) -> Statuses:
    """A body of five bytes with so much around it. 0: cut off before it was read to its end."""
    more = more * (len(_MB) // len(more))
    for path in ("/calls/inbound", "/webhooks/x.y", "/nowhere"):
        async with await connected(site, by) as stream:
            sent = 0
            with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
                await stream.send(
                    f"POST {path} HTTP/1.1\r\n{by.head}transfer-encoding: chunked\r\n\r\n".encode() + begun
                )
                for _ in range(megabytes):
                    await stream.send(more)
                    sent += 1
            assert sent < megabytes, "it was read to its end"
    return {0: 3}


async def _hang_up(site: Site, call_id: str) -> None:
    """It is quiet for a minute, and may be over by itself where others want the machine."""
    if (await site.platform.call(call_id))["state"] != "ended":
        await site.platform.act(call_id, hangs_up=True)


async def _flood(site: Site, by: Stranger, head: str, megabytes: int) -> int:
    """The status; fails where the runner has taken all of it."""
    chunk = b"f4240\r\n" + _MB + b"\r\n" if "chunked" in head else _MB
    async with await connected(site, by) as stream:
        answered = b""

        async def read() -> None:
            nonlocal answered
            answered = await _received(stream)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read)
            await stream.send(head.encode())
            sent = 0
            with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
                for _ in range(megabytes):
                    await stream.send(chunk)
                    sent += 1
        assert sent < megabytes, "it was read to its end"
    return int(answered.split(b" ")[1]) if answered else 0


async def _received(stream: anyio.abc.ByteStream) -> bytes:
    try:
        return await stream.receive()
    except (anyio.EndOfStream, anyio.BrokenResourceError):
        return b""


async def idle_connections(site: Site, by: Stranger, count: int, *, said: bytes = b"") -> Statuses:
    """So many connections, which say nothing, or a part of a request, and are kept open by us. 0: closed by the runner
    before all were there; 1: open still."""
    streams: list[anyio.abc.SocketStream] = []
    try:
        for _ in range(count):
            stream = await connected(site, by)
            streams.append(stream)
            if said:
                await _told(stream, said)
        await _taken_in(site)
        closed = [await _is_closed(one) for one in streams]
        return dict(Counter(0 if one else 1 for one in closed))
    finally:
        for one in streams:
            await anyio.aclose_forcefully(one)


async def _taken_in(site: Site) -> None:
    """Returns when the runner has seen to all connections before this one, however busy the machine is."""
    async with await connected(site, Stranger(HOST)) as stream:
        await stream.send(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        await _status(stream)


async def _told(stream: anyio.abc.SocketStream, said: bytes) -> None:
    try:
        await stream.send(said)
    except anyio.BrokenResourceError:
        """It is closed already, and counted as that."""


async def _is_closed(stream: anyio.abc.SocketStream) -> bool:
    with anyio.move_on_after(0.001):
        return await _received(stream) == b""
    return False


async def behind_one_another(site: Site, by: Stranger, count: int) -> Statuses:
    """Requests in packets of a thousand, each on a connection of its own, of which no answer is read; every other one asks
    for another protocol. 0: a connection that was closed by it."""
    plain = f"GET /healthz HTTP/1.1\r\n{by.head}\r\n".encode()
    found: Counter[int] = Counter()
    for _ in range(count // 1_000):
        async with await connected(site, by) as stream:
            await _told(stream, (plain + plain.replace(b"\r\n\r\n", _UPGRADE + b"\r\n")) * 500)
            while await _received(stream):
                """The first answers of them."""
            found[0] += 1
    return dict(found)


async def guesses(site: Site, by: Stranger, count: int, *, more: bytes = b"") -> Statuses:
    """Tokens, ways back and bearer tokens, as fast as they can be tried. `more` are headers."""
    found: Counter[int] = Counter()
    paths = ("/webhooks/iaaa.0.hello.1.1.play.AAAAAAAAAAAAAAAAAAAAAA", "/calls/resume/x.y.z", "/runs")

    async def guess(path: str) -> None:
        request = f"POST {path} HTTP/1.1\r\n{by.head}content-length: 2\r\n".encode() + more + b"\r\n{}"
        async with await connected(site, by) as stream:
            for _ in range(count // len(paths)):
                await stream.send(request)
                found[await _status(stream)] += 1

    async with anyio.create_task_group() as tasks:
        for path in paths:
            tasks.start_soon(guess, path)
    return dict(found)


async def _status(stream: anyio.abc.SocketStream) -> int:
    """Of a whole answer, so that the next one begins with its own."""
    answer = b""
    while not answer.endswith(b"}"):
        answer += await stream.receive()
    return int(answer.split(b" ")[1])


async def connected(site: Site, by: Stranger) -> anyio.abc.SocketStream:
    port = int(site.runner.url.rpartition(":")[2])
    return await anyio.connect_tcp(HOST, port, local_host=by.address)


class Tried(NamedTuple):
    """`few` and `many`: how large it is in a test, and at full size. `kinds`: what the log calls it."""

    attack: Attack
    few: int
    many: int
    kinds: tuple[str, ...]
    by: Stranger


_UPGRADE = b"\r\nconnection: upgrade\r\nupgrade: h2c\r\n"
_UPGRADING = partial(guesses, more=_UPGRADE.lstrip())
_BEHIND = "connection closed: too many requests wait behind one that is not answered"
_NO_PLACE = "connection closed: it said nothing, and others want its place"
_HEAD = partial(idle_connections, said=b"POST /calls/inbound HTTP/1.1\r\nhost: x\r\nx: ")
_FRAMED = (
    "connection closed: its request's chunks or trailers are too large",
    "request refused: it does not come to its end",
    "webhook refused: its token is not one of ours",
    "request refused: no such path, or not by this method",
)
_TRAILERS = partial(framed, begun=b"5\r\nhello\r\n0\r\n", more=b"a: b\r\n")
_ONE_TRAILER = partial(framed, begun=b"5\r\nhello\r\n0\r\na: ", more=b"x")
_BEHIND_SIZES = partial(framed, begun=b"5;a=", more=b"x")
HELD_OPEN = {
    "connection closed: no request came",
    "connection closed: its request's head does not come to its end",
}
"""What the log says as well where an attack goes on for ten seconds."""
_STOLEN = ("webhook refused: no signature", "webhook refused: its token is not one of ours")
_FORGED = ("webhook refused: wrong signature", "inbound call refused: its signature is missing or wrong")
_AGAIN = ("webhook refused: too old", "webhook refused: this URL has expired: its operation ended long ago")
_LARGE = (
    "webhook refused: too large",
    "request refused: too large",
    "webhook refused: its token is not one of ours",
    "connection closed: its request's body does not come to its end",
)
_GUESSED = (
    "request refused: there are too many",
    "webhook refused: its token is not one of ours",
    "request for runs refused: its bearer token is missing or wrong",
    "way back refused: its token is not one of ours",
)

ATTACKS: Mapping[str, Tried] = {
    "a stolen status_url": Tried(stolen_url, 5, 200, _STOLEN, Stranger("127.0.0.2")),
    "the same, through the proxy": Tried(stolen_url, 5, 200, _STOLEN, Stranger(HOST, "192.0.2.2")),
    "a forged signature": Tried(forged_signature, 5, 200, _FORGED, Stranger("127.0.0.3")),
    "a forged one, through the proxy": Tried(forged_signature, 5, 200, _FORGED, Stranger(HOST, "192.0.2.3")),
    "an old webhook, played again": Tried(played_again, 30, 300, _AGAIN, Stranger("127.0.0.4")),
    "an old one, through the proxy": Tried(played_again, 30, 300, _AGAIN, Stranger(HOST, "192.0.2.4")),
    "a body of 1 GB": Tried(large_body, 20, 1_000, _LARGE, Stranger("127.0.0.5")),
    "a body of 1 GB, through the proxy": Tried(large_body, 20, 1_000, _LARGE, Stranger(HOST, "192.0.2.5")),
    "1 GB of trailers": Tried(_TRAILERS, 20, 1_000, _FRAMED, Stranger("127.0.0.11")),
    "1 GB of one trailer": Tried(_ONE_TRAILER, 20, 1_000, _FRAMED, Stranger("127.0.0.12")),
    "1 GB behind the size of a chunk": Tried(_BEHIND_SIZES, 20, 1_000, _FRAMED, Stranger("127.0.0.13")),
    "10,000 idle connections": Tried(idle_connections, 700, 10_000, (_NO_PLACE,), Stranger("127.0.0.6")),
    "10,000 idle ones through the proxy": Tried(idle_connections, 700, 10_000, (_NO_PLACE,), Stranger(HOST)),
    "10,000 heads that do not end": Tried(_HEAD, 700, 10_000, (_NO_PLACE,), Stranger("127.0.0.7")),
    "30,000 guessed tokens": Tried(guesses, 1_500, 30_000, _GUESSED, Stranger("127.0.0.8")),
    "as many through the proxy": Tried(guesses, 1_500, 30_000, _GUESSED, Stranger(HOST, "192.0.2.8")),
    "as many that ask for an upgrade": Tried(_UPGRADING, 1_500, 30_000, _GUESSED, Stranger("127.0.0.9")),
    "200,000 requests behind one another": Tried(
        behind_one_another, 20_000, 200_000, (_BEHIND,), Stranger("127.0.0.10")
    ),
    "as many behind one another, through the proxy": Tried(
        behind_one_another, 20_000, 200_000, (_BEHIND,), Stranger(HOST, "192.0.2.10")
    ),
}
