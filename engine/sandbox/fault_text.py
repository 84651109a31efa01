"""Faults and options as they are written on a command line.

play.finished:drop          the first one
play.finished:drop:2        the second; `all` for every one, `10%` for each by chance
play:fail                   an operation that reports an error
calling.play:late:1:3s      with a delay, in ms or s
"""

import re
from fnmatch import fnmatchcase
from typing import Any

import msgspec
from msgspec.structs import fields

from engine.exchange.faults import ANSWER_FAULTS, DEFAULT_DELAY_MS, OPERATION_FAULTS, WEBHOOK_FAULTS, Fault
from engine.exchange.options import ExchangeOptions
from engine.exchange.table import COMMANDS

FALLIBLE = ("play", "record", "collect")
"""The operations that report an error."""
_WHICH = re.compile(r"(?P<nth>[1-9][0-9]*)|(?P<all>all)|(?P<percent>[0-9]+(\.[0-9]+)?)%")
_DELAY = re.compile(r"(?P<number>[0-9]+)(?P<unit>ms|s)")


class FaultTextError(ValueError):
    """It cannot be read; the message says why."""


def read_fault(text: str) -> Fault:
    """A fault from `KIND:DO[:WHICH[:DELAY]]`."""
    kind, *rest = text.split(":")
    if not kind or not 1 <= len(rest) <= 3:
        raise FaultTextError(f"{text}: want KIND:DO[:WHICH[:DELAY]], such as play.finished:drop:2")
    do, which, delay = [*rest, *("", "1", "")[len(rest) :]]
    _check(kind, do)
    nth, probability = _which(which)
    return msgspec.convert(
        {"kind": kind, "do": do, "nth": nth, "probability": probability, "delay_ms": _delay_ms(delay)}, Fault
    )


def read_options(texts: list[str]) -> dict[str, Any]:
    """Options of the exchange from `NAME=VALUE`, typed as they must be."""
    names = {field.name for field in fields(ExchangeOptions)}
    given: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or name not in names:
            raise FaultTextError(f"{text}: want NAME=VALUE with one of {', '.join(sorted(names))}")
        given[name] = _value(name, value)
    return given


def _value(name: str, text: str) -> Any:
    """Numbers and true or false as they are, maps and lists as JSON."""
    hint = next(field.type for field in fields(ExchangeOptions) if field.name == name)
    try:
        value = msgspec.json.decode(text) if text.startswith(("{", "[")) else text
        return msgspec.convert(value, hint, strict=False)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise FaultTextError(f"{name}={text}: {error}") from None


def _check(kind: str, do: str) -> None:
    if do in ANSWER_FAULTS:
        if not any(fnmatchcase(command, kind) for command in COMMANDS):
            raise FaultTextError(f"{kind}:{do}: {do} happens to the answers of commands, and {kind} is none")
    elif do in OPERATION_FAULTS:
        if not any(fnmatchcase(operation, kind) for operation in FALLIBLE):
            raise FaultTextError(f"{kind}:{do}: want one of {', '.join(FALLIBLE)}, which can fail")
    elif do not in WEBHOOK_FAULTS:
        raise FaultTextError(
            f"{kind}:{do}: want one of {', '.join((*WEBHOOK_FAULTS, *ANSWER_FAULTS, *OPERATION_FAULTS))}"
        )
    elif kind in COMMANDS:
        raise FaultTextError(f"{kind}:{do}: {do} happens to webhooks, such as play.finished")


def _which(text: str) -> tuple[int, float | None]:
    found = _WHICH.fullmatch(text)
    if found is None:
        raise FaultTextError(f"{text}: want a number from 1, `all`, or a chance such as 10%")
    if found["percent"]:
        return 1, float(found["percent"]) / 100
    return (0 if found["all"] else int(found["nth"])), None


def _delay_ms(text: str) -> int:
    found = _DELAY.fullmatch(text)
    if found is None:
        if text:
            raise FaultTextError(f"{text}: want a delay such as 500ms or 3s")
        return DEFAULT_DELAY_MS
    return int(found["number"]) * (1_000 if found["unit"] == "s" else 1)
