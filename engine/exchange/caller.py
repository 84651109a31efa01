"""A scripted caller: hears, presses, says, waits, hangs up. Pure.

    caller = Caller(script=(Hears(text="your PIN"), Presses(digits="1234#")))
    caller, acts = step(caller, at_ms=0, heard="Please enter your PIN.")

A `Hears` is done when the prompt BEGINS, so what follows it is done while the prompt still plays,
as impatient callers do; `to_the_end` waits until it is over.
"""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from engine.exchange.decisions import About, Verdict

UNREAD = 20
"""How many prompts a caller remembers who was not listening for them yet."""


class Hears(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="act", tag="hears"):
    """Wait until this text is part of a prompt (any case; for an audio file, of its URL)."""

    text: str
    to_the_end: bool = False


class Presses(Struct, frozen=True, kw_only=True, tag_field="act", tag="presses"):
    digits: str


class Says(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="act", tag="says"):
    """Speak. An empty text is a noise that nothing can be made of. `confidence` is 0-100.

    `duration_ms` 0: as long as the text takes to say.
    """

    text: str
    confidence: float = 90.0
    duration_ms: int = 0


class Silent(Struct, frozen=True, kw_only=True, tag_field="act", tag="silent"):
    ms: int


class Decides(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="act", tag="decides"):
    """Say how something turns out that the caller waits for; in a script, wait until that is open."""

    about: About
    verdict: Verdict


class HangsUp(Struct, frozen=True, kw_only=True, tag_field="act", tag="hangs_up"):
    pass


class Marks(Struct, frozen=True, kw_only=True, tag_field="act", tag="marks"):
    """A place in the script. The platform notices nothing; whoever watches learns that it is reached (`CallerDid`)."""

    name: str


Act = Presses | Says | HangsUp | Decides | Marks
"""What is told of; silence and listening are only time."""
Line = Hears | Presses | Says | Silent | HangsUp | Decides | Marks


Detected = Literal["human", "machine", "fax", "unknown"]
"""What a detector takes whoever is on the line for."""


class Sign(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a detector notices `after_ms` from its start: HUMAN, MACHINE, UNKNOWN, READY, NOT_READY, CED, CNG.

    `beep`: the tone was heard after which one may speak.
    """

    after_ms: int
    event: str
    beep: bool | None = None


class Caller(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`at` is the line of the script that is being done. `until_ms` is when a wait is over.

    `unread` are the prompts (text, when it ends) heard since the last act and not matched yet.
    """

    script: tuple[Line, ...] = ()
    at: int = 0
    until_ms: int | None = None
    unread: tuple[tuple[str, int], ...] = ()

    @property
    def waits_for(self) -> str:
        """What the caller still wants to hear; empty when it is something else or the script is over."""
        line = self.script[self.at] if self.at < len(self.script) else None
        return line.text if isinstance(line, Hears) else ""


def step(
    caller: Caller, *, at_ms: int, heard: str = "", ends_ms: int = 0, asked: str = ""
) -> tuple[Caller, tuple[Act, ...]]:
    """Go on with the script at `at_ms`; `heard` is a prompt that begins now and ends at `ends_ms`.

    `asked` is what may be decided now; it is decided once.
    """
    if heard:
        unread = (*caller.unread, (heard, ends_ms))[-UNREAD:]
        caller = replace(caller, unread=unread)
    acts: list[Act] = []
    while caller.at < len(caller.script):
        line = caller.script[caller.at]
        following = _line(caller, line, at_ms, asked)
        if following.at == caller.at:
            return following, tuple(acts)
        if isinstance(line, Act):
            acts.append(line)
        asked = "" if isinstance(line, Decides) else asked
        caller = following
    return caller, tuple(acts)


def _line(caller: Caller, line: Line, at_ms: int, asked: str) -> Caller:
    """Do one line; the same `at` means that the caller must wait."""
    match line:
        case Hears():
            return _listen(caller, line, at_ms)
        case Silent():
            until_ms = at_ms + line.ms if caller.until_ms is None else caller.until_ms
            return _wait(caller, until_ms, at_ms)
        case Decides():
            return replace(caller, at=caller.at + 1) if line.about == asked else caller
        case Marks():
            return replace(caller, at=caller.at + 1)
        case Presses() | Says() | HangsUp():
            # What was said before the caller acted is no answer to it.
            return replace(caller, at=caller.at + 1, unread=())


def _listen(caller: Caller, line: Hears, at_ms: int) -> Caller:
    if caller.until_ms is not None:
        return _wait(caller, caller.until_ms, at_ms)
    wanted = line.text.casefold()
    for index, (text, ends_ms) in enumerate(caller.unread):
        place = text.casefold().find(wanted)
        if place < 0:
            continue
        rest = text[place + len(wanted) :]
        caller = replace(caller, unread=((rest, ends_ms), *caller.unread[index + 1 :]))
        return _wait(caller, ends_ms if line.to_the_end else at_ms, at_ms)
    return caller


def _wait(caller: Caller, until_ms: int, at_ms: int) -> Caller:
    if at_ms < until_ms:
        return replace(caller, until_ms=until_ms)
    return replace(caller, at=caller.at + 1, until_ms=None)
