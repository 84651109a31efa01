"""What of a run is not shown: the answers to its secret and private questions, and what may repeat them."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.model import marks
from engine.model.events import AnyEvent, CallArrived, OperationReported, RunRequested
from engine.model.graph import AskValue, FlowGraph
from engine.model.ids import ControlId, op_of
from engine.model.state import RunState

_LEAST = 3
"""Characters of a value that is looked for within a text."""
TOLD = ("value", "digits", "text")
"""Fields of an answer in which it stands."""


def entered(graph: FlowGraph, run: RunState) -> frozenset[str]:
    """What was entered as a secret, of that which the run keeps; but for short entries, which stand anywhere by chance."""
    found: set[str] = set()
    for frame in (*run.callers, run.frame):
        flow = graph.flow_of(frame.subflow)
        for name, result in frame.results.items():
            value = flow.steps[name].value if name in flow.steps else None
            if isinstance(value, AskValue) and value.secrecy:
                found |= {str(result.get(field, "")) for field in ("digits", "text")}
    return frozenset(one for one in found if len(one) >= _LEAST)


def reported(graph: FlowGraph, event: AnyEvent) -> frozenset[str]:
    """What a report says of an answer to a secret or private question, but for what is short."""
    if not isinstance(event, OperationReported) or not is_hidden(graph, event.control_id):
        return frozenset()
    return frozenset(one for name in TOLD if len(one := str(event.fields.get(name, ""))) >= _LEAST)


def fields(graph: FlowGraph, control_id: ControlId, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a report as they may be shown."""
    if not graph.sealed or not is_hidden(graph, control_id):
        return given
    return {name: marks.MASK if name in TOLD and value else value for name, value in given.items()}


def message(graph: FlowGraph, text: str) -> str:
    """What the platform says of a command, which may repeat what was in it."""
    return marks.MASK if graph.sealed and text else text


def values(graph: FlowGraph, events: Iterable[AnyEvent]) -> frozenset[str]:
    """What was given of the flow's secret and private inputs, and answered to its secret and private questions."""
    if not graph.sealed:
        return frozenset()
    found: set[str] = set()
    for event in events:
        if isinstance(event, CallArrived | RunRequested):
            secret = [name for name, one in graph.inputs.items() if one.secrecy]
            found |= {str(event.inputs[name]) for name in secret if name in event.inputs}
        elif isinstance(event, OperationReported) and is_hidden(graph, event.control_id):
            found |= {str(event.fields.get(name, "")) for name in TOLD}
    return frozenset(found - {""})


def without(tree: Any, hidden: frozenset[str]) -> Any:
    """A tree without the hidden values. Within a longer text a short one is not looked for: it stands there by chance."""
    if isinstance(tree, dict):
        return {key: without(value, hidden) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [without(value, hidden) for value in tree]
    if str(tree) in hidden:
        return marks.MASK
    return in_text(tree, hidden) if isinstance(tree, str) else tree


def in_text(text: str, hidden: frozenset[str]) -> str:
    for value in sorted(hidden, key=len, reverse=True):
        text = text.replace(value, marks.MASK) if len(value) >= _LEAST else text
    return text


def answers_hidden(graph: FlowGraph, state: RunState) -> bool:
    """Is the run at such a question?"""
    step = graph.flow_of(state.frame.subflow).steps.get(state.frame.step)
    return step is not None and isinstance(step.value, AskValue) and bool(step.value.secrecy)


def is_hidden(graph: FlowGraph, control_id: ControlId) -> bool:
    """Does the operation belong to such a question? Of a subflow's steps the name alone counts, in whichever flow."""
    frame, _, rest = op_of(control_id).partition(".")
    step = rest.rpartition(".")[0].rpartition(".")[0].rpartition(".")[0]
    flows = [graph] if frame == "0" else list(graph.subflows.values())
    values = [flow.steps[step].value for flow in flows if step in flow.steps]
    return any(isinstance(value, AskValue) and bool(value.secrecy) for value in values)
