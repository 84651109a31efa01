"""When are two situations the same? When whatever may follow the one may follow the other.

`of` gives the same bytes for both then. These differ without making a difference, and are left out or made relative:

times, ids  as `relative.py` says
numbers     of visits, frames and commands: only which is which counts
values      that no expression on some way on reads; of those that are only told, all but whether they are there (`reads.py`)
operations  of the platform that nobody asks for again: its log of them, what an excursion has left behind
budgets     visits and steps so far, and the call's time, until they are used up: each loop is gone through until its
            situations repeat, and the ways on which a budget is used up are moves of their own (`moves.Limit`, `worn`)

Strings are compared by their bytes after encoding, in which ids and times are replaced; nothing is decoded again.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec.structs import replace

from engine.model.commands import SendCommand
from engine.model.events import OperationReported
from engine.model.graph import Expression, FlowGraph
from engine.model.limits import LANDING_GRACE_MS
from engine.model.state import Asking, Away, Fetching, Frame, HangingUp, Operation, Ordering, RunState, Silencing
from engine.simulate.explore import idle, reads, relative
from engine.simulate.explore.outside import Platform
from engine.simulate.explore.reads import Reads
from engine.simulate.explore.situation import Situation

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class Likeness:
    """Of the situations of one flow. `also` are conditions that are looked at when a run is over."""

    def __init__(self, graph: FlowGraph, also: tuple[Expression, ...] = ()) -> None:
        self._reads = reads.of(graph, also)
        self._platform = Platform(graph, self._reads)

    def of(self, at: Situation) -> bytes:
        return blake2b(self.written(at), digest_size=16).digest()

    def written(self, at: Situation) -> bytes:
        run, sent = at.run, at.sent
        ranks = {command.seq: rank for rank, command in enumerate(run.pending)}
        body = (
            *_run(at, self._reads, ranks),
            self._platform.seen(at),
            (at.left.faults, at.left.slow, at.left.signals, at.left.limits, at.held, at.acted),
            [ranks.get(one.seq, -1) if ranks else _bare(one) for one in at.waiting],
            at.ready_ms if at.can_send else 0,
            None
            if sent is None
            else (
                ranks.get(sent.attempt.command.seq, -1),
                sent.due_ms if sent.read is None or sent.due_ms > at.now_ms else 0,
                sent.slow,
                sent.attempt.number,
                sent.attempt.first_ms if sent.attempt.number else 0,
                sent.attempt.doubt is not None,
                None if sent.read is None else (sent.read.answer.kind, sent.read.answer.code),
            ),
            [(one.since_ms, one.slow, _named(one.event), one.question and one.question.url) for one in at.flying],
            [(one.name, one.due_ms, ranks.get(one.command.seq, -1)) for one in at.asked],
        )
        return _relative(_encode(body), at) + self._values(run)

    def face(self, at: Situation) -> bytes:
        """What a flow's author would see: where the run stands and what it knows."""
        run = at.run
        seen = (
            run.status,
            run.end_reason,
            run.call.state,
            [(one.flow, one.step) for one in (*run.callers, run.frame)],
            run.signal,
            type(run.frame.doing).__name__,
        )
        return blake2b(_relative(_encode(seen), at) + self._values(run), digest_size=8).digest()

    def _values(self, run: RunState) -> bytes:
        return b"".join([self._reads[one.subflow].kept(one) for one in (*run.callers, run.frame)])


def _run(at: Situation, read: Mapping[str, Reads], ranks: dict[int, int]) -> tuple[Any, ...]:
    run = at.run
    depths = {frame.number: depth for depth, frame in enumerate((*run.callers, run.frame))}
    timers = run.timers
    if timers.get("call", 0) > at.now_ms + LANDING_GRACE_MS:
        timers = {name: due_ms for name, due_ms in timers.items() if name != "call"}
    looking = run.looking_up
    return (
        run.status,
        run.end_reason,
        (run.call.state, run.call.end_reason, bool(run.call.call_id)),
        [_frame(one, read[one.subflow], ranks) for one in (*run.callers, run.frame)],
        [_operation(op, ranks, depths) for op in run.operations.values()],
        [_bare(one) for one in run.pending],
        timers,
        run.signals,
        run.signal,
        run.landing,
        None if looking is None else looking.asking,
    )


def _frame(frame: Frame, mine: Reads, ranks: dict[int, int]) -> tuple[Any, ...]:
    doing = frame.doing
    if isinstance(doing, Ordering | Fetching | HangingUp):
        doing = replace(doing, seq=ranks.get(doing.seq, -1) if doing.seq else 0)
    elif isinstance(doing, Away):
        doing = replace(doing, left_ms=0)
    elif isinstance(doing, Silencing):
        doing = replace(doing, orders={op: ranks.get(seq, -1) for op, seq in doing.orders.items()})
    elif isinstance(doing, Asking):
        doing = replace(doing, collect="", play="" if doing.play else None)
    interrupted = frame.interrupted if mine.resumes else ()
    return (frame.flow, frame.step, frame.handled, doing, interrupted, frame.leaving)


def _operation(op: Operation, ranks: dict[int, int], depths: dict[int, int]) -> Operation:
    marks = tuple(sorted(mark for mark in op.seen if idle.matters(op, mark))) if op.seen else ()
    frame = depths.get(op.frame, -1)
    ends_ms = op.ends_ms.bit_length()
    return replace(op, seq=ranks.get(op.seq, -1), frame=frame, visit=0, began_ms=0, ends_ms=ends_ms, seen=marks)


def _bare(command: Any) -> Any:
    if isinstance(command, SendCommand):
        params = command.params if command.command != "calling.play" else None
        return (command.command, command.control_id, command.not_after_ms, params)
    return type(command).__name__


def _named(event: Any) -> Any:
    """A webhook's extra fields are for the record alone."""
    return replace(event, extra={}) if isinstance(event, OperationReported) else event


def _relative(data: bytes, at: Situation) -> bytes:
    visits = {str(one.number).encode(): one.visits for one in (*at.run.callers, at.run.frame)}
    return relative.moments(relative.ids(data, visits), at.now_ms)
