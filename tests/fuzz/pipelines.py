"""Requests behind one another on one connection, some of which ask for another protocol, in packets that are cut anywhere:
each has to be answered as it is alone, in its turn."""

import re
from itertools import pairwise
from typing import NamedTuple

from hypothesis import strategies as st

_KINDS: dict[str, tuple[bytes, bytes]] = {
    "alive": (b"GET /healthz", b""),
    "ready": (b"GET /readyz", b""),
    "nowhere": (b"DELETE /nowhere", b""),
    "webhook": (b"POST /webhooks/good", b'{"state": "playing"}'),
    "not understood": (b"POST /webhooks/good", b"{"),
    "a guess": (b"POST /webhooks/bad", b'{"state": "playing"}'),
    "a call": (b"POST /calls/inbound", b'{"call": {"call_id": "c", "to": "+15"}}'),
    "a way back": (b"POST /calls/resume/bad", b"{}"),
    "no bearer": (b"POST /runs", b"GET /healthz HTTP/1.1\r\n\r\n"),
    "too large": (b"POST /webhooks/good", b" " * 70_000),
}
"""A body may look like a request."""
_UPGRADES = (
    b"",
    b"connection: upgrade\r\nupgrade: h2c\r\n",
    b"Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n",
)
_ANSWER = re.compile(
    rb"HTTP/1\.1 (\d{3}) [^\r]*\r\n(?:[^\r]+\r\n)*?content-length: (\d+)\r\n(?:[^\r]+\r\n)*\r\n", re.IGNORECASE
)


class Request(NamedTuple):
    kind: str
    upgrade: bytes = b""
    chunked: bool = False
    last: bool = False

    @property
    def plain(self) -> "Request":
        return self._replace(upgrade=b"")

    @property
    def bytes(self) -> bytes:
        line, body = _KINDS[self.kind]
        head = line + b" HTTP/1.1\r\nhost: x\r\n" + self.upgrade + (b"connection: close\r\n" if self.last else b"")
        if self.chunked:
            half = len(body) // 2
            chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:half], body[half:]) if part)
            return head + b"transfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
        return head + b"content-length: %d\r\n\r\n" % len(body) + body


LAST = Request("alive", last=True)


class Pipeline(NamedTuple):
    """`cuts` are where a packet ends."""

    requests: tuple[Request, ...]
    cuts: tuple[int, ...]

    @property
    def packets(self) -> list[bytes]:
        data = b"".join(one.bytes for one in self.requests)
        places = [0, *sorted({at % (len(data) + 1) for at in self.cuts}), len(data)]
        return [data[begin:end] for begin, end in pairwise(places) if begin < end]


def answers(said: bytes) -> list[tuple[int, bytes]]:
    """The status and the body of each, and what is left over as the last, with status 0."""
    found: list[tuple[int, bytes]] = []
    while match := _ANSWER.match(said):
        end = match.end() + int(match[2])
        found.append((int(match[1]), said[match.end() : end]))
        said = said[end:]
    return [*found, (0, said)] if said else found


def pipelines() -> st.SearchStrategy[Pipeline]:
    one = st.builds(Request, st.sampled_from(sorted(_KINDS)), st.sampled_from(_UPGRADES), st.booleans(), st.just(False))
    requests = st.lists(one, min_size=1, max_size=12).map(lambda made: (*made, LAST))
    return st.builds(Pipeline, requests, st.lists(st.integers(0, 200_000), max_size=6).map(tuple))
