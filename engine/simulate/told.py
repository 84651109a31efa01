"""A line of a transcript as a person would tell it."""

from typing import Literal

from msgspec import Struct

from engine.simulate.transcript import Line

Look = Literal["", "heard", "done", "step", "faint"]
_DEEDS = ("outcome", "limit", "interrupted", "ended", "signal")
_OF_THE_CALL = ("connecting", "queued", "connected", "not connected", "disconnected", "paying", "paid", "recorded")


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
    if line.way == "call" and line.what in _OF_THE_CALL:
        return Told("", f"({line.what} {line.detail})".replace(" )", ")"), "faint")
    if line.what == "fetch" or line.what.startswith("reply "):
        words = (line.what.partition(" ")[0], line.outcome, line.detail)
        return Told("", " ".join(word for word in words if word), "faint")
    return Told()


def _heard(line: Line) -> Told:
    if line.what == "silence":
        return Told()
    said = " ".join(dict.fromkeys((line.what, line.detail))).strip() if line.what else f"“{line.detail}”"
    return Told("", f"♪ {said}" if said else "", "heard")


def _deed(line: Line) -> Told:
    if line.what == "entered":
        return Told(_time(line.at_ms), line.step, "step")
    if line.what == "handler":
        return Told("", f"→ handler {line.detail.replace(' ', ' → ')}")
    if line.what not in _DEEDS:
        return Told()
    what = "→" if line.what == "outcome" else line.what
    time = _time(line.at_ms) if line.what == "ended" else ""
    return Told(time, f"{what} {line.outcome or line.detail}".strip())


def _time(at_ms: int) -> str:
    minutes, ms = divmod(at_ms, 60_000)
    seconds = f"{ms / 1000:04.1f}"
    return f"{minutes + 1}:00.0" if seconds == "60.0" else f"{minutes}:{seconds}"
