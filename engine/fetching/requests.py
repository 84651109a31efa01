"""A `Fetch` command as the headers and the body of an HTTP request."""

import re

import msgspec

import engine
from engine.fetching.failure import NotFetched
from engine.fetching.hosts import Target
from engine.model.commands import Fetch

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_WITH_BODY = ("PATCH", "POST", "PUT")
"""Servers want to be told when these have none."""
OURS = ("connection", "content-length", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade")
"""They belong to the connection, and a flow that set them could speak to another host than the one allowed."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def headers(command: Fetch, target: Target) -> list[tuple[bytes, bytes]]:
    """The author's own win over the defaults. `NotFetched` for those that cannot be sent."""
    given = {name.lower(): _checked(name, value) for name, value in command.headers.items()}
    defaults = {
        "accept": "application/json",
        "accept-encoding": "identity",
        "user-agent": f"offhook/{engine.__version__}",
        "idempotency-key": _checked("Idempotency-Key", command.key),
        **_content_type(command),
    }
    whole = {"host": target.authority, **defaults, **given}
    return [(name.encode("ascii"), value.encode()) for name, value in whole.items()]


def body(command: Fetch) -> bytes | None:
    """None: no body is spoken of. `NotFetched` for a text that is not UTF-8."""
    try:
        if command.body is not None:
            return command.body.encode()
        if command.json is not None:
            return msgspec.json.encode(command.json)
    except UnicodeEncodeError:
        raise _bad("its body has a character that is not Unicode") from None
    return b"" if command.method in _WITH_BODY else None


def method(command: Fetch) -> str:
    if command.method not in METHODS:
        raise _bad(f"its method is none of {', '.join(METHODS)}")
    return command.method


def _content_type(command: Fetch) -> dict[str, str]:
    if command.body is not None:
        return {"content-type": "text/plain; charset=utf-8"}
    return {} if command.json is None else {"content-type": "application/json"}


def _checked(name: str, value: str) -> str:
    """The value, when it is a header's: no line may end in it, or the rest of it would be a header of its own."""
    if not _NAME.fullmatch(name):
        raise _bad("a header's name has a character in it that no header has")
    if name.lower() in OURS:
        raise _bad(f"the header {name} is not for flows to set")
    if _CONTROL.search(value) or not _is_unicode(value):
        raise _bad(f"the header {name} has a line break or another control character in it")
    return value.strip()


def _is_unicode(value: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in value)


def _bad(why: str) -> NotFetched:
    return NotFetched("refused", "bad-request", f"the request cannot be sent: {why}")
