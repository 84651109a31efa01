"""What a call comes to at once after a step: with nothing between that takes time."""

from collections.abc import Iterator

from engine.lint.calls.speech import of_items, seconds
from engine.lint.routes import route
from engine.lint.subject import Subject
from engine.model.graph import ApiValue, Step
from engine.model.ids import StepName

_QUICK = ("set", "branch", "denoise", "tap", "stream", "transcribe", "user_event")
_MIDDLE = ("error", "rejected", "lost", "expression", "visits")


def at_once(subject: Subject, name: StepName) -> Iterator[tuple[StepName, tuple[str, ...]]]:
    """The steps that a call may be at right after this one was begun in the background, each with the way there. Failures
    and limits are no such way."""
    graph = subject.graph
    assert graph is not None
    came: dict[StepName, tuple[StepName, object] | None] = {name: None}
    ahead = [name]
    for one in ahead:
        for way in subject.ways.get(one, ()):
            if way.by in _MIDDLE or way.to in came or way.to not in graph.steps:
                continue
            came[way.to] = (one, way)
            step = graph.steps[way.to]
            if step.verb in _QUICK:
                ahead.append(way.to)
            else:
                yield way.to, route(came, way.to)  # type: ignore[arg-type]  # a way, as `Reached` has it


def speaks(step: Step) -> float:
    """For how many seconds a `play` talks; 0 where it says nothing, or goes round for ever."""
    if step.verb != "play" or not isinstance(step.value, ApiValue) or step.value.params.get("loop") == 0:
        return 0
    items = step.value.params.get("play")
    return seconds(items) if any(one.text.strip() for one in of_items(items)) else 0
