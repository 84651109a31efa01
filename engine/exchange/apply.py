"""The one way in: `apply(state, input) -> Reaction`. Pure; equal arguments give equal reactions."""

from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from engine.exchange import dialing, life, operations, requests, swml
from engine.exchange.caller import Act, Decides, HangsUp, Marks, Presses
from engine.exchange.effects import AnyEffect, CallerDid, HttpAnswer
from engine.exchange.inputs import (
    AnyInput,
    ApiRequest,
    CalleeSet,
    CallerActed,
    CallPlaced,
    SwmlAnswered,
    TimePassed,
)
from engine.exchange.operation import earliest
from engine.exchange.options import ExchangeOptions
from engine.exchange.state import Call, ExchangeState, decode_state, encode
from engine.exchange.turn import Turn
from engine.exchange.webhooks import release


class Reaction(Struct, frozen=True):
    """The new state, the answer to an `ApiRequest` (None to anything else), and what happened."""

    state: ExchangeState
    answer: HttpAnswer | None
    effects: tuple[AnyEffect, ...]


def new_exchange(*, options: ExchangeOptions | None = None, seed: str = "exchange", now_ms: int = 0) -> ExchangeState:
    """A platform with no calls. Ids that it makes up are a function of `seed`."""
    state = ExchangeState(seed=seed, options=options or ExchangeOptions(), now_ms=now_ms)
    # As it comes back from storage: an option given as 1 is the same as one given as 1.0.
    return decode_state(encode(state))


def apply(state: ExchangeState, given: AnyInput) -> Reaction:
    """First whatever was due until `given.at_ms`, in order of time, then the input itself."""
    turn = Turn(state)
    _until(turn, given.at_ms)
    turn.now_ms = max(turn.now_ms, given.at_ms)
    answer = _take(turn, given)
    _settle(turn)
    _until(turn, turn.now_ms)
    return Reaction(turn.done(), answer, tuple(turn.effects))


def next_due_ms(state: ExchangeState) -> int | None:
    """When `TimePassed` will next change something; None: never by itself."""
    posted_ms = state.outbox[0].due_ms if state.outbox else None
    return earliest(posted_ms, min(state.dues.values(), default=None))


def _take(turn: Turn, given: AnyInput) -> HttpAnswer | None:
    match given:
        case ApiRequest():
            return requests.answer(turn, given.body)
        case CallPlaced():
            dialing.place(turn, given)
        case CallerActed():
            _act(turn, given.call_id, given.action)
        case CalleeSet():
            turn.callees = {**turn.callees, given.number: replace(given, at_ms=0)}
        case SwmlAnswered():
            swml.answered(turn, given)
        case TimePassed():
            pass
        case _:
            assert_never(given)
    return None


def _act(turn: Turn, call_id: str, did: Act) -> None:
    """Keys and words count on an answered call only; hanging up before that gives the call up."""
    call = turn.calls.get(call_id)
    if call is None or call.is_over or isinstance(did, Marks):
        return
    if isinstance(did, HangsUp):
        life.end(turn, call_id, "hangup" if call.state == "answered" else "abandoned")
    elif isinstance(did, Decides):
        _decide(turn, call, did)
    elif call.state == "answered":
        operations.act(turn, call_id, did)


def _decide(turn: Turn, call: Call, did: Decides) -> None:
    """A call that has left comes back; anything else is up to what is live."""
    if did.about == "left" and call.left:
        swml.come_back(turn, call.call_id)
    else:
        operations.act(turn, call.call_id, did)


def _settle(turn: Turn) -> None:
    """Take in what scripted callers decided to do, which may move others, until all is quiet."""
    while turn.acts:
        call_id, did = turn.acts.pop(0)
        in_vain = _in_vain(turn, turn.calls.get(call_id), did)
        turn.emit(CallerDid(call_id=call_id, at_ms=turn.now_ms, act=did, in_vain=in_vain))
        _act(turn, call_id, did)


def _in_vain(turn: Turn, call: Call | None, did: Act) -> int:
    """How many keys nobody has an ear for; whoever has taken the call over does."""
    if not isinstance(did, Presses):
        return 0
    if call is None or call.state != "answered":
        return len(did.digits)
    return 0 if call.left else len(did.digits) - operations.heeds(turn, call.operations, did.digits)


def _until(turn: Turn, at_ms: int) -> None:
    """Everything that is due by then, one thing at a time, each at its own moment."""
    while (due_ms := turn.next_due_ms()) is not None and due_ms <= at_ms:
        turn.now_ms = max(turn.now_ms, due_ms)
        if turn.outbox and turn.outbox[0].due_ms <= due_ms:
            posted, *rest = turn.outbox
            turn.outbox = tuple(rest)
            release(turn, posted)
        else:
            _tick(turn, _first(turn))
        _settle(turn)


def _first(turn: Turn) -> Call:
    """The call whose time comes first; at one moment the older call."""
    return turn.calls[min(turn.dues, key=turn.dues.__getitem__)]


def _tick(turn: Turn, call: Call) -> None:
    """The call's earliest due thing: its own step, else an operation, else its scripted caller."""
    due_ms = turn.dues[call.call_id]
    for step in call.steps:
        if step.due_ms <= due_ms:
            turn.change(call.call_id, steps=tuple(each for each in call.steps if each != step))
            dialing.tick(turn, call.call_id, step)
            return
    for operation in call.operations:
        if operation.due_ms is not None and operation.due_ms <= due_ms:
            operations.tick(turn, call.call_id, operation)
            return
    turn.prompt_caller(call.call_id)
