"""The webhooks of a simulated call, as faults name them."""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from engine.model.advance import Advance
from engine.model.events import AnyEvent, CallStateReported, OperationReported
from engine.model.state import RunState
from engine.simulate.outcome import Outcome


class Webhook(Struct, frozen=True, kw_only=True):
    """The `nth` of its kind, from 1; `before`: the run that it came to, `done` what that made of it."""

    kind: str
    nth: int
    before: RunState
    event: AnyEvent
    done: Advance


def of(outcome: Outcome) -> Iterator[Webhook]:
    seen: Counter[str] = Counter()
    before: RunState | None = None
    for one in outcome.happened:
        if isinstance(one, tuple):
            event, done = one
            kind = _kind(event)
            seen[kind] += 1
            if before is not None and kind:
                yield Webhook(kind=kind, nth=seen[kind], before=before, event=event, done=done)
            before = done.state


def _kind(event: AnyEvent) -> str:
    match event:
        case OperationReported():
            return f"{event.verb}.{event.mark}"
        case CallStateReported():
            return f"call.{event.call_state}"
    return ""
