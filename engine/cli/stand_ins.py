"""What a flow uses and wants to be given, where nobody has bound or given it: something of its type."""

from collections.abc import Mapping
from typing import Any

from engine.model.errors import ConfigurationError
from engine.model.graph import Declared, FlowGraph
from engine.project import flows
from engine.runner.requested import from_text

DESK = "+15550142"
_DUMMIES: Mapping[str, Any] = {"string": "https://example.com", "int": 1, "double": 1.0, "bool": False}


def of_inputs(graph: FlowGraph, given: Mapping[str, str]) -> dict[str, Any]:
    """Something for each input that the flow wants and nobody gave."""
    return {
        name: f"({name})" if one.type == "string" else _DUMMIES[one.type]
        for name, one in graph.inputs.items()
        if one.required and name not in given
    }


def of_uses(graph: FlowGraph, given: Mapping[str, str], calendars: list[str], *, url: str = "") -> dict[str, Any]:
    """All `uses`: those that are given, as texts, and something for each of the others. `calendars` are the names of
    those that there are, `url` stands for every address."""
    unknown = sorted(set(given) - set(graph.uses))
    if unknown:
        raise ConfigurationError(
            f"{graph.flow} has no use `{unknown[0]}`.", help=f"It has: {', '.join(graph.uses) or 'none'}."
        )
    return {
        name: _given(name, given[name], one, calendars) if name in given else _of_use(name, one, calendars, url)
        for name, one in graph.uses.items()
    }


def _of_use(name: str, use: Declared, calendars: list[str], url: str) -> Any:
    """Of the calendars, the one that is called like the use, else the first."""
    if url and use.type == "string" and not use.calendar and not use.number:
        return url
    if not use.calendar:
        return DESK if use.number else _DUMMIES[use.type]
    if not calendars:
        raise flows.no_calendar(name)
    return name if name in calendars else calendars[0]


def _given(name: str, value: str, use: Declared, calendars: list[str]) -> Any:
    if use.calendar and value not in calendars:
        known = f"There are: {', '.join(calendars)}." if calendars else "There is none beside the flow."
        raise ConfigurationError(f"There is no calendar {value!r} for `uses.{name}`.", help=known)
    found = from_text(value, use.type)
    if found is None:
        raise ConfigurationError(f"`uses.{name}` is {use.type}, and {value!r} is none.")
    return found
