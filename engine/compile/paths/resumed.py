"""FLW018: `next: resume` can be reached where no handler has interrupted anything."""

from engine.compile.located import Mapping, Node, Scalar
from engine.compile.paths.edges import Edge, Place, event_of
from engine.compile.paths.solve import Facts, Paths, solve
from engine.compile.paths.witness import steps_of, witness
from engine.compile.scope import Scope
from engine.model.graph import RESUME
from engine.model.ids import StepName

_NOTHING = 1
"""Nothing may have been interrupted."""


def report_resumes(scope: Scope, paths: Paths) -> None:
    """Reports the first way there. The graph is whole."""
    graph = paths.graph
    if not any(_resumes(node.node.get("next")) for node in scope.steps.values()):
        return

    def transfer(edge: Edge, facts: Facts) -> Facts:
        return 0 if edge.kind == "resume" or event_of(graph, edge) not in ("", "limit") else facts

    solved = solve(paths, _NOTHING, transfer)
    place = Place(RESUME)
    if not solved.at(place) & _NOTHING:
        return
    way = witness(solved, place, _NOTHING)
    if way:
        _report(scope, way[-1].source.step, steps_of(graph, way, place))


def _resumes(node: Node | None) -> bool:
    if isinstance(node, Scalar):
        return node.text == RESUME
    return isinstance(node, Mapping) and any(_resumes(value) for _, value in node.entries)


def _report(scope: Scope, step: StepName, way: tuple[str, ...]) -> None:
    node = scope.steps[step].node
    scope.report.node_error(
        "FLW018",
        "nothing-to-resume",
        node.key("next") or scope.steps[step].key,
        f"`{RESUME}` goes back to the step that a handler has interrupted, and on this way none has.",
        help="Name a step here, or use this step in handlers only.",
        path=f"steps.{step}.next",
        witness=way,
    )
