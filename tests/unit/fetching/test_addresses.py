"""Every sort of address, and how far a fetch may reach for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.fetching.addresses import reach

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00::1",
]
PRIVATE = [
    "10.0.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "198.18.0.1",
]
PRIVATE_V6 = ["::1", "fc00::1", "fd12:3456::1"]
NEVER = {
    "this network": "0.0.0.0",
    "link-local": "169.254.1.1",
    "metadata": "169.254.169.254",
    "Azure": "168.63.129.16",
    "Oracle": "192.0.0.192",
    "Alibaba": "100.100.100.200",
    "Amazon over v6": "fd00:ec2::254",
    "documentation 1": "192.0.2.1",
    "documentation 2": "198.51.100.1",
    "documentation 3": "203.0.113.1",
    "6to4 relay": "192.88.99.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "unspecified v6": "::",
    "v4-mapped private": "::ffff:10.0.0.1",
    "v4-mapped public": "::ffff:1.1.1.1",
    "v4-compatible": "::127.0.0.1",
    "NAT64": "64:ff9b::7f00:1",
    "NAT64 local": "64:ff9b:1::1",
    "6to4": "2002:7f00:1::",
    "Teredo": "2001:0:1::1",
    "documentation v6": "2001:db8::1",
    "documentation v6 2": "3fff::1",
    "link-local v6": "fe80::1",
    "link-local v6 with a zone": "fe80::1%eth0",
    "site-local": "fec0::1",
    "multicast v6": "ff02::1",
    "segment routing": "5f00::1",
    "no address": "127.1",
    "nothing": "",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_reach_public(address: str) -> None:
    assert reach(address) == "public"


@pytest.mark.parametrize("address", [*PRIVATE, *PRIVATE_V6])
def test_reach_private(address: str) -> None:
    assert reach(address) == "private"


@pytest.mark.parametrize("address", NEVER.values(), ids=NEVER)
def test_reach_never(address: str) -> None:
    assert reach(address) == "never"


@given(st.ip_addresses())
def test_reach_public_is_public_for_the_standard_library_too(address: object) -> None:
    if reach(str(address)) == "public":
        assert address.is_global  # type: ignore[attr-defined]
        assert not address.is_multicast  # type: ignore[attr-defined]
