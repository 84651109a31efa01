"""What of the platform makes a difference to what may follow: its calls, and what is live on them."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from engine.exchange.live import AnyOperation, Playback, Service
from engine.exchange.state import Call
from engine.model.graph import ExcursionValue, FlowGraph, LeaveValue
from engine.model.state import Operation, RunState
from engine.simulate.explore import idle
from engine.simulate.explore.reads import Reads
from engine.simulate.explore.situation import Situation


class Platform:
    """For one flow. SWML's variables count if SWML that the flow's author has written may read them."""

    def __init__(self, graph: FlowGraph, reads: Mapping[str, Reads]) -> None:
        self._reads = reads
        flows = (graph, *graph.subflows.values())
        every = [step.value for flow in flows for step in flow.steps.values()]
        written = [
            one.params
            for one in every
            if isinstance(one, LeaveValue) or (isinstance(one, ExcursionValue) and not one.connect)
        ]
        self._swml = str(written)
        self._set = set(_sets(written))

    def seen(self, at: Situation) -> tuple[Any, ...]:
        run = at.run
        calls = (one for one in at.exchange.calls.values() if not one.is_over or _is_own(one, run))
        return (
            [self._call(call, run) for call in calls],
            [(one.due_ms, one.kind, one.body) for one in at.exchange.outbox],
        )

    def _call(self, call: Call, run: RunState) -> tuple[Any, ...]:
        runs_swml = bool(call.script or call.left or call.frames)
        return (
            _is_own(call, run),
            call.to,
            call.state,
            call.end_reason,
            [_operation(one) for one in call.operations],
            call.steps,
            call.script,
            call.section,
            call.frames,
            call.vars if runs_swml else self._read_later(call.vars),
            call.document if call.script or call.operations else None,
            call.left,
            call.away,
            call.fetch is not None,
            call.detected if self._detects(run) else "",
            _log(call, run),
        )

    def _read_later(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What SWML sets itself, it sets before it reads it; so does the platform with its results."""
        own = {name: value for name, value in given.items() if not name.endswith("_result") and name not in self._set}
        return {name: value for name, value in own.items() if name in self._swml}

    def _detects(self, run: RunState) -> bool:
        return any(self._reads[one.subflow].may_come_to(one.step, "detect") for one in (*run.callers, run.frame))


def _is_own(call: Call, run: RunState) -> bool:
    return call.call_id == run.call.call_id


def _sets(tree: Any) -> Iterator[str]:
    """The variables that SWML sets."""
    if isinstance(tree, Mapping):
        for key, one in tree.items():
            yield from one if key == "set" and isinstance(one, Mapping) else _sets(one)
    elif isinstance(tree, list | tuple):
        for one in tree:
            yield from _sets(one)


def _operation(one: AnyOperation) -> AnyOperation:
    """Of a playback counts how long it still is, not what is heard; nor does what a service has heard."""
    if isinstance(one, Service):
        return replace(one, status_url="", told={}, words=())
    if not isinstance(one, Playback) or one.item is None:
        return replace(one, status_url="")
    left_ms = one.left_ms + sum(item.duration_ms for item in one.items[one.item + 1 :])
    ends_ms = None if one.item_ends_ms is None else one.item_ends_ms + left_ms
    return replace(one, status_url="", items=(), item=0, item_ends_ms=ends_ms, left_ms=left_ms.bit_length())


def _log(call: Call, run: RunState) -> dict[str, list[tuple[str, Any]]]:
    """What a look-up would tell the run that it has not heard, by operation."""
    live = {str(one.control_id): one for one in run.operations.values() if one.phase != "over"}
    since_ms = min((one.began_ms for one in live.values()), default=run.at_ms)
    found: dict[str, list[tuple[str, Any]]] = {}
    for entry in reversed(call.log) if live else ():
        if entry.at_ms < since_ms:
            break
        control = entry.details.get("control_id")
        if control in live and _is_news(live[control], entry.name.rpartition(".")[2]):
            found.setdefault(control, []).append((entry.name, entry.details))
    return found


def _is_news(op: Operation, mark: str) -> bool:
    return mark not in op.seen and (op.phase == "requested" or idle.matters(op, mark))
