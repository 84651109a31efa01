"""VAR002: a name is read where it may not be set, with a way that leads there as the reason."""

from collections.abc import Iterator

from engine.compile.located import dotted
from engine.compile.paths.edges import SILENT, Place
from engine.compile.paths.results import Results
from engine.compile.paths.solve import Facts, Paths, Solved, solve
from engine.compile.paths.witness import steps_of, witness
from engine.compile.scope import Scope, Use
from engine.expr import read_at
from engine.model.diagnostics import Diagnostic
from engine.model.graph import FlowGraph
from engine.model.ids import StepName

_DEFAULTS = {"string": "''", "int": "0", "double": "0.0", "bool": "false"}


def report_unset(scope: Scope, paths: Paths) -> list[Diagnostic]:
    """Reports each name once in a step, and gives those findings that are in files beside the flow. The graph is
    whole: where a way is missing, nothing can be said."""
    graph = paths.graph
    results = Results(graph, dict.fromkeys(name for use in scope.uses for name in use.expression.names))
    if not results.first:
        return []
    solved = solve(paths, results.first, results.transfer)
    said: set[tuple[StepName, str]] = set()
    known = {id(use.report): len(use.report.diagnostics) for use in scope.uses}
    for use in scope.uses:
        for name, place, facts in _unset(results, solved, use):
            found = read_at(use.expression.source, name)
            if found is None or (place.step, name) in said:
                continue
            about = results.about(name)
            way = witness(solved, place, facts, about=about)
            if way is not None:
                said.add((place.step, name))
                _report(scope, use, name, found, steps_of(graph, way, place))
    others = {id(use.report): use.report for use in scope.uses if use.report is not scope.report}
    return [one for report in others.values() for one in report.diagnostics[known[id(report)] :]]


def unset_before(graph: FlowGraph, name: str) -> tuple[StepName, ...]:
    """The steps that may be entered while the name is not set, in the order of the file."""
    results = Results(graph, [name])
    if not results.first:
        return ()
    solved = solve(Paths(graph), results.first, results.transfer)
    found = {place.step for place, facts in solved.before.items() if facts & results.unset(name)}
    return tuple(step.name for step in graph.steps.values() if step.name in found)


def _unset(results: Results, solved: Solved, use: Use) -> Iterator[tuple[str, Place, Facts]]:
    """The names that may be unset where the expression is evaluated, while the call lives or when it is over."""
    graph = solved.paths.graph
    silent = graph.steps[use.step].verb in SILENT
    for place in (Place(use.step), *((Place(use.step, over=True),) if silent else ())):
        facts = solved.at(place)
        if use.case is not None:
            facts = results.at_case(use.step, use.case, facts)
        for name in use.expression.names:
            if missing := facts & results.unset(name):
                yield name, place, missing


def _report(scope: Scope, use: Use, name: str, found: tuple[int, int], way: tuple[str, ...]) -> None:
    at, length = found
    default = _DEFAULTS.get(scope.environment.declared[name], "...")
    advice = "Give it an `initial` value or" if name.startswith("vars.") else "Take it where it is set, or give it"
    use.report.text_error(
        "VAR002",
        "maybe-unset",
        use.scalar,
        use.offset + at,
        length,
        f"`{name}` may not be set here.",
        help=f"{advice} a default: or({name}, {default}).",
        path=dotted(use.path),
        witness=way,
    )
