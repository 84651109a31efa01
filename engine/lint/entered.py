"""What can be entered at a step: how many keys, and whether it hears speech."""

from msgspec import Struct

from engine.model.graph import ApiValue, AskValue, FlowGraph, Step, WaitValue
from engine.model.ids import StepName


class Entry(Struct, frozen=True, kw_only=True):
    """`most` keys at once: 0 where no keys are taken, None where nobody knows. `speech`: may something be said? `ended`: may a key
    end it?"""

    most: int | None
    speech: bool
    ended: bool

    def why_not(self, name: str, field: str) -> str:
        """Why the field of the step of this name is always empty; nothing where it is not."""
        if field == "text" and not self.speech:
            return f"`{name}` hears no speech, so its `text` is always empty."
        if field == "terminator" and not self.ended:
            return f"`{name}` has no `terminators`, so its `terminator` is always empty."
        return (
            f"`{name}` takes no keys, so its `digits` are always empty." if field == "digits" and self.most == 0 else ""
        )

    def keys(self, field: str) -> int | None:
        """The most characters that the field may have; None where nobody knows."""
        if field == "digits" or (field == "value" and not self.speech):
            return self.most
        return 0 if field == "text" and not self.speech else None


def entered_at(graph: FlowGraph, name: str) -> Entry | None:
    """Of a `wait` for one collect that collect's."""
    step = graph.steps.get(StepName(name))
    value = step.value if step is not None else None
    waits = isinstance(value, WaitValue) and not value.many and len(value.handles) == 1
    return entry_of(graph.steps.get(value.handles[0]) if waits and isinstance(value, WaitValue) else step)


def entry_of(step: Step | None) -> Entry | None:
    """None for a step that takes nothing, or of which nobody knows."""
    value = step.value if step is not None else None
    if isinstance(value, AskValue):
        params = value.collect
    elif isinstance(value, ApiValue) and step is not None and step.verb == "collect":
        params = value.params
    else:
        return None
    digits = params.get("digits")
    most = digits.get("max") if isinstance(digits, dict) else 0
    ends = isinstance(digits, dict) and digits.get("terminators", "") != ""
    return Entry(most=most if isinstance(most, int) else None, speech="speech" in params, ended=ends)
