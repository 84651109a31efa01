"""`${...}` and `%{...}` in the texts of SWML: what a method is given once its variables are put in.

A text that is one placeholder and nothing else keeps the value's type (a number stays a number); in a
longer text, what is not set is nothing.
"""

from collections.abc import Collection
from typing import Any

from engine.exchange import js_values
from engine.exchange.javascript import NotUnderstoodError, Scope, evaluate

_LONGEST = 100_000


def expand(value: Any, scope: Scope, *, but: Collection[str] = ()) -> Any:
    """The value with all its placeholders replaced, except in the fields that `but` names.

    `NotUnderstoodError` where a placeholder is JavaScript that is not understood here.
    """
    match value:
        case str():
            return _text(value, scope)
        case list():
            return [expand(each, scope) for each in value]
        case dict():
            return {name: each if name in but else expand(each, scope) for name, each in value.items()}
        case _:
            return value


def _text(text: str, scope: Scope) -> Any:
    parts: list[Any] = []
    at = 0
    while (begins := _next(text, at)) >= 0:
        ends = _end(text, begins + 2)
        parts += [text[at:begins], evaluate(text[begins + 2 : ends], scope)]
        at = ends + 1
    parts.append(text[at:])
    if len(parts) == 3 and parts[0] == parts[2] == "":
        return "" if parts[1] is None else parts[1]
    whole = "".join(js_values.text(part) for part in parts)
    if len(whole) > _LONGEST:
        raise NotUnderstoodError(f"a text of {len(whole)} characters")
    return whole


def _next(text: str, at: int) -> int:
    found = [place for opening in ("${", "%{") if (place := text.find(opening, at)) >= 0]
    return min(found, default=-1)


def _end(text: str, at: int) -> int:
    """Where the placeholder's brace is closed; braces in quotes do not count."""
    quote = ""
    for place in range(at, len(text)):
        letter = text[place]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "}":
            return place
    raise NotUnderstoodError(f"{text[at - 2 :]} is not closed")
