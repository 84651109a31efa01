"""What compiled steps say: trees of play items, with templates in them."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from engine.expr import TextTemplate
from engine.model.graph import ApiValue, AskValue, FlowGraph, Step, Tree
from engine.model.ids import StepName
from engine.model.verbs import FAILURES

_WORDS_PER_S = 2.5
"""150 words in a minute: what a synthetic voice speaks at its usual pace."""
_WORDS_OF_A_VALUE = 2
_UNHEARD = (*FAILURES, "failures", "expression")


class Said(Struct, frozen=True):
    """A text that is spoken; `language` is its tag, a dash where that is a value. `open`: a value or a file is in it, of which
    nobody knows what it says."""

    text: str
    language: str
    open: bool


def said(step: Step) -> Iterator[Said]:
    """All that a `play` or `ask` says before it asks."""
    value = step.value
    if isinstance(value, AskValue):
        yield from of_items(value.prompt, value.play.get("language", ""))
    elif isinstance(value, ApiValue) and step.verb == "play":
        yield from of_items(value.params.get("play"), value.params.get("language", ""))


def said_before(graph: FlowGraph) -> Mapping[StepName, tuple[Said, ...]]:
    """What is said right before each `collect` in the foreground that takes more than a key: by the `play` that leads straight
    to it."""
    found: dict[StepName, tuple[Said, ...]] = {step.name: () for step in graph.steps.values() if _takes_more(step)}
    for step in graph.steps.values() if found else ():
        if step.verb == "play" and not step.background and step.until is None:
            heard = {target for outcome, target in step.next.named.items() if outcome not in _UNHEARD}
            for target in heard | {step.next.otherwise}:
                if target in found:
                    found[target] += tuple(said(step))
    return found


def _takes_more(step: Step) -> bool:
    if step.verb != "collect" or step.background or not isinstance(step.value, ApiValue):
        return False
    digits = step.value.params.get("digits")
    return not isinstance(digits, dict) or digits.get("max") != 1


def of_items(items: Tree, language: Tree = "") -> Iterator[Said]:
    for item in items if isinstance(items, list) else ():
        params = item.get("params", {}) if isinstance(item, dict) else {}
        if item.get("type") == "tts":
            text = params.get("text", "")
            tag = params.get("language", language) or "en-US"
            yield Said(literal(text), literal(tag), isinstance(text, TextTemplate))
        elif item.get("type") == "audio":
            yield Said(literal(params.get("url", "")).replace("-", " ").replace("_", " "), "en-US", open=True)


def literal(text: Tree) -> str:
    """What of a text is fixed, with a dash for each value."""
    if isinstance(text, TextTemplate):
        return "".join(part if isinstance(part, str) else " - " for part in text.parts)
    return text if isinstance(text, str) else ""


def seconds(items: Tree) -> float:
    """About how long a list of items takes; files and tones of unknown length are not counted."""
    total = 0.0
    for item in items if isinstance(items, list) else ():
        params = item.get("params", {})
        if item.get("type") == "tts":
            text = params.get("text", "")
            values = len(text.expressions) if isinstance(text, TextTemplate) else 0
            words = [one for one in literal(text).split() if any(char.isalnum() for char in one)]
            total += (len(words) + values * _WORDS_OF_A_VALUE) / _WORDS_PER_S
        else:
            duration = params.get("duration", 0)
            total += duration if isinstance(duration, int | float) else 0
    return total
