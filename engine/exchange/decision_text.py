"""How something turns out, as it is written in a script or typed at the phone.

talks               somebody answers, and they talk for as long as the options say
talks 60s           ... for a minute
busy after 2s       it rings for two seconds before
"""

import re

from engine.exchange.caller import Decides
from engine.exchange.decisions import WORDS, About, Verdict

_TEXT = re.compile(
    r"(?P<word>[a-z_-]+)(?: +(?P<talk>\d+(?:\.\d+)?(?:ms|s|m)))?(?: +after +(?P<after>\d+(?:\.\d+)?(?:ms|s|m)))?"
)
_UNITS_MS = {"ms": 1, "s": 1_000, "m": 60_000}


class DecisionTextError(ValueError):
    """It cannot be read; the message says why."""


def read_decision(about: About, text: str) -> Decides:
    """`WORD [DURATION] [after DURATION]`, a duration being `500ms`, `60s` or `2m`."""
    match = _TEXT.fullmatch(text.strip())
    words = ", ".join(WORDS[about])
    if match is None:
        raise DecisionTextError(f"{about}: {text!r} is not one of {words}, with `60s` and `after 5s` if wanted")
    if match["word"] not in WORDS[about]:
        raise DecisionTextError(f"{about}: {match['word']!r} is not one of {words}")
    if match["talk"] and match["word"] != "talks":
        raise DecisionTextError(
            f"{about}: only `talks` lasts; when {match['word']} comes about is `after {match['talk']}`"
        )
    verdict = Verdict(word=match["word"], talk_ms=_ms(match["talk"]), after_ms=_ms(match["after"]))
    return Decides(about=about, verdict=verdict)


def write_decision(verdict: Verdict) -> str:
    """The text that reads as this."""
    talk = "" if verdict.talk_ms is None else f" {verdict.talk_ms / 1_000:g}s"
    after = "" if verdict.after_ms is None else f" after {verdict.after_ms / 1_000:g}s"
    return f"{verdict.word}{talk}{after}"


def _ms(duration: str | None) -> int | None:
    if duration is None:
        return None
    number = duration.rstrip("ms")
    return round(float(number) * _UNITS_MS[duration[len(number) :]])
