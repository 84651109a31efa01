"""What can be entered at a step: how many keys, and whether it hears speech."""

from msgspec import Struct

from engine.model.graph import ApiValue, AskValue, Step


class Entry(Struct, frozen=True, kw_only=True):
    """`most` keys at once: 0 where no keys are taken, None where nobody knows. `speech`: may something be said?"""

    most: int | None
    speech: bool

    def why_not(self, name: str, field: str) -> str:
        """Why the field of the step of this name is always empty; nothing where it is not."""
        if field == "text" and not self.speech:
            return f"`{name}` hears no speech, so its `text` is always empty."
        return (
            f"`{name}` takes no keys, so its `digits` are always empty." if field == "digits" and self.most == 0 else ""
        )

    def keys(self, field: str) -> int | None:
        """The most characters that the field may have; None where nobody knows."""
        if field == "digits" or (field == "value" and not self.speech):
            return self.most
        return 0 if field == "text" and not self.speech else None


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
    return Entry(most=most if isinstance(most, int) else None, speech="speech" in params)
