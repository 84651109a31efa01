"""What tests of fetching say again and again."""

from typing import Any

from engine.fetching.client import FetchClient
from engine.fetching.hosts import HostPolicy
from engine.model.commands import Fetch
from engine.model.events import Fetched


def command(url: str, *, timeout_ms: int = 5_000, **more: Any) -> Fetch:
    return Fetch(**{"seq": 5, "method": "GET", "url": url, "timeout_ms": timeout_ms, "key": "run.5", **more})


async def fetched(asked: Fetch, *private: str, **client: Any) -> Fetched:
    """By a client of its own; `private` are the hosts that it may fetch from."""
    async with FetchClient(HostPolicy.of(private=private), now_ms=lambda: 77, **client) as fetching:
        event = await fetching.fetch(asked)
    assert (event.seq, event.at_ms) == (asked.seq, 77)
    return event
