"""Values within a URL: data of one part of it, which neither begin another part nor climb out of a path."""

import re
from urllib.parse import quote, unquote

_CLIMBS = re.compile(r"(?:^|[/\\])\.{1,2}(?:[/\\]|$)")
_PATH = re.compile(r"(?:[^:/?#]+:)?(?://[^/?#]*)?([^?#]*)", re.DOTALL)


def encoded(value: str) -> str:
    """The value with all but letters, digits and `-._~` percent-encoded."""
    return quote(value, safe="", errors="replace")


def climbs(url: str) -> bool:
    """Is a part of its path `.` or `..`, also for a service that decodes the path before it takes it apart?"""
    path = _PATH.match(url)
    return path is not None and _CLIMBS.search(unquote(path[1])) is not None
