"""What of a run is not shown: the answers to its secret and private questions, and what may repeat them."""

from collections.abc import Mapping
from typing import Any

from engine.model import marks
from engine.model.graph import AskValue, FlowGraph
from engine.model.ids import ControlId, op_of

_TOLD = ("value", "digits", "text")


def fields(graph: FlowGraph, control_id: ControlId, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a report as they may be shown."""
    if not graph.sealed or not is_hidden(graph, control_id):
        return given
    return {name: marks.MASK if name in _TOLD and value else value for name, value in given.items()}


def message(graph: FlowGraph, text: str) -> str:
    """What the platform says of a command, which may repeat what was in it."""
    return marks.MASK if graph.sealed and text else text


def is_hidden(graph: FlowGraph, control_id: ControlId) -> bool:
    """Does the operation belong to such a question? Of a subflow's steps the name alone counts, in whichever flow."""
    frame, _, rest = op_of(control_id).partition(".")
    step = rest.rpartition(".")[0].rpartition(".")[0].rpartition(".")[0]
    flows = [graph] if frame == "0" else list(graph.subflows.values())
    values = [flow.steps[step].value for flow in flows if step in flow.steps]
    return any(isinstance(value, AskValue) and bool(value.secrecy) for value in values)
