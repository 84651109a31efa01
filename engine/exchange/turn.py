"""One input's work: the state as it becomes, and the effects so far.

A `Turn` lives within one `apply` and is the only mutable thing of the exchange: what it copies
from the state it may change, what it hands back is a new state.
"""

from typing import Any

from msgspec.structs import replace

from engine.exchange.caller import Act, step
from engine.exchange.effects import AnyEffect, Heard, Progress, Progressed
from engine.exchange.ids import uuid_shaped
from engine.exchange.live import AnyOperation
from engine.exchange.operation import earliest
from engine.exchange.state import Call, ExchangeState, LogEntry, Posted


class Turn:
    """`acts` are what scripted callers have decided to do, to be taken in next."""

    def __init__(self, state: ExchangeState) -> None:
        self.options = state.options
        self.now_ms = state.now_ms
        self.drawn = state.drawn
        self.sent = state.sent
        self.calls = dict(state.calls)
        self._dues = dict(state.dues)
        self._changed: set[str] = set()
        self.outbox = state.outbox
        self.counts = state.counts
        self.rolled = state.rolled
        self.window_ms = state.window_ms
        self.window_posts = state.window_posts
        self.dial_free_ms = state.dial_free_ms
        self.callees = state.callees
        self.ended = state.ended
        self.effects: list[AnyEffect] = []
        self.acts: list[tuple[str, Act]] = []
        self._state = state

    def done(self) -> ExchangeState:
        return replace(
            self._state,
            now_ms=self.now_ms,
            drawn=self.drawn,
            sent=self.sent,
            calls=self.calls,
            dues=self.dues,
            outbox=self.outbox,
            counts=self.counts,
            rolled=self.rolled,
            window_ms=self.window_ms,
            window_posts=self.window_posts,
            dial_free_ms=self.dial_free_ms,
            callees=self.callees,
            ended=self.ended,
        )

    @property
    def dues(self) -> dict[str, int]:
        """When each call next does something by itself: looked at when it is asked for, for a call changes often."""
        for call_id in self._changed:
            call = self.calls.get(call_id)
            due_ms = None if call is None else call.due_ms
            if due_ms is None:
                self._dues.pop(call_id, None)
            else:
                self._dues[call_id] = due_ms
        self._changed.clear()
        return self._dues

    def next_due_ms(self) -> int | None:
        posted_ms = self.outbox[0].due_ms if self.outbox else None
        return earliest(posted_ms, min(self.dues.values(), default=None))

    @property
    def seed(self) -> str:
        return self._state.seed

    def draw_id(self) -> str:
        self.drawn += 1
        return uuid_shaped(self._state.seed, self.drawn)

    def put(self, call: Call) -> Call:
        """The call as it is from now on."""
        self.calls[call.call_id] = call
        self._changed.add(call.call_id)
        return call

    def change(self, call_id: str, **changes: Any) -> Call:
        return self.put(replace(self.calls[call_id], **changes))

    def put_operation(self, call_id: str, operation: AnyOperation) -> None:
        """Add the operation, or put it in the place of the one with its kind and control_id."""
        kept = self.calls[call_id].operations
        if not any(same(operation, other) for other in kept):
            self.change(call_id, operations=(*kept, operation))
            return
        changed = tuple(operation if same(operation, other) else other for other in kept)
        self.change(call_id, operations=changed)

    def drop_operation(self, call_id: str, operation: AnyOperation) -> None:
        kept = self.calls[call_id].operations
        self.change(call_id, operations=tuple(other for other in kept if not same(operation, other)))

    def live(self, call_id: str, operation: AnyOperation) -> AnyOperation | None:
        """The operation as it is now; None when it is over."""
        operations = self.calls[call_id].operations
        return next((other for other in operations if same(operation, other)), None)

    def post(self, posted: Posted) -> None:
        """Keep a webhook until its time; those of one moment leave in the order of their numbers."""
        self.outbox = tuple(sorted((*self.outbox, posted), key=lambda each: (each.due_ms, each.n)))

    def emit(self, effect: AnyEffect) -> None:
        self.effects.append(effect)
        if isinstance(effect, Heard):
            self.prompt_caller(effect.call_id, effect)

    def progress(self, call_id: str, what: Progress, *, detail: str = "", control_id: str = "") -> None:
        self.emit(Progressed(call_id=call_id, at_ms=self.now_ms, what=what, detail=detail, control_id=control_id))

    def log(self, call_id: str, name: str, /, **details: Any) -> None:
        if self.options.keep_log:
            entry = LogEntry(self.now_ms, name, details)
            self.change(call_id, log=(*self.calls[call_id].log, entry))

    def prompt_caller(self, call_id: str, heard: Heard | None = None) -> None:
        """Let the call's scripted caller go on, with what was just heard, and what may be decided."""
        call = self.calls[call_id]
        caller = call.caller
        if caller is None or call.is_over:
            return
        text, ends_ms = ("", 0) if heard is None else (heard.words, self.now_ms + heard.duration_ms)
        caller, acts = step(caller, at_ms=self.now_ms, heard=text, ends_ms=ends_ms, asked=call.asks)
        self.change(call_id, caller=caller)
        self.acts += ((call_id, act) for act in acts)


def same(one: AnyOperation, other: AnyOperation) -> bool:
    """An operation is known by its kind and its control_id."""
    return one.kind == other.kind and one.control_id == other.control_id
