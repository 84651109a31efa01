"""Where a branch asks, and where something is written that it has asked for."""

from engine.compile.paths.edges import Edge
from engine.model.graph import BranchValue, Expression, FlowGraph, SetValue, Step
from engine.model.ids import StepName
from engine.model.verbs import VERB

UNKNOWN = 0
LOOSE = -1
"""It may be written at any time: the operation of a step that was interrupted may still end."""


class Written:
    """When any of these names is written."""

    def __init__(self, graph: FlowGraph, names: tuple[str, ...]) -> None:
        parts = [name.split(".") for name in names]
        self._graph = graph
        self._steps = {one[1] for one in parts if one[0] == "steps"}
        self._vars = {one[1] for one in parts if one[0] == "vars"}

    def by(self, edge: Edge) -> int | None:
        """`UNKNOWN` or `LOOSE`: what is remembered from then on; None when nothing is written."""
        step = self._graph.steps.get(edge.source.step)
        if step is None or edge.kind in ("case", "visits", "resume"):
            return None
        if step.name in self._steps:
            if edge.kind == "outcome":
                return UNKNOWN
            return LOOSE if VERB[step.verb].life is not None else None
        sets = step.value.assignments if isinstance(step.value, SetValue) else {}
        return UNKNOWN if self._vars.intersection(sets) else None


def text_of(condition: Expression) -> str:
    return condition.source.strip()


def cases(step: Step) -> tuple[tuple[Expression, StepName], ...]:
    return step.value.cases if isinstance(step.value, BranchValue) else ()
