"""Numbers and URLs that come from outside: could somebody be called there, could something be fetched from there?"""

import re

from engine.fetching.failure import NotFetched
from engine.fetching.hosts import parse
from engine.model.graph import Declared

_CALLABLE = re.compile(r"\+[1-9][0-9]{1,14}|sips?:\S+")


def is_callable(number: str) -> bool:
    """E.164 with its +, or a SIP address."""
    return _CALLABLE.fullmatch(number) is not None


def wanted_instead(declared: Declared, value: str) -> str:
    """What a value of a use should have been, by its kind; empty when it is that."""
    if declared.number and not is_callable(value):
        return "a number with + and country code (+15550177) or a SIP address (sip:...)"
    if declared.url and not _is_url(value):
        return "a URL with its host (https://api.example.com), without credentials"
    return ""


def _is_url(text: str) -> bool:
    """Of a WebSocket too, for streams. Which hosts may be fetched from is said elsewhere."""
    try:
        parse(re.sub("^ws(?=s?://)", "http", text))
    except NotFetched:
        return False
    return True
