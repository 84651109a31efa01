"""Conditions that always say the same."""

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any

from engine.model.graph import BranchValue, Expression, ExpressionFailed, FlowGraph, SetValue


def fixed(graph: FlowGraph) -> Mapping[str, Any]:
    """Variables that keep their initial value, with it."""
    values = [step.value for step in graph.steps.values()]
    assigned = {name for value in values if isinstance(value, SetValue) for name in value.assignments}
    return {
        f"vars.{name}": one.default
        for name, one in graph.vars.items()
        if name not in assigned and one.default is not None
    }


def decided(graph: FlowGraph) -> frozenset[str]:
    """The names in conditions of a `branch` that always say the same."""
    known = fixed(graph)
    cases = [
        case for step in graph.steps.values() if isinstance(step.value, BranchValue) for case, _ in step.value.cases
    ]
    return frozenset(name for one in cases if constant(one, known) is not None for name in one.names)


def constant(condition: Expression, known: Mapping[str, Any]) -> bool | None:
    """What it always says; None where that depends on something."""
    if not all(name in known for name in condition.names):
        return None
    try:
        value = condition.evaluate(known.__getitem__)
    except (ExpressionFailed, KeyError):
        return None
    return value if isinstance(value, bool) else None


Range = tuple[int | float | bool, ...]
"""All that a variable ever is."""
_MOST = 64


def ranges(graph: FlowGraph) -> Mapping[str, Range]:
    """Numbers and truth values that steps set to nothing but constants, or to nothing at all, with all that they ever are."""
    found: dict[str, list[Any]] = {
        f"vars.{name}": [one.default]
        for name, one in graph.vars.items()
        if isinstance(one.default, int | float) and not one.required
    }
    for step in graph.steps.values():
        for name, right in step.value.assignments.items() if isinstance(step.value, SetValue) else ():
            value = _value(right)
            if value is None:
                found.pop(f"vars.{name}", None)
            elif f"vars.{name}" in found:
                found[f"vars.{name}"].append(value)
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}


def always(condition: Expression, known: Mapping[str, Range]) -> bool | None:
    """What it says whichever of their values its names have; None where that is not always the same."""
    if not condition.names or not all(name in known for name in condition.names):
        return None
    values = [known[name] for name in condition.names]
    if prod(map(len, values)) > _MOST:
        return None
    found = {constant(condition, dict(zip(condition.names, each, strict=True))) for each in product(*values)}
    return found.pop() if len(found) == 1 else None


def _value(right: Expression) -> Any:
    """A constant's; None where it depends on something, or is no number."""
    try:
        value = None if right.names else right.evaluate(_unknown)
    except (ExpressionFailed, KeyError):
        return None
    return value if isinstance(value, int | float) else None


def _unknown(name: str) -> Any:
    raise KeyError(name)
