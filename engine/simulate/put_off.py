"""What waited until the run might be interrupted (`interpret/interrupting.py`): where it has come is up to what was under way."""

from engine.model.advance import Advance
from engine.model.graph import FlowGraph
from engine.model.state import RunState

_HOW = ("entered", "outcome", "interrupted")


def came(graph: FlowGraph, before: RunState, done: Advance) -> str:
    """How the run stood when it came, or nobody wanted it any more: the same words where that is the same place. "" where nothing
    of the kind has happened, or what was wanted is gone."""
    if not before.put_off:
        return ""
    gone = [event for event in before.put_off if event not in done.state.put_off]
    if not any(_has_come(event, done) or not _is_wanted(graph, done.state, event) for event in gone):
        return ""
    return ", ".join(f"{one.what} {one.step}#{one.visit} {one.subject}" for one in done.trace if one.what in _HOW)


def _has_come(event: str, done: Advance) -> bool:
    if event == "limit":
        return "limit" in [one.what for one in done.trace]
    return event.removeprefix("signal.") not in done.state.signals


def _is_wanted(graph: FlowGraph, run: RunState, event: str) -> bool:
    frames = (*run.callers, run.frame)
    if run.end_reason or run.call.state == "ended" or any(event in frame.handled for frame in frames):
        return False
    return event == "limit" or any(event in graph.flow_of(frame.subflow).handlers for frame in frames)
