"""A flow without budgets of visits and steps: in an exploration these are used up by a move of their own (`worn`).

Else a situation that is reached late would differ from the same one reached early by what is left of them, and loops
would have to be gone through as often as the flow allows.
"""

from msgspec.structs import replace

from engine.model.graph import FlowGraph, Step

PLENTY = 10_000
"""More than any way of a search has; and few enough that a loop in which nothing is waited for comes to its end."""


def endless(graph: FlowGraph, counted: int = 0) -> FlowGraph:
    """Steps that allow no more than so many visits keep this budget of their own."""
    return replace(
        graph,
        limits=replace(graph.limits, visits=PLENTY, steps=PLENTY),
        steps={name: _endless(step, counted) for name, step in graph.steps.items()},
        subflows={name: endless(inner, counted) for name, inner in graph.subflows.items()},
    )


def _endless(step: Step, counted: int) -> Step:
    own = step.visits
    return step if own is None or own.max <= counted else replace(step, visits=replace(own, max=PLENTY))


def counts(step: Step) -> bool:
    """Has it kept its budget?"""
    return step.visits is not None and step.visits.max < PLENTY
