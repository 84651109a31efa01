"""Ways on which a caller hears nothing until the call is over."""

from engine.compile.paths import Edge
from engine.lint.routes import leading_to, reached
from engine.lint.subject import Subject
from engine.model.graph import LeaveValue, Step

_QUIET = ("set", "branch", "wait")


class Silence:
    """Of a flow that compiles."""

    def __init__(self, subject: Subject) -> None:
        graph = subject.graph
        assert graph is not None
        self._subject = subject
        self._quiet = {name: out if graph.steps[name].verb in _QUIET else () for name, out in subject.ways.items()}
        self._ends = [step.name for step in graph.steps.values() if _hangs_up(step)]
        self._dead = leading_to(self._quiet, self._ends)

    def after(self, edge: Edge) -> tuple[str, ...]:
        """A caller's way that ends like this, and then comes to an `end: hangup` with nothing but quiet steps between; empty
        when there is none."""
        target = edge.target.step
        if target not in self._dead:
            return ()
        calls, seen = self._subject.calls, reached(self._quiet, [target])
        ends = (name for name in seen if name in self._ends)
        return next((way for end in ends if (way := calls.way_by(lambda one: one is edge, self._is_quiet, end))), ())

    def _is_quiet(self, edge: Edge) -> bool:
        source, target = edge.source.step, edge.target.step
        return any(way.to == target for way in self._quiet.get(source, ()))


def _hangs_up(step: Step) -> bool:
    return step.verb == "end" and isinstance(step.value, LeaveValue) and step.value.reason == "hangup"
