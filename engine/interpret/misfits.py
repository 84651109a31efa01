"""Does a state fit the flow that it is said to stand in? One that the interpreter has made always does; one of a damaged
journal, or of files that were mixed up, may decode and yet mean nothing."""

from collections.abc import Iterator

from engine.model.graph import FlowGraph
from engine.model.state import Away, Calling, Frame, Operating, RunState


def misfits(graph: FlowGraph, state: RunState) -> Iterator[str]:
    """What of the state has no place in the flow, each in words; nothing for one that a run may go on from."""
    if state.digest != graph.digest:
        yield f"it is of another version of `{graph.flow}`"
        return
    for frame in state.callers:
        if not isinstance(frame.doing, Calling):
            yield f"a flow was called from the step `{frame.step}`, which calls none"
        yield from _frame(graph, state, frame)
    yield from _frame(graph, state, state.frame)
    waits_for = state.frame.doing.control_id if isinstance(state.frame.doing, Operating | Away) else None
    if waits_for is not None and waits_for not in state.operations:
        yield f"it waits for the operation `{waits_for}`, which it has not begun"
    for op in state.operations.values():
        if op.flow and op.flow not in graph.subflows:
            yield f"its operation `{op.control_id}` is of the flow `{op.flow}`, which is none that `{graph.flow}` calls"
        elif op.step not in graph.flow_of(op.flow).steps:
            yield f"its operation `{op.control_id}` is of the step `{op.step}`, which is none of its flow's"


def _frame(graph: FlowGraph, state: RunState, frame: Frame) -> Iterator[str]:
    if frame.subflow and frame.subflow not in graph.subflows:
        yield f"it stands in the flow `{frame.subflow}`, which is none that `{graph.flow}` calls"
        return
    flow = graph.flow_of(frame.subflow)
    if frame.step not in flow.steps and (frame.step or state.status == "running"):
        yield f"it stands at the step `{frame.step}`, which is none of `{flow.flow}`"
    for one in frame.interrupted:
        if one.step not in flow.steps:
            yield f"it is to go back to the step `{one.step}`, which is none of `{flow.flow}`"
    for kind, given, declared in (("variable", frame.vars, flow.vars), ("input", frame.inputs, flow.inputs)):
        for name in given.keys() - declared.keys():
            yield f"it has the {kind} `{name}`, which is none of `{flow.flow}`"
