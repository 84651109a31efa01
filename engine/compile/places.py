"""Where in a step a text stands that is more than a text: SWML, a URL."""

import re

from engine.compile.located import Path
from engine.expr import Piece

_SWML = ("redirect", "transfer", "excursion", "connect")
"""Verbs whose value is SWML, or becomes a part of some."""
_URL_VERBS = (*_SWML, "fetch", "play", "ask", "tap", "stream", "dial", "update")
_URL_KEYS = ("url", "uri", "audio", "dest", "fallback_url")
_FETCHED = (("fetch", "url"), ("excursion", "url"), ("redirect", "url"))
_SCHEME = re.compile(r"\s*(?:https?|wss?)://", re.IGNORECASE)


def is_swml(path: Path) -> bool:
    return path[2] in _SWML or path[3:4] == ("swml",)


def is_url(path: Path, first: Piece) -> bool:
    """Is the text there a URL, of which `first` is the first piece? In SWML, where `say:...` is one too, and in other
    verbs it has to begin like one of the web; an address that is fetched from is one however it begins."""
    if path[2:] in _FETCHED:
        return True
    if path[2] not in _URL_VERBS or path[-1] not in _URL_KEYS or path[3] in ("json", "headers", "with"):
        return False
    return not is_swml(path) if first.expression else _SCHEME.match(first.text) is not None
