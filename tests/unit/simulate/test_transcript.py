"""Transcripts: made by replaying events, whoever recorded them."""

from engine.compile import compile_bundle
from engine.interpret import guarded, start
from engine.model import codec
from engine.model.bundle import Bundle
from engine.model.events import (
    AnyEvent,
    CallArrived,
    CallLookedUp,
    CallStateReported,
    CommandAnswered,
    OperationReported,
    Resumed,
    TimePassed,
    UnknownReported,
)
from engine.model.graph import FlowGraph
from engine.model.ids import CallId, ControlId, inbound_run_id
from engine.simulate.transcript import lines, replay
from tests.unit.runner.inside import FLOW

RUN = inbound_run_id("c1")
PLAY = ControlId(f"{RUN}.0.hello.1.1.play")
EVENTS: list[AnyEvent] = [
    CallArrived(at_ms=1_000, call_id=CallId("c1"), to="+1", from_="+2"),
    CommandAnswered(at_ms=1_010, seq=1, kind="accepted", http_status=200),
    OperationReported(at_ms=1_020, control_id=PLAY, verb="play", mark="playing"),
    UnknownReported(at_ms=1_030, event_type="calling.hologram", reason="nobody knows it"),
    Resumed(at_ms=1_040, seq=1),
    CallLookedUp(at_ms=1_050, seq=0, found="answered"),
    TimePassed(at_ms=1_060),
    OperationReported(at_ms=1_500, control_id=PLAY, verb="play", mark="finished"),
    CommandAnswered(at_ms=1_510, seq=2, kind="unavailable", http_status=500, code="x", message="oops"),
    CallStateReported(at_ms=61_520, call_state="ended", end_reason="hangup"),
    OperationReported(at_ms=61_530, control_id=PLAY, verb="play", mark="finished"),
]


def graph() -> FlowGraph:
    compiled = compile_bundle(Bundle("short", {"short.flow.yaml": FLOW.encode()})).graph
    assert compiled is not None
    return compiled


def test_replay_of_the_events_gives_the_state_of_the_live_run() -> None:
    first, *rest = EVENTS
    assert isinstance(first, CallArrived)
    state = start(graph(), first, uses={}, presence_ms=500).state
    for event in rest:
        state = guarded(graph(), codec.decode_state(codec.encode(state)), event)[0].state
    replayed = list(replay(graph(), EVENTS, uses={}, presence_ms=500))
    assert codec.encode(replayed[-1][1].state) == codec.encode(state)
    assert state.status == "ended"


def test_lines_say_what_came_in_what_went_out_and_what_the_flow_did() -> None:
    found = list(lines(graph(), replay(graph(), EVENTS, uses={}, presence_ms=30_000)))
    assert [(line.at_ms, line.way, line.what) for line in found if line.way != "step"] == [
        (0, "in", "call arrived"),
        (0, "out", "calling.play"),
        (10, "in", "answer 1"),
        (20, "in", "play playing"),
        (30, "in", "calling.hologram"),
        (40, "in", "resumed"),
        (50, "in", "looked up"),
        (60, "in", "time passed"),
        (500, "in", "play finished"),
        (500, "out", "calling.end"),
        (510, "in", "answer 2"),
        (60_520, "in", "call ended"),
        (60_530, "in", "play finished"),
    ]
    assert [line.detail for line in found if line.what == "calling.play"] == ["“Hello.”"]
    assert [(line.what, line.outcome) for line in found if line.step == "hello" and line.way == "step"] == [
        ("entered", ""),
        ("ignored", ""),
        ("outcome", "finished"),
    ]
    assert [line.what for line in found][-1] == "late"


def test_lines_of_nothing_are_none() -> None:
    assert list(lines(graph(), replay(graph(), [], uses={}, presence_ms=1))) == []
