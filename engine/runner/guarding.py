"""What an environment's `guard` means for the HTTP side, and what it leaves open."""

import logging

from engine.project.environment import SIGNING_KEY, Environment, Guarding
from engine.serving.door import Limits
from engine.webhook.sources import RequestLimits

log = logging.getLogger("offhook.runner")
_BURST_S = 10
_RESERVED = 1_000
"""Open files that are not connections from outside: the journal, those to the platform, to hosts that are fetched from."""


def left_open(environment: Environment) -> tuple[str, ...]:
    """What is sound, and less safe than it may be meant to be: lines of text with what to write."""
    if environment.signing_key and not environment.guard.all_signed:
        return (
            f"{SIGNING_KEY} is set, and webhooks without a signature are taken all the same: whoever has got hold of a live"
            " webhook's URL needs no key. If your space signs its webhooks, write `guard: {webhooks: all_signed}`.",
        )
    return ()


def request_limits(guard: Guarding) -> RequestLimits:
    burst = max(1, round(guard.requests_per_s * _BURST_S))
    return RequestLimits(per_second=guard.requests_per_s, burst=burst, proxies=guard.proxies)


def connection_limits(guard: Guarding) -> Limits:
    """No more than the system lets the process have; so much it asks for."""
    plain = Limits(of_source=guard.connections, exempt=guard.proxies)
    files = _open_files(plain.connections + _RESERVED)
    fits = max(files - _RESERVED, files // 2)
    if fits < plain.connections:
        log.warning("at most %d connections are taken; raise the limit of open files (ulimit -n), now %d", fits, files)
    return Limits(connections=min(plain.connections, fits), of_source=plain.of_source, exempt=plain.exempt)


def _open_files(wanted: int) -> int:
    """How many files this process may have open, once it has asked for `wanted`."""
    try:
        import resource
    except ImportError:
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else soft
