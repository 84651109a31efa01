"""Which names an expression hands on: their values become a part of what it gives."""

import re
from collections.abc import Iterator

_NAME = re.compile(r"\b(?:steps|vars|call|inputs)\.[a-z_0-9]+(?:\.[a-z_0-9]+)?")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_BEFORE = re.compile(r"(?:==|!=|[<>]=?)\s*\Z|\bsize\(\s*\Z")
_NEAR = 12
_BEHIND = re.compile(r"\s*(?:==|!=|[<>]|in\b|\.(?:matches|startsWith|endsWith|contains|size)\()")


def becoming(expression: str) -> Iterator[str]:
    """Not those that it looks at as well: `x.matches('^1') ? x : ''`."""
    text = _QUOTED.sub("''", expression)
    found = list(_NAME.finditer(text))
    looked_at = {
        one.group()
        for one in found
        if _BEFORE.search(text[max(0, one.start() - _NEAR) : one.start()]) or _BEHIND.match(text, one.end())
    }
    yield from dict.fromkeys(one.group() for one in found if one.group() not in looked_at)
