"""The flows that a flow calls: each compiled, or what keeps it from being called."""

from collections.abc import Callable, Iterable, Mapping

from engine.compile.called import Called, names_of, outcomes_of, path_of
from engine.compile.circles import circle
from engine.compile.compiled import Compiled
from engine.compile.located import Mapping as Entries
from engine.compile.located import Scalar, dotted
from engine.compile.report import Report, nearest
from engine.compile.scope import StepNode
from engine.model.diagnostics import Diagnostic


class Calls:
    """`way` are the flows that led here, the outermost first and this one last; `compiled` compiles one of the bundle's
    files, or knows what came of it."""

    def __init__(
        self,
        report: Report,
        files: Mapping[str, bytes],
        way: tuple[str, ...],
        compiled: Callable[[str], Compiled],
    ) -> None:
        self._report = report
        self._files = files
        self._way = way
        self._compiled = compiled
        self.elsewhere: list[Diagnostic] = []
        """What is wrong with the flows that are called."""

    def of(self, nodes: Iterable[StepNode]) -> dict[str, Called]:
        """By the flow's name; those that are not there or would call themselves are reported and left out."""
        found: dict[str, Called] = {}
        for node in nodes:
            flow = node.value.get("flow") if node.verb.name == "subflow" and isinstance(node.value, Entries) else None
            if isinstance(flow, Scalar) and isinstance(flow.value, str) and flow.text not in found:
                one = self._called(flow, dotted((*node.path, "flow")))
                found |= {flow.text: one} if one is not None else {}
        return found

    def _called(self, flow: Scalar, at: str) -> Called | None:
        path = path_of(flow.text)
        if flow.text in self._way:
            self._recursion(flow, (*self._way[self._way.index(flow.text) :], flow.text), at)
            return None
        if path not in self._files:
            problem = f"There is no flow `flows/{path}`."
            advice = nearest(flow.text, names_of(self._files)) or "Write that file, or another name."
            self._report.node_error("FLW016", "no-such-flow", flow, problem, help=advice, path=at)
            return None
        done = self._compiled(flow.text)
        self.elsewhere += done.diagnostics
        if done.graph is not None:
            return Called(graph=done.graph, outcomes=outcomes_of(done.graph))
        if way := circle(self._files, self._way[-1], flow.text):
            self._recursion(flow, way, at)
            return None
        problem = f"The flow `{flow.text}` has mistakes of its own, so it cannot be called."
        advice = f"They are reported for flows/{path}."
        self._report.node_error("FLW017", "broken-flow", flow, problem, help=advice, path=at)
        return Called(graph=None)

    def _recursion(self, flow: Scalar, way: tuple[str, ...], at: str) -> None:
        problem, advice = f"`{way[0]}` would call itself: {' -> '.join(way)}.", "A loop is made of steps, not of flows."
        self._report.node_error("FLW010", "recursion", flow, problem, help=advice, path=at)
