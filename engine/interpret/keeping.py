"""What a run keeps of steps that are over: what one that may still come asks for (`engine.model.graph.Kept`)."""

from typing import Any

from engine.model.graph import FlowGraph
from engine.model.ids import StepName
from engine.model.state import Operation
from engine.model.verbs import FAILURES

Results = dict[str, dict[str, Any]]


def with_result(flow: FlowGraph, results: Results, step: StepName, result: dict[str, Any]) -> Results:
    """The step has ended again: all of its older result is replaced."""
    if flow.kept is None:
        return {**results, step: _whole(result)}
    fields = flow.kept.fields.get(step)
    if fields is None:
        return results
    found = {name: value for name, value in _whole(result).items() if name in fields}
    if found:
        return {**results, step: found}
    return {name: one for name, one in results.items() if name != step} if step in results else results


def read_later(flow: FlowGraph, results: Results, entered: StepName) -> Results:
    """What is still read when the step is entered."""
    if flow.kept is None:
        return results
    later = flow.kept.results
    return {name: one for name, one in results.items() if later.wants(StepName(name), entered)}


def is_forgotten(flow: FlowGraph, op: Operation, entered: StepName) -> bool:
    """Is there no step to come that could ask for an operation of the flow?"""
    return flow.kept is not None and not flow.kept.handles.wants(op.step, entered)


def _whole(result: dict[str, Any]) -> dict[str, Any]:
    """What expressions find under `steps.<step>`; a failure always has a code and a message."""
    failed = result["outcome"] in FAILURES
    return {"code": result["outcome"], "message": "", **result} if failed else result
