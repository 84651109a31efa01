"""Who asks: the address at the other end of a connection or, where that is a proxy's, the one that it asks for."""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address

_FORWARDED = b"x-forwarded-for"
Headers = Iterable[tuple[bytes, bytes]]


def source_of(peer: str, headers: Headers, proxies: frozenset[str]) -> str:
    """An address, of version 6 its network; "" is one of the proxies, asking for itself."""
    if peer not in proxies:
        return _network(peer)
    said = b",".join(value for name, value in headers if name == _FORWARDED).decode("latin-1")
    others = [one for part in said.split(",") if (one := _without_port(part.strip())) and one not in proxies]
    return _network(others[-1]) if others else ""


def named(peer: str, headers: Headers, proxies: frozenset[str]) -> str:
    """The same for the log, with the proxy that said so."""
    source = source_of(peer, headers, proxies)
    if not source:
        return peer
    return f"{source} through {peer}" if peer in proxies else source


def _without_port(written: str) -> str:
    """Some proxies write the port behind the address."""
    if written.startswith("["):
        return written[1:].partition("]")[0]
    return written.partition(":")[0] if written.count(":") == 1 else written


def _network(written: str) -> str:
    """Whoever has one address of version 6 has 2^64 of them."""
    try:
        address = ip_address(written)
    except ValueError:
        return written[:64] or "unknown"
    if not isinstance(address, IPv6Address):
        return written
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else f"{IPv6Address(int(address) >> 64 << 64)}/64"
