"""The families of operations, one row each."""

from collections.abc import Mapping, Sequence

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
    deaf = isinstance(did, Presses) and _take_keys(now) and not turn.options.keys_reach_detect
    for operation in now:
        live = turn.live(call_id, operation)
        if live is not None and not (deaf and isinstance(live, Detection)):
            FAMILIES[type(live)].act(turn, call_id, live, did)


def heeds(turn: Turn, operations: Sequence[AnyOperation], keys: str) -> int:
    """How many of the keys, from the first one on, anything is made of by these operations. People who are talked to hear them,
    and so may services."""
    deaf = _take_keys(operations) and not turn.options.keys_reach_detect
    return max((_heeds(each, keys) for each in operations if not (deaf and isinstance(each, Detection))), default=0)


def listens(operation: AnyOperation, keys: str) -> bool:
    """Whether it makes anything of some of these keys."""
    return _heeds(operation, keys) > 0


def _take_keys(operations: Sequence[AnyOperation]) -> bool:
    return any(isinstance(each, Collect) and each.max_digits for each in operations)


def _heeds(operation: AnyOperation, keys: str) -> int:
    match operation:
        case Collect(continuous=True, max_digits=most) if most:
            return len(keys)
        case Collect() | Prompt():
            return _entered(keys, operation.max_digits - len(operation.digits), operation.terminators)
        case Detection():
            return len(keys) if operation.digits else 0
        case Recording():
            return next((place for place, key in enumerate(keys, 1) if key in operation.terminators), 0)
        case Bridge() | Queue():
            return len(keys) if operation.talk else 0
        case _:
            return len(keys) if isinstance(operation, Payment | Service) else 0


def _entered(keys: str, room: int, terminators: str) -> int:
    """A terminator belongs to the entry that it ends, be that full already: who presses it cannot know."""
    for place, key in enumerate(keys if room else ""):
        if key in terminators:
            return place + 1
        if place == room:
            return place
    return len(keys) if room else 0


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
