"""What a call comes to at once after a step: with nothing between that takes time."""

from collections.abc import Iterator

from engine.compile.paths import Edge
from engine.lint.calls.speech import of_items, seconds
from engine.lint.subject import Subject
from engine.model.graph import ApiValue, Step
from engine.model.ids import StepName

_QUICK = ("set", "branch", "denoise", "tap", "stream", "transcribe", "user_event")
_MIDDLE = ("error", "rejected", "lost", "expression", "visits")


def at_once(subject: Subject, name: StepName) -> Iterator[StepName]:
    """The steps that a call may be at right after this one was begun in the background. Failures and limits are no such way."""
    graph = subject.graph
    assert graph is not None
    seen = {name}
    ahead = [name]
    for one in ahead:
        for way in subject.ways.get(one, ()):
            if way.by in _MIDDLE or way.to in seen or way.to not in graph.steps:
                continue
            seen.add(way.to)
            if graph.steps[way.to].verb in _QUICK:
                ahead.append(way.to)
            else:
                yield way.to


def way_at_once(subject: Subject, name: StepName, to: StepName) -> tuple[str, ...]:
    """A caller's way to the first, and from there at once to the other."""
    calls = subject.calls

    def leaves(edge: Edge) -> bool:
        return edge.source.step == name and edge.outcome not in _MIDDLE

    def goes_on(edge: Edge) -> bool:
        step = calls.graph.steps.get(edge.source.step)
        return step is not None and step.verb in _QUICK and edge.outcome not in _MIDDLE

    return calls.way_by(leaves, goes_on, to)


def speaks(step: Step) -> float:
    """For how many seconds a `play` talks; 0 where it says nothing, or goes round for ever."""
    if step.verb != "play" or not isinstance(step.value, ApiValue) or step.value.params.get("loop") == 0:
        return 0
    items = step.value.params.get("play")
    return seconds(items) if any(one.text.strip() for one in of_items(items)) else 0
