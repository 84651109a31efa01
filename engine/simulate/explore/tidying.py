"""What can wait for no other moment, after a move: it can change nothing, whenever it comes."""

from typing import Any, Protocol

from msgspec.structs import replace

from engine.exchange.state import ExchangeState
from engine.interpret import guarded
from engine.model.advance import Advance
from engine.model.commands import LookUpCall, SendCommand
from engine.model.events import AnyEvent
from engine.model.graph import FlowGraph
from engine.model.state import RunState
from engine.simulate import attempts, idle
from engine.simulate.attempts import Attempt
from engine.simulate.explore.situation import Asked, Flying, Underway
from engine.simulate.laws import Turned
from engine.simulate.sending import wanted

_LONG = 40
"""Entries of a log that are worth looking through."""


class Work(Protocol):
    """A move at work (`taking.Taking`)."""

    graph: FlowGraph
    now_ms: int
    run: RunState
    ready_ms: int
    waiting: list[SendCommand | LookUpCall]
    sent: Underway | None
    flying: list[Flying]
    asked: list[Asked]
    stale: list[Turned]

    def seen(self, attempt: Attempt) -> bool: ...
    def took(self, before: RunState, event: AnyEvent, done: Advance) -> None: ...


def tidy(work: Work) -> None:
    """What is not wanted any more is not sent; what can change nothing, now or later, arrives at once."""
    if work.asked:
        work.asked = [one for one in work.asked if wanted(work.run, one.command)]
    if work.flying:
        work.flying = [one for one in work.flying if not changes_nothing(work, one)]
    if work.sent is not None:
        read_at_once(work, work.sent)
    if work.waiting:
        work.waiting = [one for one in work.waiting if wanted(work.run, one)]


def forgetting(exchange: ExchangeState, run: RunState) -> ExchangeState:
    """Without what a long log says of operations that the run does not ask about any more."""
    call = exchange.calls.get(run.call.call_id)
    if call is None or len(call.log) <= _LONG:
        return exchange
    kept = tuple(one for one in call.log if _may_be_asked_about(run, one.details.get("control_id")))
    if len(kept) == len(call.log):
        return exchange
    return replace(exchange, calls={**exchange.calls, call.call_id: replace(call, log=kept)})


def _may_be_asked_about(run: RunState, control_id: Any) -> bool:
    return not isinstance(control_id, str) or control_id in run.operations


def changes_nothing(work: Work, one: Flying) -> bool:
    event = one.event
    if event is None or not idle.is_idle(work.run, event):
        return False
    event = replace(event, at_ms=work.now_ms)
    done, fault = guarded(work.graph, work.run, event)
    changed = fault is not None or bool(done.commands) or not idle.same(work.run, done.state)
    if changed:
        work.stale.append(Turned(work.run, event, done, fault))
    return not changed


def read_at_once(work: Work, sent: Underway) -> None:
    """An answer of which the run takes no other note than that it is there."""
    attempt, read = sent.attempt, sent.read
    if read is None or sent.slow or sent.due_ms > work.now_ms:
        return
    if not work.seen(attempt) and attempts.following(attempt, read, work.now_ms) is not None:
        return
    answer = attempts.settled(attempt, read.answer)
    event = answer.event(seq=attempt.command.seq, at_ms=work.now_ms)
    done, fault = guarded(work.graph, work.run, event)
    if fault is None and not done.commands and idle.same(work.run, done.state, answered=event.seq):
        work.sent = None
        work.ready_ms = work.now_ms
        work.took(work.run, event, done)
