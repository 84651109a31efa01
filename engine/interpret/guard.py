"""A fault of ours in one run must not become every run's: the run goes on as if the event had not come.

The live loop and the replay both use this, so that a transcript shows what happened.
"""

from msgspec.structs import replace

from engine.interpret.advance import advance
from engine.model.advance import Advance, Traced
from engine.model.commands import Command, SendCommand
from engine.model.events import AnyEvent, TimePassed
from engine.model.graph import FlowGraph
from engine.model.state import RunState


def guarded(graph: FlowGraph, state: RunState, event: AnyEvent) -> tuple[Advance, Exception | None]:
    """`advance`; where it raises, the state as it was and what was raised.

    Timers that were due are dropped then, or they would be due for ever. Without the limit of the call
    among those that are left, nothing would bound the run: it ends as `error`, and its call with it.
    """
    try:
        return advance(graph, state, event), None
    except Exception as error:
        # What an exception says may quote what it stumbled over.
        why = type(error).__name__ if graph.sealed else f"{type(error).__name__}: {error}"
        return _as_it_was(state, event, why), error


def _as_it_was(state: RunState, event: AnyEvent, why: str) -> Advance:
    traced = Traced("ignored", state.frame.step, 0, type(event).__name__, f"a fault of ours: {why}")
    now_ms = max(state.at_ms, event.at_ms)
    state = replace(state, at_ms=now_ms)
    if isinstance(event, TimePassed):
        left = {name: due_ms for name, due_ms in state.timers.items() if due_ms > now_ms}
        state = replace(state, timers=left, looking_up=state.looking_up if "lookup" in left else None)
    if "call" in state.timers or "dial" in state.timers or state.status == "ended":
        return Advance(state, (), (traced,))
    return _given_up(state, traced)


def _given_up(state: RunState, traced: Traced) -> Advance:
    commands: tuple[Command, ...] = ()
    if state.call.call_id and state.call.state != "ended":
        commands = (SendCommand(seq=state.seq + 1, command="calling.end", call_id=state.call.call_id),)
        state = replace(state, seq=state.seq + 1)
    ended = replace(state, status="ended", end_reason="error", operations={}, pending=(), looking_up=None)
    return Advance(ended, commands, (traced, Traced("ended", state.frame.step, 0, "error")))
