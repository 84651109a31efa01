"""Faults and options as they are written on a command line.

play.finished:drop          the first one
play.finished:drop:2        the second; `all` for every one, `10%` for each by chance
play:fail                   an operation that reports an error
calling.play:late:1:3s      with a delay, in ms or s
"""

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec.structs import fields

from engine.exchange.faults import ANSWER_FAULTS, DEFAULT_DELAY_MS, OPERATION_FAULTS, WEBHOOK_FAULTS, Fault
from engine.exchange.options import ExchangeOptions, Rate
from engine.exchange.table import COMMANDS

FALLIBLE = ("play", "record", "collect")
"""The operations that report an error."""
WEBHOOKS: Mapping[str, tuple[str, ...]] = {
    "call": ("created", "ringing", "answered", "ending", "ended"),
    "play": ("playing", "paused", "finished", "error"),
    "record": ("recording", "paused", "finished", "no_input", "error"),
    "collect": (
        *("collecting", "start_of_input", "partial", "digit", "speech", "no_input", "no_match"),
        *("finished", "error"),
    ),
    "detect": (
        *("HUMAN", "MACHINE", "UNKNOWN", "READY", "NOT_READY", "CED", "CNG", "finished"),
        *"0123456789*#ABCD",
    ),
    "tap": ("tapping", "finished"),
    "stream": ("streaming", "finished"),
    "transcribe": ("transcribing", "finished"),
    "transcript": ("completed", "failed"),
    "connect": ("connecting", "connected", "failed", "disconnected"),
    "queue": ("enqueue", "dequeue", "leave"),
    "refer": ("inProgress", "cancel", "busy", "noAnswer", "disconnected", "error", "success"),
    "live_transcribe": ("summary",),
    "live_translate": ("summary",),
    "ai_sidecar": ("answered",),
}
"""The webhooks that the platform sends: operations and their words."""
_KINDS = tuple(f"{name}.{word}" for name, words in WEBHOOKS.items() for word in words)
_LEAST_OF_ONE = ("tts_chars_per_s",)
"""Numbers that 0 makes no sense of."""
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
    check_fault(kind, do)
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
    wants = _wants(name, hint)
    try:
        value = msgspec.json.decode(text) if text.startswith(("{", "[")) else text
        value = msgspec.convert(value, hint, strict=False)
    except (msgspec.ValidationError, msgspec.DecodeError):
        raise FaultTextError(f"{name}={text}: want {wants}") from None
    if name == "faults":
        check_faults(value)
    if _negative(value) or (name in _LEAST_OF_ONE and value < 1):
        raise FaultTextError(f"{name}={text}: want {wants}")
    return value


def check_faults(faults: Iterable[Fault]) -> None:
    """Faults that were given as JSON: what they say must be possible too."""
    for fault in faults:
        check_fault(fault.kind, fault.do)
        if fault.nth < 0:
            raise FaultTextError(f"{fault.kind}:{fault.do}: nth is a number from 1, or 0 for every one")
        if fault.delay_ms < 0:
            raise FaultTextError(f"{fault.kind}:{fault.do}: delay_ms is a number from 0")
        if fault.probability is not None and not 0 <= fault.probability <= 1:
            raise FaultTextError(f"{fault.kind}:{fault.do}: probability is a number from 0 to 1")


def _wants(name: str, hint: Any) -> str:
    """What an option takes, in words."""
    kind = get_origin(hint) or hint
    if kind is Literal:
        return f"one of {', '.join(map(str, get_args(hint)))}"
    if kind in (Union, UnionType):
        return " or ".join(_wants(name, one) for one in get_args(hint) if one is not type(None))
    if kind is bool:
        return "true or false"
    if kind is int:
        return f"a whole number from {1 if name in _LEAST_OF_ONE else 0}"
    if kind is str:
        return "a text"
    if kind is Rate:
        members = ", ".join(field.name for field in fields(Rate))
        return f"a map as JSON, with {members}; none of them negative"
    if kind is tuple:
        return 'a list as JSON, such as [{"kind": "play.finished", "do": "drop"}]'
    takes = "whole numbers from 0" if int in get_args(hint) else "texts"
    return f"a map as JSON from texts to {takes}"


def _negative(value: Any) -> bool:
    """Is it a number below 0, or does it have one?"""
    if isinstance(value, dict):
        return any(map(_negative, value.values()))
    if isinstance(value, Rate):
        return any(_negative(getattr(value, field.name)) for field in fields(Rate))
    return isinstance(value, int | float) and value < 0


def check_fault(kind: str, do: str) -> None:
    """`FaultTextError` where there is no such kind, or this cannot happen to it."""
    if do in ANSWER_FAULTS:
        if not any(fnmatchcase(command, kind) for command in COMMANDS):
            raise FaultTextError(
                f"{kind}:{do}: {do} happens to the answers of commands, and {kind} is none: want one of {', '.join(COMMANDS)}"
            )
    elif do in OPERATION_FAULTS:
        if not any(fnmatchcase(operation, kind) for operation in FALLIBLE):
            raise FaultTextError(f"{kind}:{do}: want one of {', '.join(FALLIBLE)}, which can fail")
    elif do not in WEBHOOK_FAULTS:
        raise FaultTextError(
            f"{kind}:{do}: want one of {', '.join((*WEBHOOK_FAULTS, *ANSWER_FAULTS, *OPERATION_FAULTS))}"
        )
    elif kind in COMMANDS:
        raise FaultTextError(f"{kind}:{do}: {do} happens to webhooks, such as play.finished")
    elif not any(fnmatchcase(one, kind) for one in _KINDS):
        raise FaultTextError(f"{kind}:{do}: there is no such webhook: want {_known(kind)}, or a pattern such as play.*")


def _known(kind: str) -> str:
    """The kind that is written otherwise, else the kinds of the operation that is named, or of all."""
    alike = next((one for one in sorted(_KINDS) if one.casefold() == kind.casefold()), "")
    if alike:
        return alike
    name = kind.partition(".")[0]
    near = {name: WEBHOOKS[name]} if name in WEBHOOKS else WEBHOOKS
    return f"one of {', '.join(f'{name}.{word}' for name, words in near.items() for word in words)}"


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
