"""One event's work on one run.

A `Turn` holds the run's state taken apart, collects commands and trace, and `close()` puts a new
state together; the state that it began with is never touched. Everything in this package is
functions over a Turn.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from engine.expr import render
from engine.interpret import keeping
from engine.model.advance import Advance, Traced, What
from engine.model.commands import Command, Fetch, LookUpCall, SendCommand
from engine.model.graph import FlowGraph, Step, Tree
from engine.model.ids import CALL_OP, ControlId, StepName, control_id, op_id, way_back
from engine.model.state import Away, Call, Doing, Frame, HangingUp, Interrupted, Leaving, LookingUp, Operation, RunState
from engine.model.visits import visit

AWAY = ("excursion", "connect")
"""Operations during which SWML drives the call."""


class Turn:
    """The run while an event works on it: of its frames the current one is taken apart, `callers` are the others.

    `graph` is the run's own flow, `flow` the current frame's. `entering` is set when a step is to be entered next, with
    `repeats` the visit whose request it repeats; `left` when a frame has been left and the one below is to hear of it."""

    # So many attributes are twice as fast in slots.
    __slots__ = (
        *(
            "graph",
            "before",
            "now_ms",
            "status",
            "call",
            "callers",
            "frames",
            "signals",
            "signal",
            "put_off",
            "returned",
        ),
        *("operations", "pending", "timers", "seq", "steps", "landing", "dial_waits", "looking_up", "end_reason"),
        *(
            "frame",
            "flow",
            "step_name",
            "visits",
            "visit",
            "vars",
            "results",
            "handled",
            "doing",
            "interrupted",
            "leaving",
        ),
        *("commands", "traced", "entering", "repeats", "left"),
    )

    def __init__(self, graph: FlowGraph, state: RunState, at_ms: int) -> None:
        self.graph = graph
        self.before = state
        self.now_ms = at_ms if at_ms > state.at_ms else state.at_ms
        self.status = state.status
        self.call: Call = state.call
        self.callers = state.callers
        self.frames = state.frames
        self._open(state.frame)
        self.signals = state.signals
        self.signal = state.signal
        self.put_off = state.put_off
        self.returned = state.returned
        self.operations = dict(state.operations)
        self.pending: dict[int, Command] = {one.seq: one for one in state.pending} if state.pending else {}
        self.timers = dict(state.timers)
        self.seq = state.seq
        self.steps = state.steps
        self.landing = state.landing
        self.dial_waits = state.dial_waits
        self.looking_up: LookingUp | None = state.looking_up
        self.end_reason = state.end_reason
        self.commands: list[Command] = []
        self.traced: list[Traced] = []
        self.entering: StepName | None = None
        self.repeats = 0
        self.left: Leaving | None = None

    def _open(self, frame: Frame) -> None:
        self.frame = frame
        self.flow = self.graph.flow_of(frame.flow) if frame.number else self.graph
        self.step_name: StepName = frame.step
        self.visits = frame.visits
        self.visit = visit(self.flow, frame.visits, frame.step)
        self.vars = frame.vars
        self.results = frame.results
        self.handled = frame.handled
        self.doing: Doing | None = frame.doing
        self.interrupted: tuple[Interrupted, ...] = frame.interrupted
        self.leaving: Leaving | None = frame.leaving

    def _closed(self) -> Frame:
        return Frame(
            number=self.frame.number,
            flow=self.frame.flow,
            step=self.step_name,
            visits=self.visits,
            vars=self.vars,
            inputs=self.frame.inputs,
            results=self.results,
            handled=self.handled,
            doing=self.doing,
            interrupted=self.interrupted,
            leaving=self.leaving,
        )

    def push(self, frame: Frame) -> None:
        """A frame on top of the current one, which waits."""
        self.callers = (*self.callers, self._closed())
        self.frames = frame.number
        self._open(frame)

    def pop(self) -> None:
        """The current frame is over; the one below goes on."""
        self._open(self.callers[-1])
        self.callers = self.callers[:-1]

    @property
    def step(self) -> Step:
        return self.flow.steps[self.step_name]

    def step_of(self, op: Operation) -> Step:
        """The step that has started the operation, which may stand in another flow of the bundle."""
        return self.graph.flow_of(op.flow).steps[op.step]

    @property
    def call_is_over(self) -> bool:
        return self.call.state == "ended"

    @property
    def dial_id(self) -> ControlId:
        """The control_id of the command that dialled the run's own call; a `dial` step's has none."""
        return control_id(self.before.run_id, CALL_OP)

    def trace(self, what: What, subject: str = "", detail: str = "") -> None:
        name = self.step_name
        number = self.frame.number
        step = f"{self.frame.flow}/{name}" if number else name
        self.traced.append(Traced(what, step, self.visit, subject, detail, number))

    def lookup(self, name: str) -> Any:
        """The value of a dotted name of expressions. Raises KeyError when it is not set."""
        space, _, rest = name.partition(".")
        if space == "vars":
            return self.vars[rest]
        if space == "steps":
            step, _, field = rest.partition(".")
            return _at(self.results[step], field)
        if space == "call":
            return getattr(self.call, "from_" if rest == "from" else "call_id" if rest == "id" else rest)
        if space == "inputs":
            return self.frame.inputs[rest]
        if space == "uses":
            return self.before.uses[rest]
        if space == "signal":
            return self.signal[rest]
        if space == "now":
            return datetime.fromtimestamp(self.now_ms / 1000, UTC)
        if space == "resume":
            return way_back(self.control_id("excursion"), rest)
        return {"id": self.before.run_id, "flow": self.graph.flow, "end_reason": self.end_reason}[rest]

    def render(self, tree: Tree) -> Any:
        return render(tree, self.lookup)

    def remember(self, step: StepName, result: dict[str, Any]) -> None:
        self.results = keeping.with_result(self.flow, self.results, step, result)

    def take_signal(self, name: str) -> dict[str, object]:
        """What the signal carries; nobody else takes it."""
        self.signal = self.signals[name]
        self.signals = {other: payload for other, payload in self.signals.items() if other != name}
        return self.signal

    def control_id(self, verb: str, attempt: int = 1, visit: int = 0) -> ControlId:
        """Of the operation that the current step starts, or has started in an earlier visit."""
        op = op_id(self.frame.number, self.step_name, visit or self.visit, attempt, verb)
        return control_id(self.before.run_id, op)

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq

    def send(
        self,
        command: str,
        params: dict[str, Any],
        *,
        control_id: ControlId | None = None,
        reports: bool = False,
        not_after_ms: int = 0,
    ) -> int:
        """Decides a command; its answer comes back under the seq returned."""
        send = SendCommand(
            seq=self.next_seq(),
            command=command,
            call_id=self.call.call_id,
            control_id=control_id,
            params=params,
            reports=reports,
            not_after_ms=not_after_ms,
        )
        self.pending[send.seq] = send
        self.commands.append(send)
        self.trace("sent", command, control_id or "")
        return send.seq

    def fetch(self, request: Fetch) -> int:
        """Decides a request; its reply comes back as `Fetched` under the seq returned."""
        self.pending[request.seq] = request
        self.commands.append(request)
        self.trace("fetching", request.method, request.url)
        return request.seq

    def ask_call(self, asking: tuple[ControlId, ...] = ()) -> int:
        look_up = LookUpCall(
            seq=self.next_seq(),
            call_id=self.call.call_id,
            segment_id=self.call.segment_id,
            operations={one: self.operations[one].began_ms for one in asking},
        )
        self.pending[look_up.seq] = look_up
        self.commands.append(look_up)
        self.trace("looking_up", self.call.call_id)
        return look_up.seq

    def put(self, op: Operation) -> Operation:
        """Stores the operation and keeps its timer in step with it."""
        self.operations[op.control_id] = op
        if op.phase != "over" and op.due_ms:
            self.timers[op.control_id] = op.due_ms
        else:
            self.timers.pop(op.control_id, None)
        return op

    def forget(self, op: Operation) -> None:
        self.operations.pop(op.control_id, None)
        self.timers.pop(op.control_id, None)

    def live(self) -> list[Operation]:
        return [op for op in self.operations.values() if op.phase != "over"]

    def close(self) -> Advance:
        self._watch_presence()
        state = msgspec.structs.replace(
            self.before,
            at_ms=self.now_ms,
            status=self.status,
            call=self.call,
            frame=self._closed(),
            callers=self.callers,
            frames=self.frames,
            signals=self.signals,
            signal=self.signal,
            put_off=self.put_off,
            returned=self.returned,
            operations=self.operations,
            pending=_in_order(self.pending),
            timers=self.timers,
            seq=self.seq,
            steps=self.steps,
            landing=self.landing,
            dial_waits=self.dial_waits,
            looking_up=self.looking_up,
            end_reason=self.end_reason,
        )
        return Advance(state, tuple(self.commands), tuple(self.traced))

    def _watch_presence(self) -> None:
        """A hang-up of an inbound call may be reported by nobody: while nothing lives whose deadline
        would bring it to light, and while SWML drives the call, it is looked up now and then."""
        quiet = (
            (not self._is_watched() or isinstance(self.doing, Away))
            and self.status == "running"
            and not self.end_reason
            and not self.call_is_over
            and not isinstance(self.doing, HangingUp)
            and self.looking_up is None
        )
        if not quiet:
            self.timers.pop("presence", None)
        elif "presence" not in self.timers:
            self.timers["presence"] = self.now_ms + self.before.presence_ms

    def _is_watched(self) -> bool:
        """Does an operation live whose deadline is looked at? (A loop: this is asked with every event.)"""
        for op in self.operations.values():  # noqa: SIM110
            if op.due_ms and op.phase != "over":
                return True
        return False


def _in_order(pending: dict[int, Command]) -> tuple[Command, ...]:
    """By their seq."""
    if len(pending) < 2:
        return tuple(pending.values())
    return tuple([pending[seq] for seq in sorted(pending)])


def _at(result: dict[str, Any], field: str) -> Any:
    """`body.balance.amount` of a step's result. KeyError where there is nothing."""
    found: Any = result
    for part in field.split("."):
        if not isinstance(found, dict):
            raise KeyError(field)
        found = found[part]
    return found
