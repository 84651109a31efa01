"""Values within a URL: data of one part of it, which neither begin another part nor climb out of a path."""

import re
from typing import Any
from urllib.parse import quote, unquote

from engine.expr.as_text import as_text
from engine.model.graph import Expression, Lookup

_CLIMBS = re.compile(r"(?:^|[/\\])\.{1,2}(?:[/\\]|$)")
_PATH = re.compile(r"(?:[^:/?#]+:)?(?://[^/?#]*)?([^?#]*)", re.DOTALL)


class InUrl:
    """An `Expression` that stands within a URL: a text with all but letters, digits and `-._~` percent-encoded."""

    __slots__ = ("_expression", "names", "source", "type")

    def __init__(self, expression: Expression) -> None:
        self._expression = expression
        self.names = expression.names
        self.source = expression.source
        self.type = "string"

    def evaluate(self, lookup: Lookup) -> Any:
        return quote(as_text(self._expression.evaluate(lookup)), safe="", errors="replace")


def climbs(url: str) -> bool:
    """Is a part of its path `.` or `..`, also for a service that decodes the path before it takes it apart?"""
    path = _PATH.match(url)
    return path is not None and _CLIMBS.search(unquote(path[1])) is not None
