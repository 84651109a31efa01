import pytest

from engine.serving.askers import named, source_of

PROXIES = frozenset({"127.0.0.1", "10.0.0.9"})


@pytest.mark.parametrize(
    ("peer", "forwarded", "source", "said"),
    [
        ("192.0.2.1", [], "192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.9"], "192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", [], "", "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.9"], "198.51.100.9", "198.51.100.9 through 127.0.0.1"),
        ("127.0.0.1", ["198.51.100.9, 10.0.0.9"], "198.51.100.9", "198.51.100.9 through 127.0.0.1"),
        # The last one is what the proxy saw; anybody can write the others.
        ("127.0.0.1", ["forged, 198.51.100.9"], "198.51.100.9", "198.51.100.9 through 127.0.0.1"),
        ("127.0.0.1", ["forged", "198.51.100.9"], "198.51.100.9", "198.51.100.9 through 127.0.0.1"),
        ("127.0.0.1", ["198.51.100.9:4711"], "198.51.100.9", "198.51.100.9 through 127.0.0.1"),
        ("127.0.0.1", ["[2001:db8:1:2::1]:4711"], "2001:db8:1:2::/64", "2001:db8:1:2::/64 through 127.0.0.1"),
        ("127.0.0.1", ["x" * 5_000], "x" * 64, f"{'x' * 64} through 127.0.0.1"),
        # Whoever has one address of version 6 has all of its network.
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", [], "2001:db8:1:2::/64", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", [], "192.0.2.1", "192.0.2.1"),
        ("", [], "unknown", "unknown"),
    ],
)
def test_who_asks(peer: str, forwarded: list[str], source: str, said: str) -> None:
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    assert source_of(peer, headers, PROXIES) == source
    assert named(peer, headers, PROXIES) == said
