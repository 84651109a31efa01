"""Everything that can be said of an environment without starting its runner."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from engine.model.errors import ConfigurationError
from engine.project.environment import Environment, VariableMissing, load
from engine.runner.guarding import left_open, unguarded
from engine.runner.reading import library_in, unserved_routes

_STAND_IN = "not-set"


class Checked(Struct, frozen=True):
    """`problems` are lines of text, as are `warnings`, with which it is sound; `flows` and `routes` count what would be
    served."""

    problems: tuple[str, ...]
    flows: int = 0
    routes: int = 0
    warnings: tuple[str, ...] = ()


def check(path: Path, variables: Mapping[str, str]) -> Checked:
    """The file, the variables, the flows with their bindings and calendars, and the routes. Neither the journal nor the
    port is touched, and nothing is sent."""
    environment, problems = _environment(path, variables)
    if environment is None:
        return Checked(tuple(problems))
    if refused := unguarded(environment):
        problems.append(str(refused))
    try:
        library = library_in(environment)
    except ConfigurationError as error:
        return Checked((*problems, str(error)))
    for flow, lines in library.problems.items():
        problems += [f"flow {flow}: {line}" for line in lines]
    unserved = unserved_routes(environment, library)
    problems += unserved
    if not library.names and not library.problems:
        problems.append(f"There is no flow in {environment.flows}.")
    routes = len(environment.routes) - len(unserved)
    return Checked(tuple(problems), len(library.names), routes, left_open(environment))


def _environment(path: Path, variables: Mapping[str, str]) -> tuple[Environment | None, list[str]]:
    """A variable that is not set is a problem, and hides no other."""
    given, problems = dict(variables), list[str]()
    while True:
        try:
            return load(path, given), problems
        except VariableMissing as missing:
            problems.append(str(missing))
            given[missing.name] = _STAND_IN
        except ConfigurationError as error:
            return None, [*problems, str(error)]
