"""A fault of ours costs one event, never a run's end."""

import pytest
from msgspec.structs import replace

from engine.compile import compile_bundle
from engine.interpret import guard, guarded, start
from engine.model.advance import Advance
from engine.model.bundle import Bundle
from engine.model.commands import SendCommand
from engine.model.events import AnyEvent, CallArrived, OperationReported, TimePassed
from engine.model.graph import FlowGraph
from engine.model.ids import CallId, ControlId
from engine.model.state import RunState
from tests.unit.runner.inside import FLOW

REPORTED = OperationReported(at_ms=2_000, control_id=ControlId("x"), verb="play", mark="playing")


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> RunState:
    """A run that has begun, after which the interpreter fails at everything."""
    found = start(graph(), CallArrived(at_ms=1_000, call_id=CallId("c1"), to="+1", from_="+2")).state

    def fail(graph: FlowGraph, state: RunState, event: AnyEvent) -> Advance:
        raise ZeroDivisionError("made up")

    monkeypatch.setattr(guard, "advance", fail)
    return found


def graph() -> FlowGraph:
    found = compile_bundle(Bundle("short", {"short.flow.yaml": FLOW.encode()})).graph
    assert found is not None
    return found


def test_fault_in_an_event_leaves_all_but_the_time(state: RunState) -> None:
    done, fault = guarded(graph(), state, REPORTED)
    assert isinstance(fault, ZeroDivisionError)
    assert done.state == replace(state, at_ms=2_000)
    assert done.commands == ()
    (traced,) = done.trace
    assert (traced.what, traced.subject) == ("ignored", "OperationReported")
    assert traced.detail == "a fault of ours: ZeroDivisionError: made up"


def test_fault_in_a_timer_drops_what_was_due(state: RunState) -> None:
    first = min(state.timers.values())
    done, _ = guarded(graph(), state, TimePassed(at_ms=first))
    assert done.state.timers == {name: due_ms for name, due_ms in state.timers.items() if due_ms > first}
    assert done.state.status == "running"


def test_fault_in_the_last_timer_ends_the_run_and_its_call(state: RunState) -> None:
    done, _ = guarded(graph(), state, TimePassed(at_ms=max(state.timers.values())))
    assert (done.state.status, done.state.end_reason, done.state.timers) == ("ended", "error", {})
    assert (done.state.pending, done.state.operations) == ((), {})
    (command,) = done.commands
    assert isinstance(command, SendCommand)
    assert (command.command, command.call_id) == ("calling.end", "c1")
    assert command.seq == state.seq + 1


def test_fault_in_the_last_timer_of_an_ended_call_sends_nothing(state: RunState) -> None:
    over = replace(state, call=replace(state.call, state="ended"))
    done, _ = guarded(graph(), over, TimePassed(at_ms=max(state.timers.values())))
    assert (done.state.status, done.commands) == ("ended", ())


def test_fault_after_the_end_changes_nothing(state: RunState) -> None:
    ended = replace(state, status="ended", end_reason="hangup", timers={})
    done, _ = guarded(graph(), ended, REPORTED)
    assert (done.state.end_reason, done.commands) == ("hangup", ())
