"""Words for what happened in a call."""

import difflib
from collections.abc import Iterable
from typing import Any

import msgspec

from engine.exchange.caller import Hears, Silent
from engine.exchange.caller import Line as ScriptLine
from engine.simulate import story
from engine.simulate.ledger import is_last
from engine.simulate.transcript import Line

_LONG = 200
_ENOUGH = 40


def line(one: ScriptLine) -> str:
    """A line of a script."""
    match one:
        case Hears():
            return f"hears “{one.text}”"
        case Silent():
            return f"silent for {one.ms / 1000:g} s"
        case _:
            return story.does(one)


def beginning(text: str) -> str:
    """Its first words: enough to know a prompt by."""
    if len(text) <= _ENOUGH:
        return text.strip()
    words, _, _ = text[: _ENOUGH + 1].rpartition(" ")
    return (words or text[:_ENOUGH]).strip()


def value(found: Any) -> str:
    """A value as it may stand in a test file, shortened."""
    text = msgspec.json.encode(found).decode()
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def closest_text(wanted: str, heard: Iterable[str]) -> str:
    """What was heard that is most like it; "" for nothing that is like it at all."""
    by_case = {text.casefold(): text for text in heard}
    near = difflib.get_close_matches(wanted.casefold(), by_case, n=1, cutoff=0.5)
    return by_case[near[0]] if near else ""


def is_entry(one: Line) -> bool:
    """Is it the line of a step of the path?"""
    return one.way == "step" and one.what == "entered" and not is_last(one.step.partition("#")[0])
