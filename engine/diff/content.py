"""A step as plain values, so that two can be compared: without places, notes, order and layout of the file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from engine.compile import durations
from engine.compile.paths import Edge, Place, edges, is_own
from engine.expr import TextTemplate, written
from engine.model.graph import Accept, ApiValue, AskValue, BranchValue, FetchValue, FlowGraph, Step, Tree

Ways = Mapping[str, str]
"""What leads on (`press 2`, `say agent`, `if ...`, `else`, `visits`, an outcome), and to which step."""

_APART = (
    "prompt",
    "no_input",
    "no_match",
    "choices",
    "cases",
    "otherwise",
    "handle",
    "constant",
    "filler",
    "confidential",
    "secrecy",
)
_CONNECT = "swml.sections.main[0].connect."
_VALUES = ("params", "collect", "assignments", "given")
"""Their names say nothing to an author."""


def ways(graph: FlowGraph, step: Step) -> Ways:
    """The step's own. A choice is what the caller does for it; its name is nobody's business."""
    found: dict[str, str] = {}
    for edge in edges(graph, Place(step.name)):
        if is_own(step, edge):
            for what in done(step, edge):
                found.setdefault(what, edge.target.step)
    return found


def done(step: Step, edge: Edge) -> list[str]:
    """What makes the call go along an edge."""
    value = step.value
    if isinstance(value, BranchValue) and edge.kind == "case":
        return ["else" if edge.case < 0 else f"if {squeezed(value.cases[edge.case][0].source)}"]
    choices = value.choices if isinstance(value, AskValue) else ()
    for choice in choices:
        if choice.name == edge.outcome:
            return [*(f"press {key}" for key in choice.keys), *(f"say {phrase}" for phrase in choice.phrases)]
    return [edge.outcome]


def said(step: Step) -> Mapping[str, Sequence[Tree]]:
    """The parts of a step that are played, each a list of items."""
    match step.value:
        case AskValue(prompt=prompt, no_input=no_input, no_match=no_match):
            again = {f"reprompt.no_input[{number}]": items for number, items in enumerate(no_input)}
            again |= {f"reprompt.no_match[{number}]": items for number, items in enumerate(no_match)}
            return {"prompt": prompt, **again}
        case ApiValue(params={"play": list(items)}) if step.verb == "play":
            return {"play": items}
        case FetchValue(filler=filler) if filler is not None:
            return {"filler": filler.play.get("play", [])}
    return {}


def heard(items: Sequence[Tree]) -> str:
    """The words."""
    texts = (_params(item).get("text") for item in items if _type(item) == "tts")
    return squeezed(" ".join(str(text) for text in texts if text))


def sounds(items: Sequence[Tree]) -> str:
    """The same without the words: pauses, audio files, voices."""
    return ", ".join(_sound(item) for item in items)


def _sound(item: Tree) -> str:
    params = {name: value for name, value in _params(item).items() if name != "text"}
    return " ".join([_type(item).replace("tts", "words"), *(f"{name}={value}" for name, value in params.items())])


def _type(item: Tree) -> str:
    return str(item.get("type", "")) if isinstance(item, dict) else ""


def _params(item: Tree) -> dict[str, Any]:
    found = written(item.get("params", {})) if isinstance(item, dict) else {}
    return found if isinstance(found, dict) else {}


def settings(step: Step) -> Mapping[str, str]:
    """All that is left of a step, by the names that its author gave."""
    common = {"background": step.background or None, "until": step.until, "deadline_ms": step.deadline_ms or None}
    if isinstance(step.value, AskValue) and step.value.secrecy:
        common[step.value.secrecy] = True
    visits = {"visits.max": step.visits.max} if step.visits is not None else {}
    own = {name: value for name, value in _fields(step.value).items() if name not in _APART}
    if step.verb == "play" and isinstance(own.get("params"), dict):
        own["params"] = {name: value for name, value in own["params"].items() if name != "play"}
    if isinstance(step.value, FetchValue) and step.value.filler is not None:
        own["filler.after_ms"] = step.value.filler.after_ms
    found = flat({**common, **visits, **own})
    return {known: value for name, value in found.items() if (known := _authors(step, name))}


def _authors(step: Step, name: str) -> str:
    """What its author calls it; nothing for what no author has written: the SWML around a `connect`."""
    if step.verb == "connect" and name.startswith("swml."):
        return name.removeprefix(_CONNECT) if name.startswith(_CONNECT) else ""
    if step.verb == "connect" and name == "connect":
        return ""
    if name.startswith("accept.") and isinstance(step.value, AskValue) and _is_alone(step.value.accept):
        return "accept"
    return name.removeprefix("record.audio.")


def _is_alone(accept: Accept | None) -> bool:
    """Is it a pattern, and no more?"""
    return accept is not None and accept.condition is None and not (accept.digits and accept.speech)


def flat(value: Any) -> Mapping[str, str]:
    """The leaves of a tree by their dotted paths; what is not set is left out."""
    return dict(_leaves("", value))


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Struct):
        value = _fields(value)
    if isinstance(value, Mapping):
        for name, one in value.items():
            inner = path if not path and name in _VALUES else f"{path}.{name}".removeprefix(".")
            yield from _leaves(inner, one)
    elif isinstance(value, list | tuple) and any(isinstance(one, Mapping | Struct | list | tuple) for one in value):
        for number, one in enumerate(value):
            yield from _leaves(f"{path}[{number}]", one)
    elif isinstance(value, list | tuple):
        yield from ((path, ", ".join(map(_leaf, value))),) if value else ()
    elif value is not None and value != "":
        yield (path.removesuffix("_ms"), durations.written(value)) if path.endswith("_ms") else (path, _leaf(value))


def _leaf(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, TextTemplate):
        return value.source
    return squeezed(str(getattr(value, "source", value)))


def _fields(value: Struct) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def squeezed(text: str) -> str:
    return " ".join(text.split())
