"""What came of one move."""

from msgspec import Struct

from engine.exchange.effects import CallerDid, Heard, HttpAnswer, Progressed
from engine.exchange.state import ExchangeState
from engine.model.advance import Advance
from engine.model.commands import SendCommand
from engine.model.events import AnyEvent
from engine.model.state import RunState
from engine.simulate.explore.situation import Flying, Situation

Happened = tuple[AnyEvent, Advance] | Heard | Progressed | CallerDid


class Turned(Struct, frozen=True):
    """An event that came to the run, the run before it, and what it made of it."""

    before: RunState
    event: AnyEvent
    done: Advance
    fault: Exception | None = None


class Refusal(Struct, frozen=True):
    """A command that the platform did not take, and the platform before it."""

    command: SendCommand
    answer: HttpAnswer
    exchange: ExchangeState
    spoilt: str
    again: bool


class Taken(Struct, frozen=True):
    """`after` the move; `turns` are what came to the run, `stale` what should have changed nothing and did, `released` the
    webhooks that it has sent on their way."""

    after: Situation
    turns: tuple[Turned, ...]
    refusals: tuple[Refusal, ...]
    happened: tuple[Happened, ...]
    stale: tuple[Turned, ...] = ()
    released: tuple[Flying, ...] = ()
