"""The interpreter alone: what one event costs without HTTP, journal or process."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from engine.compile import compile_bundle
from engine.interpret import advance, start
from engine.model import codec
from engine.model.bundle import Bundle
from engine.model.events import CallArrived, CommandAnswered, OperationReported
from engine.model.graph import FlowGraph
from engine.model.ids import CallId
from engine.model.state import Operating, RunState
from tests.bench import flows

_TIMES = 200
_BATCHES = 40
_NOON_MS = 1_790_000_000_000
_ROUNDS = 20
"""Rounds that the run has behind it, so that its state is a typical one."""


def measure() -> dict[str, float]:
    """Medians in microseconds of CPU time, and the size of a run's state."""
    graph = _graph()
    state = _state(graph)
    event = _finished(state)
    data = codec.encode(state)
    return {
        "advance_us_median": _us(lambda: advance(graph, state, event)),
        "encode_state_us_median": _us(lambda: codec.encode(state)),
        "decode_state_us_median": _us(lambda: codec.decode_state(data)),
        "state_bytes": len(data),
    }


def _graph() -> FlowGraph:
    compiled = compile_bundle(Bundle(flow="loop", files={"loop.flow.yaml": flows.LOOP.encode()}))
    assert compiled.graph is not None, compiled.diagnostics
    return compiled.graph


def _state(graph: FlowGraph) -> RunState:
    """A run that is being spoken to, its command accepted."""
    arrived = CallArrived(at_ms=_NOON_MS, call_id=CallId("c" * 36), to="+15550101", from_="+15550142", node_id="bench")
    state = start(graph, arrived).state
    for _ in range(_ROUNDS):
        state = _answered(graph, state)
        state = advance(graph, state, _finished(state)).state
    return _answered(graph, state)


def _answered(graph: FlowGraph, state: RunState) -> RunState:
    answer = CommandAnswered(at_ms=state.at_ms + 50, seq=state.seq, kind="accepted", http_status=200)
    return advance(graph, state, answer).state


def _finished(state: RunState) -> OperationReported:
    doing = state.frame.doing
    assert isinstance(doing, Operating)
    return OperationReported(at_ms=state.at_ms + 3000, control_id=doing.control_id, verb="play", mark="finished")


def _us(work: Callable[[], Any]) -> float:
    return round(statistics.median(batches_us(work)), 1)


def batches_us(work: Callable[[], Any]) -> list[float]:
    """Microseconds of CPU time for each, batch by batch."""
    took = []
    for _ in range(_BATCHES):
        began = time.process_time()
        for _ in range(_TIMES):
            work()
        took.append((time.process_time() - began) / _TIMES * 1e6)
    return took
