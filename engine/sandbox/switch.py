"""The switch: one exchange on a running clock, its effects carried out.

Every input goes through `feed`, synchronously, so inputs have one order; effects that need the
network become tasks. The webhooks of one call leave one after the other, those of different calls
at the same time.
"""

from collections import deque
from collections.abc import Callable
from typing import Any, assert_never

import anyio
import anyio.abc
import msgspec

from engine.exchange.apply import apply, new_exchange, next_due_ms
from engine.exchange.effects import AnyEffect, CallerDid, Deliver, FetchSwml, Heard, HttpAnswer, Progressed
from engine.exchange.inputs import AnyInput, ApiRequest, SwmlAnswered, TimePassed
from engine.exchange.options import ExchangeOptions
from engine.sandbox.clock import Clock
from engine.sandbox.deliver import Courier
from engine.sandbox.records import CallRecord, Webhook


class Switch:
    """`records` are by call_id, oldest first; `closing` is set when no answer need be waited for any more. `run` must
    be going for time to pass and requests to leave."""

    def __init__(self, *, options: ExchangeOptions, clock: Clock, courier: Courier, seed: str) -> None:
        self.clock = clock
        self.state = new_exchange(options=options, seed=seed, now_ms=clock.now_ms())
        self.records: dict[str, CallRecord] = {}
        self.closing = anyio.Event()
        self._courier = courier
        self._tasks: anyio.abc.TaskGroup | None = None
        self._outgoing: dict[str, deque[tuple[Deliver, Webhook]]] = {}
        self._wake = anyio.Event()
        self._waits_until_ms: int | None = None

    def feed(self, stamp: Callable[[int], AnyInput]) -> HttpAnswer | None:
        """Take an input in; `stamp` makes it, given the time."""
        reaction = apply(self.state, stamp(self.clock.now_ms()))
        self.state = reaction.state
        for effect in reaction.effects:
            self._carry_out(effect)
        self._forget()
        due_ms = next_due_ms(self.state)
        if due_ms is not None and (self._waits_until_ms is None or due_ms < self._waits_until_ms):
            self._wake.set()
        return reaction.answer

    def request(self, body: Any) -> HttpAnswer:
        """An API request, recorded with the call that it is about."""
        answer = self.feed(lambda at_ms: ApiRequest(at_ms=at_ms, body=body))
        assert answer is not None, "the exchange answers every request"
        if isinstance(body, dict) and (record := self.records.get(_subject(body, answer))):
            record.add_command(self.state.now_ms, body, answer)
        return answer

    async def run(self, *, task_status: anyio.abc.TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Let time pass and effects happen until cancelled."""
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            task_status.started()
            while True:
                await self._next_due()
                self.feed(lambda at_ms: TimePassed(at_ms=at_ms))

    def release_waiters(self) -> None:
        self.closing.set()
        for record in self.records.values():
            record.wake()

    async def _next_due(self) -> None:
        """Sleep until something is due, anew whenever something comes to be due earlier."""
        while True:
            self._wake = anyio.Event()
            due_ms = self._waits_until_ms = next_due_ms(self.state)
            if due_ms is None:
                await self._wake.wait()
                continue
            with anyio.move_on_after(self.clock.seconds_until(due_ms)):
                await self._wake.wait()
            if self.clock.now_ms() >= due_ms:
                return

    def _carry_out(self, effect: AnyEffect) -> None:
        record = self.records.setdefault(effect.call_id, CallRecord(effect.call_id))
        match effect:
            case Heard() | Progressed() | CallerDid():
                record.add_line(effect)
            case Deliver():
                self._enqueue(effect, record.add_webhook(effect))
            case FetchSwml():
                self._start(self._fetch, effect)
            case _:
                assert_never(effect)

    def _enqueue(self, effect: Deliver, webhook: Webhook) -> None:
        waiting = self._outgoing.get(effect.call_id)
        if waiting is not None:
            waiting.append((effect, webhook))
            return
        self._outgoing[effect.call_id] = deque([(effect, webhook)])
        self._start(self._deliver, effect.call_id)

    def _start(self, work: Callable[..., Any], *args: Any) -> None:
        if self._tasks is None:
            raise RuntimeError("the switch is not running")
        self._tasks.start_soon(work, *args)

    async def _deliver(self, call_id: str) -> None:
        """Send the webhooks of one call until none is waiting."""
        waiting = self._outgoing[call_id]
        while waiting:
            effect, webhook = waiting.popleft()
            response = await self._courier.send(effect.method, effect.url, effect.body)
            webhook.status, webhook.error, webhook.tries = response.status, response.error, response.tries
        del self._outgoing[call_id]

    async def _fetch(self, effect: FetchSwml) -> None:
        response = await self._courier.send(effect.method, effect.url, effect.body, swml=True)
        document, failure = None, response.error or f"HTTP {response.status}"
        if response.ok:
            document, failure = _document(response.body)
        self.feed(
            lambda at_ms: SwmlAnswered(
                at_ms=at_ms, call_id=effect.call_id, fetch=effect.fetch, document=document, failure=failure
            )
        )

    def _forget(self) -> None:
        """What the exchange has forgotten is not remembered here either."""
        if len(self.records) > len(self.state.calls):
            self.records = {call_id: kept for call_id, kept in self.records.items() if call_id in self.state.calls}


def _subject(body: dict[str, Any], answer: HttpAnswer) -> str:
    """The call that a request is about: the one it names, or the one that it made."""
    params = body.get("params")
    named = body.get("id") or (params.get("id") if isinstance(params, dict) else None)
    return str(named or answer.body.get("id", ""))


def _document(body: bytes) -> tuple[dict[str, Any] | None, str]:
    """A SWML document, or why it is none."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any]), ""
    except msgspec.DecodeError as error:
        return None, f"not a JSON object: {error}"
