"""From an environment's folder of flows to the library that it serves."""

from engine.fetching import trust
from engine.fetching.hosts import HostPolicy
from engine.journal.sealing import Sealing
from engine.project import snapshot
from engine.project.environment import Environment
from engine.runner.library import Library, library_of


def library_in(environment: Environment) -> Library:
    """The folder's flows with the calendars that they are bound to, and what is wrong with them. `ConfigurationError`
    for what is wrong with all of them: the folder, the hosts that may be fetched from, the `ca_file`."""
    allowed = hosts(environment)
    if environment.fetch.ca_file is not None:
        trust.context(environment.fetch.ca_file)
    found = snapshot.read(environment.flows, environment.uses)
    return library_of(
        found.flows, environment.uses, hosts=allowed, unreadable=found.unreadable, can_seal=can_seal(environment)
    )


def hosts(environment: Environment) -> HostPolicy:
    """What may be fetched from. `ConfigurationError` for what is no host."""
    return HostPolicy.of(environment.fetch.hosts, environment.fetch.private)


def can_seal(environment: Environment) -> bool:
    """May it serve flows with secret or private values? `ConfigurationError` for what is no key."""
    return Sealing.of(environment.secret_key).can_seal


def unserved_routes(environment: Environment, library: Library) -> list[str]:
    """A line for each number whose callers will be asked to call again later."""
    return [
        f"route {number}: flow {flow} cannot be served, callers are asked to call again later"
        if flow in library.problems
        else f"route {number}: there is no flow {flow} in {environment.flows}"
        for number, flow in environment.routes.items()
        if library.named(flow) is None
    ]
