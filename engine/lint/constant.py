"""Conditions that always say the same."""

from collections.abc import Mapping
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
