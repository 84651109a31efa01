"""What of the platform makes a difference to what may follow: its calls, and what is live on them."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from msgspec.structs import replace

from engine.exchange.live import AnyOperation, Detection, Playback, Recording, Service
from engine.exchange.state import Call
from engine.exchange.state import Step as Due
from engine.model.graph import ExcursionValue, Expression, FlowGraph, LeaveValue, Step
from engine.model.ids import ControlId
from engine.model.state import Operation, RunState
from engine.simulate import idle
from engine.simulate.explore import relative
from engine.simulate.explore.reads import Reads
from engine.simulate.explore.situation import Situation
from engine.simulate.explore.used import names
from engine.wire.swml import parks


class Platform:
    """For one flow. SWML's variables count if SWML that the flow's author has written may read them."""

    def __init__(self, graph: FlowGraph, reads: Mapping[str, Reads], also: tuple[Expression, ...] = ()) -> None:
        self._reads = reads
        self._longest_ms = graph.limits.call_ms
        flows = (graph, *graph.subflows.values())
        every = [step.value for flow in flows for step in flow.steps.values()]
        written = [one.params for one in every if _writes_swml(one)]
        self._swml = str(written)
        self._set = set(_sets(written))
        self._writes = {one.verb for flow in flows for one in flow.steps.values() if _writes_swml(one.value)}
        self._taken = {name for one in every if isinstance(one, ExcursionValue) for name in one.returns}
        self._comes_back = {step.verb for flow in flows for step in flow.steps.values() if _is_away(step)}
        read = [*(name for one in every for name in names(one)), *(name for one in also for name in one.names)]
        self._measured = {name.split(".")[1] for name in read if name.endswith((".duration", ".size"))}

    def seen(self, at: Situation) -> tuple[Any, ...]:
        run = at.run
        calls = (one for one in at.exchange.calls.values() if not one.is_over or _is_own(one, run))
        return (
            [self._call(call, run, at.now_ms) for call in calls],
            [(one.due_ms, one.held, one.kind, one.body) for one in at.exchange.outbox],
            [replace(one, at_ms=0) for one in at.exchange.callees.values()] if run.status == "dialing" else (),
        )

    def _call(self, call: Call, run: RunState, now_ms: int) -> tuple[Any, ...]:
        runs_swml = bool(call.script or call.left or call.frames)
        return (
            _is_own(call, run),
            call.to,
            call.state,
            call.end_reason,
            [self._operation(one, run, now_ms) for one in call.operations],
            _steps(call, run),
            call.script,
            call.section,
            call.frames,
            (call.params, call.hops, call.jumps) if runs_swml else (),
            call.vars if runs_swml else self._read_later(call.vars, run),
            call.document if call.script or call.operations else None,
            call.left,
            call.away,
            call.fetch is not None,
            (call.detected, call.signs, call.answered_ms) if self._detects(run) else (),
            self._log(call, run),
        )

    def _log(self, call: Call, run: RunState) -> dict[str, list[tuple[str, Any]]]:
        """What a look-up would tell the run that it has not heard, by operation."""
        live = {str(one.control_id): one for one in run.operations.values() if one.phase != "over"}
        since_ms = min((one.began_ms for one in live.values()), default=run.at_ms)
        found: dict[str, list[tuple[str, Any]]] = {}
        for entry in reversed(call.log) if live else ():
            if entry.at_ms < since_ms:
                break
            op = live.get(entry.details.get("control_id", ""))
            if op is not None and _is_news(op, entry.name.rpartition(".")[2]):
                found.setdefault(op.control_id, []).append((entry.name, self._details(op, entry.details)))
        return found

    def _details(self, op: Operation, details: dict[str, Any]) -> dict[str, Any]:
        reads = self._reads[op.flow]
        if not reads.is_alone(op.step):
            return details
        read = {*reads.fields(op.step), *_STANDS}
        return {name: value for name, value in details.items() if name in read}

    def _read_later(self, given: Mapping[str, Any], run: RunState) -> dict[str, Any]:
        """What SWML sets itself, it sets before it reads it; so does the platform with its results, also for the run. SWML that
        no way comes to any more reads nothing. Else the run takes from SWML's variables only what a step names."""
        taken = self._taken if self._may_come_to(run, self._comes_back) else ()
        swml = self._swml if self._may_come_to(run, self._writes) else ""
        own = {name: value for name, value in given.items() if not name.endswith("_result") and name not in self._set}
        kept = {name: value for name, value in own.items() if name in swml}
        return kept | {name: value for name, value in given.items() if name in taken}

    def _detects(self, run: RunState) -> bool:
        return "detect" in self._swml or self._may_come_to(run, {"detect"})

    def _may_come_to(self, run: RunState, verbs: set[str]) -> bool:
        if not verbs:
            return False
        frames = (*run.callers, run.frame)
        return any(self._reads[one.subflow].may_come_to(one.step, verb) for verb in verbs for one in frames)

    def _operation(self, one: AnyOperation, run: RunState, now_ms: int) -> AnyOperation:
        """Of a playback counts how long it still is, not what is heard; nor does what a service has heard; nor how long
        something has gone on for, unless the flow is to know it. When something ends by itself counts roughly if nothing is
        asked of it any more, or if it may be longer than the call."""
        one = replace(one, status_url="")
        if isinstance(one, Playback):
            return _playback(one)
        if isinstance(one, Service):
            one = replace(one, told={}, words=())
        if isinstance(one, Recording) and one.full_ms is not None:
            off_ms = one.full_ms - now_ms
            if off_ms > self._longest_ms or not self._is_asked_for(one.control_id, run):
                one = replace(one, full_ms=relative.about(off_ms))
        if isinstance(one, Detection) and not one.signs and not self._is_asked_for(one.control_id, run):
            return replace(one, began_ms=0, ends_ms=relative.about(one.ends_ms - now_ms))
        if isinstance(one, Service | Recording) and not self._is_measured(one.control_id):
            return replace(one, began_ms=0, **({"skipped_ms": 0} if isinstance(one, Recording) else {}))
        return one

    def _is_asked_for(self, control_id: str, run: RunState) -> bool:
        """Of what goes on beside the step: may the flow still do something with it, or read what came of it?"""
        op = run.operations.get(ControlId(control_id))
        frame = None if op is None else next((one for one in (*run.callers, run.frame) if one.number == op.frame), None)
        if op is None or frame is None or not op.background:
            return True
        return self._reads[frame.subflow].may_ask_for(frame.step, op.step)

    def _is_measured(self, control_id: str) -> bool:
        return any(step in control_id.split(".") for step in self._measured)


def _writes_swml(value: Any) -> TypeGuard[LeaveValue | ExcursionValue]:
    """Has the flow's author written SWML here, which may read what SWML before has left?"""
    return (isinstance(value, LeaveValue) and value.reason == "redirected") or (
        isinstance(value, ExcursionValue) and not value.connect
    )


_STANDS = ("state", "type", "final")
"""What says how an operation stands, among the details of what is logged of it."""


def _is_away(step: Step) -> bool:
    """Is the run told at its end what SWML has in its variables?"""
    return isinstance(step.value, ExcursionValue)


def _steps(call: Call, run: RunState) -> tuple[Due, ...]:
    """A dialled call's document is over after everything that the run's limit allows."""
    parked = not call.script and parks(call.document) and "call" in run.timers
    return tuple(one for one in call.steps if not (parked and one.what == "script"))


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


def _playback(one: Playback) -> Playback:
    if one.item is None or not all(item.duration_ms for item in one.items):
        return one
    if one.loops is None:
        return replace(one, items=(), item=0, item_ends_ms=None, left_ms=0)
    rest = (*one.items[one.item + 1 :], *(one.items * one.loops))
    rest_ms = one.left_ms + sum(item.duration_ms for item in rest)
    ends_ms = None if one.item_ends_ms is None else one.item_ends_ms + rest_ms
    return replace(
        one, items=(), item=0, loops=0, item_ends_ms=ends_ms, left_ms=rest_ms if one.paused or one.resumes else 0
    )


def _is_news(op: Operation, mark: str) -> bool:
    return mark not in op.seen and (op.phase == "requested" or idle.matters(op, mark))
