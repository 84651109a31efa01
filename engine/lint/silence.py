"""Ways on which a caller hears nothing until the call is over."""

from engine.lint.routes import leading_to, reached, route
from engine.lint.subject import Subject
from engine.model.graph import LeaveValue, Step
from engine.model.ids import StepName

_QUIET = ("set", "branch", "wait")


class Silence:
    """Of a flow that compiles."""

    def __init__(self, subject: Subject) -> None:
        graph = subject.graph
        assert graph is not None
        self._quiet = {name: out if graph.steps[name].verb in _QUIET else () for name, out in subject.ways.items()}
        self._ends = [step.name for step in graph.steps.values() if _hangs_up(step)]
        self._dead = leading_to(self._quiet, self._ends)

    def after(self, target: StepName | None) -> tuple[str, ...]:
        """The steps from here to an `end: hangup` with nothing but quiet ones between; empty when there is none."""
        if target is None or target not in self._dead:
            return ()
        seen = reached(self._quiet, [target])
        return route(seen, next(name for name in self._ends if name in seen))


def _hangs_up(step: Step) -> bool:
    return step.verb == "end" and isinstance(step.value, LeaveValue) and step.value.reason == "hangup"
