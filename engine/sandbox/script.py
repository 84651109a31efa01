"""A caller's script as JSON: a list of lines, each an object that says what the caller does.

{"hears": "your PIN"}              wait for a prompt with this text; with "to_the_end": true, for its end
{"presses": "1234#"}
{"says": "balance"}                with "confidence" (0-100) and "duration_ms" if wanted
{"silent_ms": 6000}
{"hangs_up": true}
{"bridge": "talks 60s"}            how it goes when SWML rings somebody; so `queue`, `pay`, `peer`, `left` (see `decision_text`)
"""

from typing import Any

import msgspec

from engine.exchange.caller import HangsUp, Hears, Line, Presses, Says, Silent
from engine.exchange.decision_text import DecisionTextError, read_decision
from engine.exchange.decisions import WORDS

KEYS = frozenset("0123456789*#ABCD")


class ScriptError(ValueError):
    """A script that cannot be played; the message says which line and why."""


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    hears: str | None = None
    to_the_end: bool = False
    presses: str | None = None
    says: str | None = None
    confidence: float = 90.0
    duration_ms: int = 0
    silent_ms: int | None = None
    hangs_up: bool | None = None
    bridge: str | None = None
    queue: str | None = None
    pay: str | None = None
    peer: str | None = None
    left: str | None = None


def read_script(value: Any) -> tuple[Line, ...]:
    """The lines of a decoded JSON list; None is an empty script."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ScriptError("a script must be a list of lines")
    return tuple(read_line(line, f"line {number}") for number, line in enumerate(value, 1))


def read_line(value: Any, where: str = "it") -> Line:
    try:
        line = msgspec.convert(value, _Line)
    except msgspec.ValidationError as error:
        raise ScriptError(f"{where}: {error}") from None
    try:
        given = [*_given(line), *_decided(line)]
    except DecisionTextError as error:
        raise ScriptError(f"{where}: {error}") from None
    if len(given) != 1:
        known = ", ".join(("hears", "presses", "says", "silent_ms", "hangs_up", *WORDS))
        raise ScriptError(f"{where} must have one of {known}")
    return given[0]


def _given(line: _Line) -> list[Line]:
    found: list[Line] = []
    if line.hears is not None:
        found.append(Hears(text=line.hears, to_the_end=line.to_the_end))
    if line.presses is not None:
        found.append(Presses(digits=_digits(line.presses)))
    if line.says is not None:
        found.append(Says(text=line.says, confidence=line.confidence, duration_ms=line.duration_ms))
    if line.silent_ms is not None:
        found.append(Silent(ms=line.silent_ms))
    if line.hangs_up:
        found.append(HangsUp())
    return found


def _decided(line: _Line) -> list[Line]:
    written = {about: getattr(line, about) for about in WORDS}
    return [read_decision(about, text) for about, text in written.items() if text is not None]


def _digits(text: str) -> str:
    strange = sorted(set(text) - KEYS)
    if strange or not text:
        raise ScriptError(f"{text!r} are not keys of a telephone (0-9, *, #, A-D)")
    return text
