"""From an environment's folder of flows to the library that it serves."""

from engine.project import snapshot
from engine.project.environment import Environment
from engine.runner.library import Library, library_of


def library_in(environment: Environment) -> Library:
    """The folder's flows with the calendars that they are bound to, and what is wrong with them."""
    found = snapshot.read(environment.flows, environment.uses)
    return library_of(found.flows, environment.uses, unreadable=found.unreadable)


def unserved_routes(environment: Environment, library: Library) -> list[str]:
    """A line for each number whose callers will be asked to call again later."""
    return [
        f"route {number}: flow {flow} cannot be served, callers are asked to call again later"
        if flow in library.problems
        else f"route {number}: there is no flow {flow} in {environment.flows}"
        for number, flow in environment.routes.items()
        if library.named(flow) is None
    ]
