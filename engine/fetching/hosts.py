"""Which hosts may be fetched from: what a URL names, and whether the environment allows it."""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Literal, Self

import httpx
from msgspec import Struct

from engine.fetching.failure import NotFetched
from engine.model.errors import ConfigurationError

Scheme = Literal["http", "https"]
_PORTS = {"http": 80, "https": 443}
_LABEL = "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_HELP = "Write a host as `accounts.example.com`, `*.example.com` or `http://127.0.0.1:9000`."


class Target(Struct, frozen=True, kw_only=True):
    """Where a request goes. `host` is in its one form: small letters, IDNA, no dot at the end, a v6 address without
    brackets. `path` has the query with it."""

    scheme: Scheme
    host: str
    port: int
    path: bytes = b"/"

    @property
    def authority(self) -> str:
        """Host and, where it is not the scheme's own, port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def entry(self) -> str:
        """What an environment writes to allow it."""
        return f"http://{self.authority}" if self.scheme == "http" else self.authority


class Pattern(Struct, frozen=True):
    """An entry of the environment. `below`: every host below `host` is meant, and not itself."""

    scheme: str
    host: str
    port: int
    below: bool = False

    def matches(self, host: str, port: int) -> bool:
        return port == self.port and (host.endswith(f".{self.host}") if self.below else host == self.host)


class HostPolicy(Struct, frozen=True):
    """What an environment allows. The empty one allows nothing."""

    hosts: tuple[Pattern, ...] = ()
    private: tuple[Pattern, ...] = ()

    @classmethod
    def of(cls, hosts: Iterable[str] = (), private: Iterable[str] = ()) -> Self:
        """`private` are allowed as well, and may have private addresses. `ConfigurationError` for what is no host."""
        return cls(tuple(map(_pattern, hosts)), tuple(map(_pattern, private)))

    def allows(self, target: Target) -> bool:
        named = (one for one in (*self.hosts, *self.private) if one.scheme == target.scheme)
        return any(one.matches(target.host, target.port) for one in named)

    def may_be_private(self, host: str, port: int) -> bool:
        return any(one.matches(host, port) for one in self.private)

    def checked(self, url: str) -> Target:
        """Where the URL leads, if that is allowed; else `NotFetched`."""
        target = parse(url)
        if not self.allows(target):
            message = (
                f"the environment does not allow {target.entry}; add it to `fetch.hosts` if it may be fetched from"
            )
            raise NotFetched("refused", "host-not-allowed", message)
        return target


def parse(url: str) -> Target:
    """`NotFetched` for what is not a plain URL of http or https."""
    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise _bad("it cannot be read") from None
    if found.scheme not in ("http", "https"):
        raise _bad("it does not begin with https:// or http://")
    if found.userinfo or "@" in found.netloc.decode():
        raise _bad("it has a user name in it; send credentials in a header")
    port = found.port if found.port is not None else _PORTS[found.scheme]
    if not 0 < port < 65536:
        raise _bad("there is no such port")
    scheme: Scheme = "http" if found.scheme == "http" else "https"
    return Target(scheme=scheme, host=_host(found), port=port, path=found.raw_path)


def _host(url: httpx.URL) -> str:
    host = url.raw_host.decode("ascii").lower().removesuffix(".")
    if ":" in host and "%" not in host:
        return str(ip_address(host))
    if not _NAME.fullmatch(host):
        raise _bad("its host is not a name or an address")
    return host


def _bad(why: str) -> NotFetched:
    return NotFetched("refused", "bad-url", f"the URL cannot be fetched from: {why}")


def _pattern(written: str) -> Pattern:
    scheme, _, rest = written.rpartition("://")
    below = rest.startswith("*.")
    try:
        target = parse(f"{scheme or 'https'}://{rest.removeprefix('*.')}")
    except NotFetched:
        raise ConfigurationError(f"fetch: {written} is not a host.", help=_HELP) from None
    if scheme not in ("", "http") or target.path != b"/" or re.search(r"[/?#\\]", rest):
        raise ConfigurationError(f"fetch: {written} is more than a host and a port.", help=_HELP)
    if below and (target.host.count(".") == 0 or _is_address(target.host)):
        raise ConfigurationError(f"fetch: {written} allows too much, or nothing.", help=_HELP)
    return Pattern(target.scheme, target.host, target.port, below)


def _is_address(host: str) -> bool:
    return host.rpartition(".")[2].isdecimal() or ":" in host
