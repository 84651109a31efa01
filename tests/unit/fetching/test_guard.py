"""Names that resolve to this and that: what is connected to."""

import anyio
import pytest

from engine.fetching.failure import NotFetched
from engine.fetching.guard import GuardedBackend, resolve
from tests.unit.calling.loopback import closed_port, platform

pytestmark = pytest.mark.anyio


class Names:
    """Answers with one list of addresses after the other, and counts."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self._answers.pop(0)


def private(host: str, port: int) -> bool:
    return True


def public(host: str, port: int) -> bool:
    return False


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "10.0.0.1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::a00:1"],
        ["169.254.169.254"],
        ["2002:7f00:1::"],
        ["::1"],
    ],
)
async def test_connect_one_address_that_is_not_public_refuses_the_name(addresses: list[str]) -> None:
    with pytest.raises(NotFetched) as found:
        await GuardedBackend(public, Names(addresses)).connect_tcp("a.example", 443)
    assert (found.value.kind, found.value.code) == ("refused", "private-address")


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "::ffff:10.0.0.1", "224.0.0.1", "fe80::1%1"])
async def test_connect_where_private_is_allowed_some_addresses_are_refused_all_the_same(address: str) -> None:
    with pytest.raises(NotFetched, match="never"):
        await GuardedBackend(private, Names([address])).connect_tcp("a.example", 443)


async def test_connect_goes_to_the_address_that_was_checked_and_asks_once() -> None:
    """The second answer would be another one; nobody asks for it."""
    async with platform() as server:
        names = Names(["127.0.0.1"], ["169.254.169.254"])
        stream = await GuardedBackend(private, names).connect_tcp("rebinds.example", server.port)
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
        await stream.aclose()
    assert names.asked == ["rebinds.example"]


async def test_connect_next_connection_is_checked_anew() -> None:
    """Public first, private then."""
    backend = GuardedBackend(lambda host, port: port == 1, Names(["127.0.0.1"], ["10.0.0.1"]))
    with pytest.raises(NotFetched, match="takes no connection"):
        await backend.connect_tcp("rebinds.example", 1)
    with pytest.raises(NotFetched, match="private address"):
        await backend.connect_tcp("rebinds.example", 443)


async def test_connect_tries_the_next_address_when_one_takes_no_connection() -> None:
    async with platform() as server:
        names = Names(["127.0.0.2", "127.0.0.1"])
        stream = await GuardedBackend(private, names).connect_tcp("two.example", server.port)
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
        await stream.aclose()


async def test_connect_to_nobody_is_unreachable() -> None:
    with pytest.raises(NotFetched) as found:
        await GuardedBackend(private, Names(["127.0.0.1"])).connect_tcp("a.example", closed_port())
    assert (found.value.kind, found.value.code) == ("failed", "unreachable")


async def test_connect_name_without_address_is_an_unknown_host() -> None:
    with pytest.raises(NotFetched) as found:
        await GuardedBackend(private, Names([])).connect_tcp("a.example", 443)
    assert (found.value.kind, found.value.code) == ("failed", "unknown-host")


@pytest.mark.parametrize("written", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost"])
async def test_connect_however_the_loopback_is_written_it_is_refused(written: str) -> None:
    """By the system's own resolver, which reads all of these."""
    with anyio.fail_after(10), pytest.raises(NotFetched) as found:
        await GuardedBackend(public, resolve).connect_tcp(written, 443)
    assert found.value.code in ("private-address", "unknown-host")
    assert written not in ("127.0.0.1", "2130706433", "localhost") or found.value.code == "private-address"
