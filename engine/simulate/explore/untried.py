"""What conditions of a flow ask for that exploring gives one value, or none: its author is told, as what lies behind is not looked at.

Tried are what callers enter, what comes with replies and signals, who calls whom, `inputs` and plain `uses`, the hour, and how steps
end. The platform's own results (how long a recording is, what a detector has found) are as its model makes them, headers of calls
are never there, and SWML of an excursion asks nobody, so it brings what it sets itself.
"""

from collections.abc import Iterator, Mapping, Set

from engine.model.graph import AskValue, Expression, FetchValue, FlowGraph, SetValue, Step, SubflowValue, WaitValue
from engine.simulate.explore import handed
from engine.simulate.explore.classes import Classes
from engine.simulate.explore.used import names

_HOW_IT_ENDED = ("outcome", "code", "message")
_OF_COLLECTS = ("digits", "text", "value", "confidence", "terminator", "choice", "type")
_OF_THE_CALL = ("call.headers", "call.type")


def untried(graph: FlowGraph, also: tuple[Expression, ...], held: Set[tuple[str, str, bool]]) -> tuple[str, ...]:
    """The names, in a subflow `pin/steps.tape.duration`. `also` are conditions that are looked at when a run is over; `held` are
    the values that variables had, with the name of the subflow."""
    classes = Classes(graph, also)
    found = (
        (flow, name)
        for flow, one in handed.flows(graph).items()
        for name in dict.fromkeys(name for step in one.steps.values() for name in names(step.value))
        if _is_given(one, name) and classes.decides((flow, name))
    )
    kept = ((flow, f"vars.{name}") for flow, name in _computed(graph) if not _is_both(flow, name, held))
    every = (*found, *filter(classes.decides, kept))
    return tuple(f"{flow}/{name}" if flow else name for flow, name in every)


def _computed(graph: FlowGraph) -> Iterator[tuple[str, str]]:
    """Variables that are true or false by what something else is."""
    for flow, one in handed.flows(graph).items():
        steps = (step.value for step in one.steps.values() if isinstance(step.value, SetValue))
        every = dict.fromkeys(name for value in steps for name, given in value.assignments.items() if given.names)
        yield from ((flow, name) for name in every if one.vars[name].type == "bool")


def _is_both(flow: str, name: str, held: Set[tuple[str, str, bool]]) -> bool:
    return {(flow, name, True), (flow, name, False)} <= held


def _is_given(flow: FlowGraph, name: str) -> bool:
    """Has it one value, as the platform or the environment gives it?"""
    space, _, rest = name.partition(".")
    if space == "steps":
        step, _, field = rest.partition(".")
        return field.partition(".")[0] not in _HOW_IT_ENDED and _is_of_platform(flow.steps, step, field)
    if space == "uses":
        declared = flow.uses.get(rest)
        return declared is not None and (declared.number or declared.url)
    return name in _OF_THE_CALL


def _is_of_platform(steps: Mapping[str, Step], name: str, field: str) -> bool:
    step = steps.get(name)
    if step is None or isinstance(step.value, AskValue | FetchValue | SubflowValue):
        return False
    if isinstance(step.value, WaitValue):
        awaited = [one for one in step.value.handles if one in steps]
        return any(_is_of_platform(steps, one, field) for one in awaited)
    return not (step.verb == "collect" and field in _OF_COLLECTS)
