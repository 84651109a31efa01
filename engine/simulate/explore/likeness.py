"""When are two situations the same? When whatever may follow the one may follow the other.

`of` gives the same bytes for both then. These differ without making a difference, and are left out or made relative:

times       only how far off they are counts
numbers     of visits, frames, commands and ids that the platform draws: only which is which counts
results     fields that no expression reads (`reads.py`)
the log     what it says of operations that the run has forgotten, which it never asks for
budgets     visits and steps so far, and the call's time, until they are used up: each loop is gone through until its
            situations repeat, and the ways on which a budget is used up are moves of their own (`moves.Limit`, `worn`)

Strings are compared by their bytes after encoding, in which ids and times are replaced; nothing is decoded again.
"""

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec.structs import replace

from engine.exchange.state import Call
from engine.model.commands import SendCommand
from engine.model.events import OperationReported
from engine.model.limits import LANDING_GRACE_MS
from engine.model.state import Asking, Away, Fetching, Frame, HangingUp, Operation, Ordering, RunState
from engine.simulate.explore import idle, reads
from engine.simulate.explore.reads import Reads
from engine.simulate.explore.situation import Situation

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_VARIES = re.compile(
    rb"\xcf\x00\x00\x01[\x00-\xff]{5}"  # a moment: msgpack's uint64 of Unix milliseconds
    rb"|[io][a-z2-7]{20}\.(\d+)\.([a-z0-9_.]+?)\.(\d+)\.(\d+)\.([a-z_]+)"
    rb"(?:(?:\.([a-z][a-z_0-9]*))?\.[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-]))?"
    rb"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)

_OLD_MS = 4_000
"""What began longer ago is as old as any other: what is still to come of it stands beside."""


class Likeness:
    """Of the situations of one flow. `also` are names that are looked at when a run is over."""

    def __init__(self, graph: Any, also: tuple[str, ...] = ()) -> None:
        self._reads = reads.of(graph, also)

    def of(self, at: Situation) -> bytes:
        return blake2b(self.written(at), digest_size=16).digest()

    def written(self, at: Situation) -> bytes:
        ranks = {command.seq: rank for rank, command in enumerate(at.run.pending)}
        sent = at.sent
        body = (
            *_run(at, self._reads, ranks),
            [_call(call, at.run) for call in at.exchange.calls.values() if not call.is_over or _is_own(call, at.run)],
            [(one.due_ms, one.kind, one.body) for one in at.exchange.outbox],
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
        return _relative(_encode(body), at)

    def face(self, at: Situation) -> bytes:
        """What a flow's author would see: where the run stands and what it knows."""
        run = at.run
        seen = (
            run.status,
            run.end_reason,
            run.call.state,
            [(one.flow, one.step, one.vars, _of(self._reads, one).results(one)) for one in (*run.callers, run.frame)],
            run.signal,
            type(run.frame.doing).__name__,
        )
        return blake2b(_relative(_encode(seen), at), digest_size=8).digest()


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
        run.call,
        [_frame(one, read, ranks) for one in (*run.callers, run.frame)],
        [_operation(op, ranks, depths) for op in run.operations.values()],
        [_bare(one) for one in run.pending],
        timers,
        run.signals,
        run.signal,
        run.returned[:2],
        run.landing,
        None if looking is None else looking.asking,
    )


def _frame(frame: Frame, read: Mapping[str, Reads], ranks: dict[int, int]) -> tuple[Any, ...]:
    doing, mine = frame.doing, _of(read, frame)
    if isinstance(doing, Ordering | Fetching | HangingUp):
        doing = replace(doing, seq=ranks.get(doing.seq, -1) if doing.seq else 0)
    elif isinstance(doing, Away):
        doing = replace(doing, left_ms=0)
    elif isinstance(doing, Asking):
        doing = replace(doing, collect="", play="" if doing.play else None)
    return (
        frame.flow,
        frame.step,
        mine.vars(frame),
        frame.inputs,
        mine.results(frame),
        frame.handled,
        doing,
        frame.interrupted,
        frame.leaving,
    )


def _of(read: Mapping[str, Reads], frame: Frame) -> Reads:
    return read[frame.subflow]


def _operation(op: Operation, ranks: dict[int, int], depths: dict[int, int]) -> Operation:
    marks = tuple(mark for mark in op.seen if idle.matters(op, mark)) if op.seen else ()
    frame = depths.get(op.frame, -1)
    return replace(op, seq=ranks.get(op.seq, -1), frame=frame, visit=0, began_ms=0, seen=marks)


def _bare(command: Any) -> Any:
    if isinstance(command, SendCommand):
        return replace(command, seq=0)
    return type(command).__name__


def _named(event: Any) -> Any:
    """A webhook's extra fields are for the record alone."""
    return replace(event, extra={}) if isinstance(event, OperationReported) else event


def _is_own(call: Call, run: RunState) -> bool:
    return call.call_id == run.call.call_id


def _call(call: Call, run: RunState) -> tuple[Any, ...]:
    live = {str(one.control_id) for one in run.operations.values() if one.phase != "over"}
    log = [(one.name, one.details) for one in call.log if one.details.get("control_id") in live] if live else []
    return (
        _is_own(call, run),
        call.to,
        call.state,
        call.end_reason,
        call.operations,
        call.steps,
        call.script,
        call.section,
        call.frames,
        call.vars,
        call.document if call.script or call.operations else None,
        call.left,
        call.away,
        call.fetch is not None,
        call.detected,
        log,
    )


def _relative(data: bytes, at: Situation) -> bytes:
    now_ms = at.now_ms
    visits = {str(one.number).encode(): one.visits for one in (*at.run.callers, at.run.frame)}
    drawn: dict[bytes, bytes] = {}

    def plain(found: re.Match[bytes]) -> bytes:
        text = found[0]
        if text[0] == 0xCF:
            off_ms = int.from_bytes(text[1:]) - now_ms
            return b"@old" if off_ms < -_OLD_MS else b"@%d" % off_ms
        frame, step = found[1], found[2]
        if frame is None:
            return _which(drawn, text)
        mine = visits.get(frame)
        number = (
            b"" if mine is not None and mine.get(step.decode()) == int(found[3]) else _which(drawn, step + found[3])
        )
        return b"~%s.%s.%s.%s.%s" % (step, number, found[4], found[5], found[6] or b"")

    return _VARIES.sub(plain, data)


def _which(drawn: dict[bytes, bytes], name: bytes) -> bytes:
    """Of what was drawn by chance, or is over with its visit, only which is which counts."""
    return drawn.setdefault(name, b"#%d" % len(drawn))
