"""When are two situations the same? When whatever may follow the one may follow the other.

`of` gives the same bytes for both then. These differ without making a difference, and are left out or made relative:

times, ids  as `relative.py` says
numbers     of frames and commands: only which is which counts; so do visits, but for those of steps with a budget of their own
values      that no expression on some way on reads; of those that are only told, all but whether they are there (`reads.py`)
operations  of the platform that nobody asks for again: its log of them, what an excursion has left behind
budgets     visits and steps so far, and the call's time, until they are used up: each loop is gone through until its
            situations repeat, and the ways on which a budget is used up are moves of their own (`moves.Limit`, `worn`)

Strings are compared by their bytes after encoding, in which ids and times are replaced; nothing is decoded again.
"""

from collections.abc import Container, Mapping
from functools import partial
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec.structs import replace

from engine.exchange.effects import FetchSwml
from engine.interpret.operations import life_of
from engine.model.commands import SendCommand
from engine.model.events import OperationReported
from engine.model.graph import Expression, FlowGraph
from engine.model.limits import LANDING_GRACE_MS
from engine.model.state import Asking, Away, Fetching, Frame, HangingUp, Operation, Ordering, RunState, Silencing
from engine.model.visits import visit
from engine.simulate import idle
from engine.simulate.explore import reads, relative
from engine.simulate.explore.held import Held
from engine.simulate.explore.hours import Hours
from engine.simulate.explore.outside import Platform
from engine.simulate.explore.reads import Reads
from engine.simulate.explore.situation import LATE_MS, Left, Situation, Underway

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class Likeness:
    """Of the situations of one flow. `also` are conditions that are looked at when a run is over."""

    def __init__(self, graph: FlowGraph, also: tuple[Expression, ...] = ()) -> None:
        self._graph = graph
        self._held = Held(graph, also)
        also = tuple(one for one in self._held.parts if any(name.startswith("vars.") for name in one.names))
        self._reads = reads.of(graph, also)
        self._hours = Hours(graph)
        self._platform = Platform(graph, self._reads, self._held.parts)
        self._latest: tuple[Situation | None, bytes] = None, b""
        self._latest_past: tuple[Situation | None, bytes] = None, b""

    def of(self, at: Situation, left: Left | None = None) -> bytes:
        """`left`: as if so much more might go wrong from then on."""
        return blake2b(self.near(at) + self._far(at) + bytes(_bounds(left or at.left)), digest_size=16).digest()

    def scene(self, at: Situation) -> bytes:
        """The same for two situations in which the present step, and all that is under way, is the same: they differ only in
        what was before, and is of no account until the step is over."""
        frame = at.run.frame
        own = self._reads[frame.subflow].own(frame)
        return blake2b(self.near(at) + own + bytes(_bounds(at.left)), digest_size=16).digest()

    def near(self, at: Situation) -> bytes:
        """What is under way, and where."""
        if at is not self._latest[0]:
            self._latest = at, self._near(at)
        return self._latest[1]

    def _near(self, at: Situation) -> bytes:
        run, sent = at.run, at.sent
        ranks = {command.seq: rank for rank, command in enumerate(run.pending)}
        body = (
            *_run(at, self._reads, ranks),
            self._platform.seen(at),
            (at.held, at.acted),
            [ranks.get(one.seq, -1) if ranks else _bare(one, at.now_ms) for one in at.waiting],
            _since(at, at.ready_ms, at.held) if at.can_send else 0,
            None if sent is None else _underway(at, sent, ranks),
            [
                (_since(at, one.since_ms, one.slow), one.slow, self._named(one.event, run), _asks(one.question))
                for one in at.flying
            ],
            [(one.name, one.due_ms, ranks.get(one.command.seq, -1)) for one in at.asked],
        )
        return self._relative(_encode(body), at)

    def _named(self, event: Any, run: RunState) -> Any:
        """A webhook's extra fields are for the record alone."""
        if not isinstance(event, OperationReported):
            return event
        op = run.operations.get(event.control_id)
        fields = event.fields
        if fields and op is not None and self._reads[op.flow].is_alone(op.step):
            read = self._reads[op.flow].fields(op.step)
            fields = {name: value for name, value in fields.items() if name in read}
        return replace(event, extra={}, fields=fields)

    def _far(self, at: Situation) -> bytes:
        """What was before, and may count again."""
        if at is not self._latest_past[0]:
            self._latest_past = at, self._past(at)
        return self._latest_past[1]

    def _past(self, at: Situation) -> bytes:
        run = at.run
        frames = (*run.callers, run.frame)
        visits = [self._reads[one.subflow].visits(one) for one in frames]
        held = self._held.of(run, self._reads[""])
        return _encode((at.left.signalled, visits, self._hour(run), self._who(run), held)) + self._values(run)

    def face(self, at: Situation) -> bytes:
        """What a flow's author would see: where the run stands and what it knows. One that is over reads nothing any more."""
        run = at.run
        seen = (
            run.status,
            run.end_reason,
            run.call.state,
            [(one.flow, one.step) for one in (*run.callers, run.frame)],
            run.signal,
            type(run.frame.doing).__name__,
            self._held.of(run, self._reads[""]),
        )
        values = b"" if at.is_over else self._values(run)
        return blake2b(self._relative(_encode(seen), at) + values, digest_size=8).digest()

    def _relative(self, data: bytes, at: Situation) -> bytes:
        visits = {
            str(one.number).encode(): partial(visit, self._graph.flow_of(one.subflow), one.visits)
            for one in (*at.run.callers, at.run.frame)
        }
        return relative.moments(relative.ids(data, visits), at.now_ms)

    def _hour(self, run: RunState) -> Any:
        """When the call began, as long as somebody may still ask for the hour."""
        asked = any(self._reads[one.subflow].may_ask_the_hour(one.step) for one in (*run.callers, run.frame))
        return self._hours.of(run) if asked else None

    def _who(self, run: RunState) -> list[Any]:
        """Who calls whom, as long as somebody may still ask."""
        found = []
        for name, value in (("call.from", run.call.from_), ("call.to", run.call.to)):
            if any(self._reads[one.subflow].may_come_to(one.step, name) for one in (*run.callers, run.frame)):
                found.append([one.judged(name, value) for one in self._reads.values()])
        return found

    def _values(self, run: RunState) -> bytes:
        return b"".join([self._reads[one.subflow].kept(one) for one in (*run.callers, run.frame)])


def _bounds(left: Left) -> tuple[int, int, int]:
    return left.faults, left.slow, left.limits


def _run(at: Situation, read: Mapping[str, Reads], ranks: dict[int, int]) -> tuple[Any, ...]:
    run = at.run
    depths = {frame.number: depth for depth, frame in enumerate((*run.callers, run.frame))}
    timers = run.timers
    if timers.get("call", 0) > at.now_ms + LANDING_GRACE_MS:
        timers = {name: due_ms for name, due_ms in timers.items() if name != "call"}
    away = {one.doing.control_id for one in (*run.callers, run.frame) if isinstance(one.doing, Away)}
    nets = {*run.operations, "presence", "call"} - away
    unjudged = {one.doing.collect for one in (*run.callers, run.frame) if isinstance(one.doing, Asking)}
    looking = run.looking_up
    return (
        run.status,
        run.end_reason,
        (run.call.state, run.call.end_reason, bool(run.call.call_id)),
        [_frame(one, read[one.subflow], ranks) for one in (*run.callers, run.frame)],
        [
            _over(op, ranks, depths, op.fields if op.control_id in unjudged else read[op.flow].fields(op.step))
            if op.phase == "over"
            else _operation(op, ranks, depths, at.now_ms if op.control_id in nets else 0)
            for op in run.operations.values()
        ],
        [_bare(one, at.now_ms) for one in run.pending],
        {name: _due(name, due_ms, at.now_ms) if name in nets else due_ms for name, due_ms in timers.items()},
        run.signals,
        run.signal,
        run.landing,
        None if looking is None else looking.asking,
    )


_CUT_SHORT = 4
"""How often the time that a landing has left is doubled until it counts as another: it has little (eight seconds), or more."""


def _due(name: str, due_ms: int, now_ms: int) -> int:
    return relative.about(due_ms - now_ms, _CUT_SHORT if name == "call" else 2)


def _underway(at: Situation, sent: Underway, ranks: dict[int, int]) -> tuple[Any, ...]:
    attempt, read = sent.attempt, sent.read
    return (
        ranks.get(attempt.command.seq, -1),
        _since(at, sent.due_ms, sent.slow) if at.can_read else sent.due_ms,
        sent.slow,
        attempt.number,
        attempt.first_ms if attempt.number else 0,
        (attempt.last is not None, attempt.doubt is not None),
        None if read is None else (read.answer.kind, read.answer.code),
    )


def _since(at: Situation, since_ms: int, slow: bool) -> int:
    """For how long something has been there, if it may be slow: so far may time still go on."""
    return max(since_ms - at.now_ms, -LATE_MS) if slow or at.left.slow else 0


def _asks(question: FetchSwml | None) -> Any:
    """What the run will be told by it stands in it already."""
    return None if question is None else (question.url, question.body.get("vars"), question.body.get("params"))


def _frame(frame: Frame, mine: Reads, ranks: dict[int, int]) -> tuple[Any, ...]:
    doing = frame.doing
    if isinstance(doing, Ordering | Fetching | HangingUp):
        doing = replace(doing, seq=ranks.get(doing.seq, -1) if doing.seq else 0)
        if isinstance(doing, Fetching) and doing.visit:
            doing = replace(doing, visit=1 if doing.visit == mine.visit(frame, frame.step) else 2)
    elif isinstance(doing, Away):
        doing = replace(doing, left_ms=0)
    elif isinstance(doing, Silencing):
        doing = replace(doing, orders={op: ranks.get(seq, -1) for op, seq in doing.orders.items()})
    elif isinstance(doing, Asking):
        no_input, no_match = mine.failures(frame.step, doing)
        doing = replace(doing, collect="", play="" if doing.play else None, no_input=no_input, no_match=no_match)
    interrupted = frame.interrupted if mine.resumes else ()
    return (frame.flow, frame.step, frame.handled, doing, interrupted, frame.leaving)


def _operation(op: Operation, ranks: dict[int, int], depths: dict[int, int], now_ms: int) -> Operation:
    """`now_ms`: when it is looked for, should it be lost, counts roughly; 0: exactly."""
    seq, frame = ranks.get(op.seq, -1), depths.get(op.frame, -1)
    marks = tuple(sorted(mark for mark in op.seen if idle.matters(op, mark))) if op.seen else ()
    ends_ms = op.ends_ms if op.phase == "requested" or not op.armed else 0
    due_ms = op.due_ms
    if now_ms:
        ends_ms, due_ms = relative.about(ends_ms), relative.about(due_ms - now_ms) if due_ms else 0
    return replace(op, seq=seq, frame=frame, visit=0, began_ms=0, ends_ms=ends_ms, due_ms=due_ms, seen=marks)


def _over(op: Operation, ranks: dict[int, int], depths: dict[int, int], read: Container[str]) -> Operation:
    """Nothing more is admitted of it; but that it has ever reported counts, and what ended it. `read` are the fields that count:
    those that some expression reads, and all while the answer to an `ask` waits for the end of the prompt to be judged."""
    seen = tuple(sorted(mark for mark in op.seen if mark in life_of(op).ends)) or (op.seen[:1] and ("*",))
    fields = {name: value if name in read else None for name, value in op.fields.items()}
    seq, frame = ranks.get(op.seq, -1), depths.get(op.frame, -1)
    return replace(
        op,
        seq=seq,
        frame=frame,
        visit=0,
        seen=seen,
        fields=fields,
        stopping=False,
        armed=True,
        began_ms=0,
        ends_ms=0,
        due_ms=0,
    )


def _bare(command: Any, now_ms: int) -> Any:
    """After when it is not sent any more counts roughly: only what is tried again and again gets there."""
    if isinstance(command, SendCommand):
        params = command.params if command.command != "calling.play" else None
        until = relative.about(command.not_after_ms - now_ms) if command.not_after_ms else 0
        return (command.command, command.control_id, until, params)
    return type(command).__name__
