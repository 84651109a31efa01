"""Calls of our own functions in an expression's text, found without a parser, and small changes to them.

CEL checks the text that the author wrote, so its mistakes stand at their places. Two things CEL itself
cannot do, so the text that is evaluated differs from the one that was checked:

or(steps.a.digits, 'x')   its functions are strict, and a name that is unset is an error wherever it is
                          read; only `? :` leaves one side alone. It becomes
                          (is_set.steps.a.digits ? steps.a.digits : ('x'))
when(time)                a function sees its arguments only. `now`, and the flow's one calendar where
                          no zone is given, become arguments: when(time, uses.hours, now)
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

_IGNORED = re.compile(r"//[^\n]*|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_LITERAL = re.compile(r"'([^'\\]*)'|\"([^\"\\]*)\"")
IS_SET = "is_set"
ZONED = ("date", "time", "when", "parse_date")
"""Functions whose second argument is a zone or a calendar."""
OF_CALENDARS = ("open", "next_open")
OURS = (*ZONED, *OF_CALENDARS, "or", "has")
"""And `has`, which is CEL's own, but says nothing of our names."""


class Argument(NamedTuple):
    text: str
    start: int

    @property
    def name(self) -> str:
        """The dotted name that the argument is, or nothing."""
        return self.text if _NAME.fullmatch(self.text) else ""

    @property
    def literal(self) -> str | None:
        """The text in quotes that the argument is, or None."""
        found = _LITERAL.fullmatch(self.text)
        return None if found is None else found[1] or found[2] or ""


class Call(NamedTuple):
    """`start` is where the function's name begins, `end` where its closing bracket stands."""

    function: str
    start: int
    end: int
    arguments: tuple[Argument, ...]


def calls(source: str, functions: Iterable[str] = OURS) -> list[Call]:
    """The calls of these functions, those within others too."""
    return _found(source, _heads(tuple(functions)))


def methods(source: str, name: str) -> list[Call]:
    """The calls of one of CEL's own, behind a dot too."""
    return _found(source, re.compile(rf"\b({name})\s*\("))


def _found(source: str, heads: re.Pattern[str]) -> list[Call]:
    if heads.search(source) is None:
        return []
    bare = _IGNORED.sub(lambda found: "_" * len(found.group()), source)
    found = (_call(source, bare, head[1], head.start(), head.end()) for head in heads.finditer(bare))
    return [one for one in found if one is not None]


@cache
def _heads(functions: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])({'|'.join(functions)})\s*\(")


def read_at(source: str, name: str) -> tuple[int, int] | None:
    """Offset and length of the dotted name where it is read and has to be set: not where `or` has a default for it."""
    bare = _IGNORED.sub(lambda found: "_" * len(found.group()), source)
    spared = {call.arguments[0].start for call in calls(source, ("or",)) if call.arguments}
    words = r"\s*\.\s*".join(map(re.escape, name.split(".")))
    dotted = re.compile(rf"(?<![\w.]){words}(?!\w)")
    found = next((one for one in dotted.finditer(bare) if one.start() not in spared), None)
    return (found.start(), len(found.group())) if found else None


def _call(source: str, bare: str, function: str, start: int, inside: int) -> Call | None:
    depth, begins, arguments = 0, inside, []
    for at in range(inside, len(bare)):
        char = bare[at]
        if depth == 0 and char in ",)":
            arguments.append(_argument(source, begins, at))
            begins = at + 1
        if depth == 0 and char == ")":
            return Call(function, start, at, tuple(one for one in arguments if one.text))
        depth += (char in "([{") - (char in ")]}")
    return None


def _argument(source: str, start: int, end: int) -> Argument:
    text = source[start:end]
    return Argument(text.strip(), start + len(text) - len(text.lstrip()))


def evaluated(source: str, found: Iterable[Call], calendar: str) -> str:
    """The text to evaluate; `found` are its calls. `calendar` is the flow's one, or empty."""
    edits: list[tuple[int, int, str]] = []
    for call in found:
        if call.function == "or" and len(call.arguments) == 2:
            name, default = call.arguments
            edits += [
                (call.start, default.start, f"({IS_SET}.{name.text} ? {name.text} : ("),
                (call.end, call.end, ")"),
            ]
        elif call.function in ZONED:
            zone = f", {calendar}" if len(call.arguments) == 1 and calendar else ""
            now = ", now" if call.function == "when" else ""
            edits += [(call.end, call.end, zone + now)]
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    return source
