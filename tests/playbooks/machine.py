"""A run under test. What must hold after every event, of whatever kind, is checked here."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace

from engine.compile import compile_bundle, suffix
from engine.interpret import advance, start
from engine.interpret.misfits import misfits
from engine.model.advance import Advance, Traced
from engine.model.bundle import Bundle
from engine.model.codec import decode_event, decode_state, encode
from engine.model.commands import SendCommand
from engine.model.events import AnyEvent, CallArrived, RunRequested, StartEvent, TimePassed
from engine.model.graph import FlowGraph
from engine.model.ids import CallId, RunId, StepName
from engine.model.state import END_REASONS, Frame, RunState
from engine.model.visits import visit
from engine.simulate.cases.invariants import remembering
from tests.playbooks.foreseen import check_foreseen

START_MS = 1_780_000_000_000
CALL_ID = CallId("0e9c80d7-a149-4917-892d-420043709f45")
HEADER = "flow: story\nlanguage: 1\n"
DESK = b'{"sections": {"main": [{"connect": {"to": "+15550142"}}]}}'


def compiled(text: str, **lib: str) -> FlowGraph:
    """The graph of a flow whose text may leave out `flow` and `language`. It may redirect to `desk.json`, and call
    the flows `lib`."""
    whole = text if text.startswith(("flow:", "#")) else HEADER + text
    called = ((f"lib/{name}.flow.yaml", f"flow: {name}\nlanguage: 1\n{one}".encode()) for name, one in lib.items())
    return _compiled(whole, (("swml/desk.json", DESK), *called))


@cache
def _compiled(text: str, files: tuple[tuple[str, bytes], ...]) -> FlowGraph:
    name = next(line.removeprefix("flow:").strip() for line in text.splitlines() if line.startswith("flow:"))
    found = compile_bundle(Bundle(name, {suffix(name): text.encode(), **dict(files)}))
    if found.graph is None or found.diagnostics:
        pytest.fail("\n".join(f"{one.span.line}: {one.message} {one.help}" for one in found.diagnostics), pytrace=False)
    return found.graph


def arrived(at_ms: int = START_MS) -> CallArrived:
    return CallArrived(at_ms=at_ms, call_id=CALL_ID, to="+15550100", from_="+15550177", segment_id="segment")


def requested(at_ms: int = START_MS, **inputs: Any) -> RunRequested:
    return RunRequested(
        at_ms=at_ms, run_id=RunId("o" + "a" * 20), to="+15550177", from_="+15550100", inputs=inputs, ring_timeout_s=30
    )


class Machine:
    """`feed` takes one event. Between any two events the state is written out and read back.

    The run remembers the results of all steps, so that a test may look at them. Beside it goes the run as it is outside
    of tests, which forgets what no step reads later, and otherwise has to be the same."""

    def __init__(self, graph: FlowGraph, event: StartEvent, uses: Mapping[str, Any] | None = None) -> None:
        self.graph = remembering(graph)
        self.forgets = graph
        self.uses = dict(uses or {})
        self.events: list[AnyEvent] = []
        self.written: list[bytes] = []
        self.path: list[str] = []
        self.traced: tuple[Traced, ...] = ()
        self.beside = start(graph, event, uses=self.uses)
        self._took(event, start(self.graph, event, uses=self.uses))

    @property
    def now_ms(self) -> int:
        return self.state.at_ms

    @property
    def is_over(self) -> bool:
        return self.state.status == "ended"

    def feed(self, event: AnyEvent) -> Advance:
        before = self.written[-1]
        event = decode_event(encode(event))
        given = encode(event)
        done = advance(self.graph, self.state, event)
        assert encode(self.state) == before, f"{event} changed the state that it came to"
        assert encode(event) == given, f"the event was changed: {event}"
        self.beside = advance(self.forgets, decode_state(encode(self.beside.state)), event)
        self._took(event, done)
        return done

    def pass_until(self, until_ms: int) -> None:
        """Lets time pass: `TimePassed` at each timer on the way."""
        while (due_ms := self.state.next_due_ms) is not None and due_ms <= until_ms:
            self.feed(TimePassed(at_ms=max(due_ms, self.now_ms)))
        if until_ms > self.now_ms:
            self.feed(TimePassed(at_ms=until_ms))

    def replay(self) -> None:
        """The same events from the start give the same states, to the byte."""
        first, *others = self.events
        assert isinstance(first, CallArrived | RunRequested)
        state = start(self.graph, first, uses=self.uses).state
        assert encode(state) == self.written[0], "the replay starts otherwise"
        for event, written in zip(others, self.written[1:], strict=True):
            state = advance(self.graph, decode_state(encode(state)), event).state
            assert encode(state) == written, f"the replay went another way at {event}"

    def _took(self, event: AnyEvent, done: Advance) -> None:
        _check_forgetting(self.forgets, done, self.beside)
        check_foreseen(self.graph, done.state)
        assert [*misfits(self.graph, done.state), *misfits(self.forgets, self.beside.state)] == []
        data = encode(done.state)
        self.state = decode_state(data)
        assert self.state == done.state, "a state is not what was written of it"
        assert encode(self.state) == data, "a state is written in two ways"
        _check(done, event)
        self.events.append(event)
        self.written.append(data)
        self.traced = done.trace
        self.path += [line.step for line in done.trace if line.what == "entered"]


def _check_forgetting(graph: FlowGraph, whole: Advance, forgetful: Advance) -> None:
    assert forgetful.commands == whole.commands, f"what was forgotten was wanted: {whole.trace}"
    assert _told(forgetful) == _told(whole), "what was forgotten was wanted"
    assert _bare(graph, forgetful.state) == _bare(remembering(graph), whole.state), (
        "a run that forgets has another state"
    )


def _told(done: Advance) -> list[tuple[str, ...]]:
    """What comes for an operation that is forgotten is late, whatever it says."""
    words = {"duplicate": "late", "refused": "late"}
    return [(words.get(one.what, one.what), one.step, one.subject) for one in done.trace]


def _bare(graph: FlowGraph, state: RunState) -> RunState:
    """Without results of steps, and without operations that are over."""
    callers = tuple(_bare_frame(graph, one) for one in state.callers)
    live = {name: op for name, op in state.operations.items() if op.phase != "over"}
    return replace(state, frame=_bare_frame(graph, state.frame), callers=callers, operations=live)


def _bare_frame(graph: FlowGraph, frame: Frame) -> Frame:
    flow = graph.flow_of(frame.subflow)
    visits = {step: visit(flow, frame.visits, StepName(step)) for step in flow.steps}
    return replace(frame, results={}, visits=visits)


def _check(done: Advance, event: AnyEvent) -> None:
    state = done.state
    assert state.at_ms >= event.at_ms, "time ran backwards"
    if state.status == "ended":
        assert state.end_reason in END_REASONS, f"{state.end_reason} is no end reason"
        left = (state.timers, state.pending, state.operations, state.frame.doing, state.looking_up)
        assert not any(left), f"left over at the end: {left}"
    else:
        assert state.next_due_ms is not None, "nothing bounds this wait"
        assert state.frame.doing is not None or state.status == "dialing", "it waits for nothing"
    _check_commands(done, state)


def _check_commands(done: Advance, state: RunState) -> None:
    for command in done.commands:
        assert command.seq <= state.seq
        control_id = getattr(command, "control_id", None)
        assert control_id is None or control_id.startswith(f"{state.run_id}."), f"a foreign id: {control_id}"
    seqs = [command.seq for command in state.pending]
    assert seqs == sorted(set(seqs))
    assert state.call.state != "ended" or not any(isinstance(one, SendCommand) for one in state.pending), (
        "commands to a call that is over"
    )
