"""A run's commands on their way to the exchange: one after the other, each waiting for the answer to the one before."""

from collections import deque
from functools import partial
from typing import Protocol

from engine.exchange.effects import HttpAnswer
from engine.exchange.faults import ANSWER_FAULTS
from engine.exchange.inputs import AnyInput, ApiRequest
from engine.exchange.state import ExchangeState
from engine.interpret.carried_out import carried_out
from engine.model.commands import Command, Fetch, LookUpCall, SendCommand
from engine.model.events import AnyEvent
from engine.model.state import RunState
from engine.simulate import addresses, attempts, voice_logs
from engine.simulate.agenda import Agenda
from engine.simulate.attempts import Attempt, Read
from engine.simulate.laws import Refusal
from engine.simulate.ledger import Ledger


class World(Protocol):
    """What a sender knows of the call that it sends for."""

    now_ms: int
    state: RunState
    exchange: ExchangeState
    agenda: Agenda
    ledger: Ledger

    def tell(self, given: AnyInput) -> HttpAnswer | None: ...
    def feed(self, event: AnyEvent) -> None: ...


class Sender:
    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: deque[SendCommand | LookUpCall] = deque()
        self._busy = False

    def take(self, command: SendCommand | LookUpCall) -> None:
        self._waiting.append(command)

    def send_next(self) -> bool:
        """Sends what is at the head; False: there is nothing to send now."""
        while self._waiting and not wanted(self._world.state, self._waiting[0]):
            self._waiting.popleft()
        if not self._waiting or self._busy:
            return False
        command = self._waiting.popleft()
        if isinstance(command, LookUpCall):
            self._world.feed(voice_logs.look_up(self._world.exchange, command, self._world.now_ms))
        else:
            self._busy = True
            self._world.ledger.went_out(command)
            self._attempt(Attempt(command=command, first_ms=self._world.now_ms))
        return True

    def _attempt(self, attempt: Attempt) -> None:
        now_ms = self._world.now_ms
        if attempt.last is not None and self._seen(attempt):
            self._over(attempt, attempt.last)
        elif attempt.is_too_late(now_ms):
            self._over(attempt, attempts.TOO_LATE)
        else:
            before = self._world.exchange
            given = self._world.tell(ApiRequest(at_ms=now_ms, body=addresses.request(attempt.command)))
            assert given is not None
            if given.status >= 300 and not _is_spoilt(before, self._world.exchange):
                again = attempt.number > 0 or attempt.command.repeated
                self._world.ledger.refusals.append(Refusal(attempt.command, given, before, again))
            read = attempts.read(attempt, given)
            if read.after_ms:
                self._world.agenda.put(now_ms + read.after_ms, partial(self._answered, attempt, read))
            else:
                self._answered(attempt, read)

    def _answered(self, attempt: Attempt, read: Read) -> None:
        following = None if self._seen(attempt) else attempts.following(attempt, read, self._world.now_ms)
        if following is None:
            self._over(attempt, read.answer)
        else:
            again, at_ms = following
            self._world.agenda.put(at_ms, partial(self._attempt, again))

    def _over(self, attempt: Attempt, answer: attempts.Answer) -> None:
        self._busy = False
        settled = attempts.settled(attempt, answer)
        self._world.feed(settled.event(seq=attempt.command.seq, at_ms=self._world.now_ms))

    def _seen(self, attempt: Attempt) -> bool:
        return carried_out(self._world.state, attempt.command)


def _is_spoilt(before: ExchangeState, after: ExchangeState) -> bool:
    """Has a fault of answers happened?"""
    faults = before.options.faults
    were = before.counts or (0,) * len(faults)
    seen = zip(faults, were, after.counts or were, strict=True)
    return any(fault.do in ANSWER_FAULTS and now > then and fault.nth in (0, now) for fault, then, now in seen)


def wanted(state: RunState, command: Command) -> bool:
    """What a run has given up meanwhile is not sent (as the runner does)."""
    if state.status == "ended":
        return not isinstance(command, Fetch) and state.call.state != "ended"
    return any(command.seq == one.seq for one in state.pending)
