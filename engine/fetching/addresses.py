"""Which addresses a fetch may connect to, by the special-purpose registries of IANA (v4: RFC 6890 and its
updates; v6: what is not 2000::/3 is nobody's public address)."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal

Reach = Literal["public", "private", "never"]


def _networks(*written: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(one) for one in written)


_NEVER = _networks(
    "0.0.0.0/8",  # this network
    "169.254.0.0/16",  # link-local; clouds tell secrets at 169.254.169.254
    "168.63.129.16/32",  # Azure's own, in the middle of public ones
    "192.0.0.0/24",  # protocol assignments; Oracle's cloud tells secrets at 192.0.0.192
    "192.0.2.0/24",  # documentation, as the next two
    "198.51.100.0/24",
    "203.0.113.0/24",
    "192.88.99.0/24",  # relays of 6to4
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, and broadcast
    "100.100.100.200/32",  # Alibaba's cloud tells secrets here
    "fd00:ec2::/32",  # and Amazon's here
    "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
    "2001:db8::/32",  # documentation, as the next one
    "3fff::/20",
    "2002::/16",  # 6to4
)
_PRIVATE = _networks(
    "10.0.0.0/8",
    "100.64.0.0/10",  # behind a provider's address translation
    "127.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "198.18.0.0/15",  # benchmarks
    "::1/128",
    "fc00::/7",
)
_PUBLIC = _networks("0.0.0.0/0", "2000::/3")


def reach(written: str) -> Reach:
    """`private` addresses may be allowed for a host, `never` ones cannot. Those that carry another address in them
    (v4-mapped, NAT64, 6to4, Teredo) are `never`, whatever that other one is."""
    try:
        address = ip_address(written)
    except ValueError:
        return "never"
    if _within(address, _NEVER):
        return "never"
    if _within(address, _PRIVATE):
        return "private"
    return "public" if _within(address, _PUBLIC) else "never"


def _within(address: IPv4Address | IPv6Address, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks)
