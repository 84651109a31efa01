"""What is said of a name of the author's: its type, where it comes from, and where it may be unset."""

from engine.compile.paths import unset_before
from engine.editing.document import Document
from engine.editing.expressions import types_at
from engine.editing.known import Place, declared_as, names
from engine.editing.occurrences import Occurrence, occurrences
from engine.editing.steps import about_step
from engine.editing.ways import ways_in, ways_out
from engine.model.graph import FlowGraph
from engine.model.ids import StepName

_SECTIONS = {"variable": "vars", "input": "inputs", "use": "uses"}
_MOST = 8
_NAMED = {"swml": "`flows/swml/{}`", "subflow": "`flows/lib/{}.flow.yaml`", "flow": "`flows/{}.flow.yaml`"}
"""What a name of a file stands for."""


def about_occurrence(place: Place, one: Occurrence) -> str:
    if one.kind == "step":
        return _step(place, one.name)
    if one.kind in _SECTIONS:
        return about_name(place, f"{_SECTIONS[one.kind]}.{one.name}")
    if one.kind == "field":
        return about_name(place, f"signal.{one.name}")
    if one.kind in _NAMED:
        return _NAMED[one.kind].format(one.name)
    found = next((known for known in names(one.kind, place) if known.name == one.name), None)
    return f"**{one.name}** ({one.kind}: {found.detail})" if found else ""


def about_name(place: Place, name: str) -> str:
    """Of a dotted name of expressions."""
    space, _, rest = name.partition(".")
    if space == "steps" and rest and "." not in rest:
        return _step(place, rest)
    kind = types_at(place).get(name)
    declared = _declared(place, space, rest)
    if kind is None and not declared:
        return ""
    parts = [f"`{name}`: {declared or kind}"]
    if space == "vars":
        parts += _set_by(place.document, rest)
    if space in ("vars", "steps", "signal"):
        parts += _unset(place.document.graph, name)
    return "\n\n".join(parts)


def _declared(place: Place, space: str, rest: str) -> str:
    declared = place.survey.declared if place.survey else None
    section = getattr(declared, space, {}) if space in _SECTIONS.values() else {}
    if rest not in section:
        return ""
    bound = place.document.beside.bound.get(rest, ()) if section[rest].calendar else ()
    return declared_as(section[rest]) + (f", bound to {', '.join(f'`{one}`' for one in bound)}" if bound else "")


def _step(place: Place, name: str) -> str:
    step = place.survey.scope.steps.get(name) if place.survey else None
    found = occurrences(_flow_of(place.document))
    parts = [f"**{name}** ({step.verb.name})\n\n{about_step(step)}" if step else f"**{name}**"]
    into, out = ways_in(found, name), ways_out(found, name)
    parts.append(f"From: {_few(into)}." if into else "Nothing leads here.")
    if out:
        parts.append(f"To: {_few([f'`{to}` ({by})' if by else f'`{to}`' for by, to in out])}.")
    return "\n\n".join(parts)


def _flow_of(document: Document) -> Document:
    """The steps of a test file and of SWML are those of their flow."""
    if document.kind == "flow" or document.survey is None:
        return document
    return Document("flow", document.survey.report.source.text, bundle=document.bundle, late=document.late)


def _set_by(document: Document, name: str) -> list[str]:
    found = [one for one in occurrences(_flow_of(document)) if one.symbol == ("variable", name)]
    steps = dict.fromkeys(f"`{one.path[1]}`" for one in found if one.path[2:3] == ("set",) and not one.reads)
    return [f"Set by: {_few(list(steps))}."] if steps else []


def _unset(graph: FlowGraph | None, name: str) -> list[str]:
    space, _, rest = name.partition(".")
    known = graph is not None and (
        (space == "vars" and rest in graph.vars)
        or (space == "steps" and StepName(rest.partition(".")[0]) in graph.steps)
        or (space == "signal" and any(rest in fields for fields in graph.signals.values()))
    )
    if graph is None or not known:
        return []
    steps = unset_before(graph, name)
    return [f"May be unset in: {_few([f'`{step}`' for step in steps])}."] if steps else ["Always set."]


def _few(names: list[str]) -> str:
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more} more" if more > 0 else "")
