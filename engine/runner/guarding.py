"""What an environment's `guard` means for the HTTP side, and what it leaves open."""

import logging

from engine.calling.space import is_loopback
from engine.model.errors import ConfigurationError
from engine.project.environment import SIGNING_KEY, Environment, Guarding
from engine.serving.door import Limits
from engine.webhook.sources import RequestLimits

log = logging.getLogger("offhook.runner")
_BURST_S = 10
_RESERVED = 1_000
"""Open files that are not connections from outside: the journal, those to the platform, to hosts that are fetched from."""


def unguarded(environment: Environment) -> ConfigurationError | None:
    """What is too open to be meant, unless it is said to be."""
    if environment.signing_key or environment.guard.webhooks == "any" or is_loopback(environment.space):
        return None
    return ConfigurationError(
        f"{SIGNING_KEY} is not set: whoever knows this runner's URL could pretend that a call arrives.",
        help="Set it to the signing key of your project, or write `guard: {webhooks: any}` if that is how it has to be.",
    )


def left_open(environment: Environment) -> tuple[str, ...]:
    """What is sound, and less safe than it may be meant to be: lines of text with what to write."""
    if environment.guard.webhooks != "any":
        return ()
    if environment.signing_key:
        return (
            f"{SIGNING_KEY} is set, and webhooks without a signature are taken all the same: whoever has got hold of a live"
            " webhook's URL needs no key. Leave `guard.webhooks` out, or write `all_signed`, if your space signs them.",
        )
    return (
        f"{SIGNING_KEY} is not set, and `guard.webhooks` is `any`: no signature is looked for. Whoever knows this runner's"
        " URL can pretend that a call arrives.",
    )


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
