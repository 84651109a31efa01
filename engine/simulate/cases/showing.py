"""Where in the transcript of a call something shows: lines, counted from 0."""

from collections.abc import Sequence
from functools import cached_property

from engine.model.graph import SetValue
from engine.simulate import story
from engine.simulate.cases import saying
from engine.simulate.outcome import Outcome
from engine.simulate.told import is_told
from engine.simulate.transcript import Line


class Shows:
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome

    @cached_property
    def transcript(self) -> Sequence[Line]:
        """Of a call that goes as expected nobody asks for it."""
        return self.outcome.transcript

    @property
    def last(self) -> int:
        """The last line that is told."""
        places = range(len(self.transcript) - 1, -1, -1)
        return next((at for at in places if is_told(self.transcript[at])), len(self.transcript) - 1)

    def place(self, place: int | None) -> int | None:
        """The last line of what has happened at this place."""
        if place is None:
            return self.last
        happened = self.outcome.happened[: place + 1]
        return len(list(story.lines(self.outcome.graph, happened, began_ms=self.outcome.began_ms))) - 1

    def entered(self, index: int) -> int | None:
        """Where the step of the path was entered."""
        steps = [at for at, line in enumerate(self.transcript) if saying.is_entry(line)]
        return steps[index] if index < len(steps) else self.last

    def nth(self, way: str, index: int, what: str = "") -> int | None:
        found = [
            at for at, line in enumerate(self.transcript) if line.way == way and line.detail and what in ("", line.what)
        ]
        return found[index] if index < len(found) else None

    def sent(self, what: str, index: int) -> int | None:
        """Where it went out: of its kind the one at this place, but for repeats."""
        lines = enumerate(self.transcript)
        found = [at for at, line in lines if (line.way, line.what, line.outcome) == ("out", what, "")]
        return found[index] if index < len(found) else None

    def set_last(self, variable: str) -> int | None:
        """Where the flow has last set it; the end, where it never did."""
        steps = self.outcome.graph.steps
        sets = {
            name for name, one in steps.items() if isinstance(one.value, SetValue) and variable in one.value.assignments
        }
        lines = enumerate(self.transcript)
        found = [at for at, line in lines if line.what == "entered" and line.step.partition("#")[0] in sets]
        return found[-1] if found else self.last

    def said_or_pressed(self, index: int) -> int:
        lines = enumerate(self.transcript)
        return [at for at, line in lines if line.way == "does" and line.what.startswith(("presses ", "says "))][index]

    def line(self, way: str, what: str, step: str, *, last: bool = False) -> int | None:
        found = [
            at
            for at, line in enumerate(self.transcript)
            if line.way == way and line.what == what and step in ("", line.step.partition("#")[0])
        ]
        return found[-1 if last else 0] if found else None
