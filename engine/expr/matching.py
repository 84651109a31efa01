"""Constant patterns of `matches` that CEL would refuse when the call comes to them: it compiles them itself (RE2)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from cel_expr_python import cel

from engine.expr.calls import methods
from engine.expr.mistake import Mistake

_CONSTANT = re.compile(r"[rR]?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")")
_REFUSED = re.compile(r"invalid regular expression: (.*)", re.DOTALL)


def mistakes_of_patterns(source: str) -> Iterator[Mistake]:
    """Of those that are written out: what another value gives is not known."""
    for call in methods(source, "matches"):
        pattern = call.arguments[-1] if call.arguments else None
        if pattern is not None and _CONSTANT.fullmatch(pattern.text) and (why := _refused(pattern.text)):
            message = f"This regular expression does not compile: {why}."
            advice = "It is written in the syntax of RE2, which has no look-around and no references back."
            yield Mistake(kind="pattern", offset=pattern.start, length=len(pattern.text), message=message, help=advice)


@lru_cache(maxsize=256)
def _refused(literal: str) -> str:
    """Why, or nothing. A text that is none to CEL is a mistake of another kind."""
    try:
        given = cel.NewEnv().compile(f"''.matches({literal})").eval(data={}).plain_value()
    except (RuntimeError, ValueError, TypeError):
        return ""
    found = _REFUSED.search(given) if isinstance(given, str) else None
    return found[1].strip() if found else ""
