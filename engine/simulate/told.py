"""A line of a transcript as a person would tell it."""

from typing import Literal

from msgspec import Struct

from engine.simulate.transcript import Line

Look = Literal["", "heard", "done", "step", "faint"]
_OF_THE_CALL = ("ringing", "connecting", "queued", "connected", "disconnected", "paying")
_WITH_CODE = ("error", "rejected", "lost", "expression")
"""Outcomes of which one asks why."""


class Told(Struct, frozen=True):
    """`time` (`0:04.5`) is said once for each step; `look` is what kind of thing it is. No `text`: nothing that such a
    reader asks for."""

    time: str = ""
    text: str = ""
    look: Look = ""


def told(line: Line) -> Told:
    if line.way == "hears":
        return _heard(line)
    if line.way == "does":
        return Told("", f"> {line.what} {line.detail}".rstrip(), "done")
    if line.way == "step":
        return _deed(line)
    if line.way == "call":
        return Told("", _becomes(line), "faint")
    if line.what == "fetch":
        return Told("", f"fetch {line.detail}", "faint")
    if line.what.startswith("reply "):
        return Told("", _reply(line), "faint")
    return Told()


def marked(line: Line) -> str:
    """The same where it has to say something, be it what nobody asks for."""
    if text := told(line).text:
        return text
    said = " ".join(word for word in (line.what, line.outcome, line.detail) if word)
    if line.way == "out":
        return f"sent {said}"
    if line.what.startswith("answer "):
        return f"answered: {line.outcome} {line.detail}".rstrip()
    if line.way == "in":
        return f"reported: {said}"
    if line.way == "call":
        return "(the call has ended)" if line.what == "ended" else f"({said})"
    return f"too late to change anything: {line.detail}" if line.what == "late" else said


def is_told(line: Line) -> bool:
    return bool(told(line).text)


def _becomes(line: Line) -> str:
    """What becomes of the call."""
    match line.what:
        case "recorded":
            return "(recorded)"
        case "paid":
            return f"({'paid' if line.detail == 'success' else 'not paid'}: {line.detail})"
        case "not connected":
            return f"(not connected: {line.detail})"
        case "ended":
            return f"(the call has ended: {line.detail})" if line.detail != "hangup" else ""
        case "left":
            return f"(gone to {line.detail})"
        case what:
            return f"({what} {line.detail})".replace(" )", ")") if what in _OF_THE_CALL else ""


def _reply(line: Line) -> str:
    """What came of a request, less the code, which the words say as well."""
    first, _, rest = line.detail.partition(" ")
    match line.outcome:
        case "invalid":
            return f"reply {first} does not fit: {rest.partition(' ')[2]}"
        case "timeout" | "failed":
            return f"no reply: {rest.partition(' ')[2] if first.isdigit() else rest}"
        case _:
            return f"reply {line.detail}"


def _heard(line: Line) -> Told:
    if line.what == "silence":
        return Told()
    said = " ".join(dict.fromkeys((line.what, line.detail))).strip() if line.what else f"“{line.detail}”"
    return Told("", f"♪ {said}" if said else "", "heard")


def _deed(line: Line) -> Told:
    match line.what:
        case "entered":
            return Told(_time(line.at_ms), line.step, "step")
        case "handler":
            return Told("", f"→ handler {line.detail.replace(' ', ' → ')}")
        case "outcome":
            why = line.detail if line.outcome in _WITH_CODE and line.detail != line.outcome else ""
            return Told("", f"→ {line.outcome} ({why})" if why else f"→ {line.outcome}")
        case "limit":
            return Told("", f"limit: {line.detail.replace(' ', ' of ')}")
        case "ended":
            return Told(_time(line.at_ms), f"ended {line.detail}")
        case "returned" if "/" not in line.step:
            return Told("", f"returns {line.detail}")
        case "interrupted":
            return Told("", "interrupted")
        case _:
            return Told()


def _time(at_ms: int) -> str:
    minutes, ms = divmod(at_ms, 60_000)
    seconds = f"{ms / 1000:04.1f}"
    return f"{minutes + 1}:00.0" if seconds == "60.0" else f"{minutes}:{seconds}"
