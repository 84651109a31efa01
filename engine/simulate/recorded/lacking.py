"""What a recorded call did not have, and a candidate needs: it cannot be held against it then."""

from engine.expr import cel_type_of
from engine.model.events import CallArrived, RunRequested
from engine.model.graph import FlowGraph
from engine.simulate.recorded.recording import Recording


def lacking(recording: Recording, graph: FlowGraph, candidate: FlowGraph) -> str:
    """In words; empty: nothing. `graph` is the version of the call."""
    first = recording.events[0]
    assert isinstance(first, CallArrived | RunRequested)
    if candidate.flow != recording.flow:
        return f"the call was `{recording.flow}`'s, and the candidate is `{candidate.flow}`"
    if isinstance(first, RunRequested) != (candidate.outbound is not None):
        was, now = ("calls", "is called") if isinstance(first, RunRequested) else ("is called", "calls")
        return f"the flow {was} in the version of the call, and {now} in the candidate"
    given = first.inputs
    for name, one in candidate.inputs.items():
        if name not in given:
            if one.required:
                new = "is new" if name not in graph.inputs else "is required now"
                return f"the input `{name}` {new}, and the call was not given it"
        elif not one.handle and cel_type_of(given[name]) not in (one.type, *(("int",) if one.type == "double" else ())):
            return f"the input `{name}` is of type {one.type} now, and the call was given another"
    missing = [name for name in candidate.uses if name not in recording.uses]
    if missing:
        return f"`uses.{missing[0]}` is new, and the call was bound to nothing of that name"
    return ""
