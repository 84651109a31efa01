"""Ways on which a caller hears nothing until the call is over."""

from engine.lint.routes import reached, route
from engine.lint.subject import Subject
from engine.model.ids import StepName

_QUIET = ("set", "branch", "wait")


def goes_dead(subject: Subject, target: StepName) -> tuple[str, ...]:
    """The steps from here to an `end: hangup` with nothing but quiet ones between; empty when there is none."""
    graph = subject.graph
    assert graph is not None
    quiet = {name: out if graph.steps[name].verb in _QUIET else () for name, out in subject.ways.items()}
    seen = reached(quiet, [target])
    for name in seen:
        step = graph.steps.get(name)
        if step is not None and step.verb == "end" and getattr(step.value, "reason", "") == "hangup":
            return route(seen, name)
    return ()
