"""The families of operations, one row each."""

from collections.abc import Mapping

from engine.exchange.caller import Act, Presses
from engine.exchange.command import Family
from engine.exchange.families import bridge, collect, detect, pay, play, prompt, record, refer, services, waiting
from engine.exchange.live import AnyOperation, Collect, Detection, Playback, Recording, Referral, Service
from engine.exchange.live_swml import Bridge, Payment, Prompt, Queue
from engine.exchange.turn import Turn

FAMILIES: Mapping[type[AnyOperation], Family] = {
    Playback: play.FAMILY,
    Recording: record.FAMILY,
    Collect: collect.FAMILY,
    Detection: detect.FAMILY,
    Referral: refer.FAMILY,
    Service: services.FAMILY,
    Bridge: bridge.FAMILY,
    Queue: waiting.FAMILY,
    Payment: pay.FAMILY,
    Prompt: prompt.FAMILY,
}


def tick(turn: Turn, call_id: str, operation: AnyOperation) -> None:
    FAMILIES[type(operation)].tick(turn, call_id, operation)


def act(turn: Turn, call_id: str, did: Act) -> None:
    """Tell every live operation; those that one of them ends or begins meanwhile see it as it is."""
    now = turn.calls[call_id].operations
    taken = isinstance(did, Presses) and any(isinstance(each, Collect) and each.max_digits for each in now)
    deaf = taken and not turn.options.keys_reach_detect
    for operation in now:
        live = turn.live(call_id, operation)
        if live is not None and not (deaf and isinstance(live, Detection)):
            FAMILIES[type(live)].act(turn, call_id, live, did)


def listens(operation: AnyOperation, keys: str) -> bool:
    """Whether it makes anything of some of these keys. People who are talked to hear them, and so may services."""
    match operation:
        case Collect() | Prompt():
            return bool(operation.max_digits)
        case Detection():
            return bool(operation.digits)
        case Recording():
            return any(key in operation.terminators for key in keys)
        case Bridge() | Queue():
            return operation.talk
        case _:
            return isinstance(operation, Payment | Service)


def listens_to_words(operation: AnyOperation) -> bool:
    """Whether it makes anything of what is said, a recording among them."""
    match operation:
        case Collect() | Prompt():
            return operation.speech
        case Bridge() | Queue():
            return operation.talk
        case _:
            return isinstance(operation, Recording | Service)


def hang_up(turn: Turn, call_id: str) -> None:
    for operation in turn.calls[call_id].operations:
        FAMILIES[type(operation)].hang_up(turn, call_id, operation)


def make_way(turn: Turn, call_id: str) -> None:
    """SWML takes the call over: what must make way is stopped (playbacks, collects, ...), the rest goes on."""
    for operation in turn.calls[call_id].operations:
        family = FAMILIES[type(operation)]
        live = turn.live(call_id, operation)
        if family.make_way is not None and live is not None:
            family.make_way(turn, call_id, live)
