"""What a call did, as far as anybody outside can tell: two flows that behave alike are one to callers and services."""

from collections.abc import Iterator
from typing import Any

from engine.exchange.effects import CallerDid, Heard, Progressed
from engine.model.commands import Fetch, SendCommand
from engine.simulate.outcome import Outcome

Behaviour = tuple[Any, ...]


def behaviour(outcome: Outcome) -> Behaviour:
    """Commands with their params, what is heard and when, requests to services, and the end. Names of steps are none of it:
    an operation is known by its number."""
    return (outcome.ended, bool(outcome.stuck), outcome.open, tuple(map(repr, _deeds(outcome))))


def _deeds(outcome: Outcome) -> Iterator[Any]:
    numbers: dict[str, int] = {}
    for one in outcome.happened:
        match one:
            case Heard():
                yield ("hears", one.at_ms, one.sound, one.text, one.duration_ms)
            case Progressed():
                yield ("call", one.at_ms, one.what)
            case CallerDid():
                yield ("does", one.at_ms, one.act)
            case (_, done):
                for command in done.commands:
                    yield from _command(command, done.state.at_ms, numbers)


def _command(command: Any, at_ms: int, numbers: dict[str, int]) -> Iterator[Any]:
    match command:
        case SendCommand():
            number = numbers.setdefault(command.control_id or "", len(numbers))
            yield ("sends", at_ms, command.command, number, _known(command.params, numbers))
        case Fetch():
            yield ("asks", at_ms, command.method, command.url, command.headers, command.json, command.body)


def _known(params: Any, numbers: dict[str, int]) -> str:
    """The params with the names of operations as their numbers."""
    text = repr(params)
    for name, number in numbers.items():
        text = text.replace(name, f"#{number}") if name else text
    return text
