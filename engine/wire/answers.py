"""The API's HTTP answers: what they mean for the command that they answer.

Decided by the status line alone, and never by the call leg's own `status`, which may be null:

2xx            accepted, if the body is JSON or empty; else unknown: a page of HTML with a 200 comes
               from something between us and the platform, and says nothing about the command
3xx            rejected: a redirect is not followed, so nothing was carried out
404            gone
408, 425, 429  unavailable: the request was turned away before anything was done
other 4xx      rejected
5xx            unavailable: the platform documents that it may be sent again
"""

from typing import Any

from msgspec import Struct

from engine.model.errors import WireError
from engine.model.events import AnswerKind, CommandAnswered
from engine.wire import parsing

MAX_ANSWER_BYTES = 256_000
"""An answer is a call leg or a few errors, about 1 kB; what is longer is not the platform's."""
MAX_TEXT = 500
"""Characters kept of a message or a code."""

_TURNED_AWAY = (408, 425, 429)


class Answer(Struct, frozen=True, kw_only=True):
    """`CommandAnswered` without its place in a run; the fields are the same."""

    kind: AnswerKind
    http_status: int = 0
    code: str = ""
    message: str = ""
    leg: dict[str, Any] = {}

    def event(self, *, seq: int, at_ms: int) -> CommandAnswered:
        """The event for the command `seq`, at the journal's time of its arrival."""
        return CommandAnswered(
            at_ms=at_ms,
            seq=seq,
            kind=self.kind,
            http_status=self.http_status,
            code=self.code,
            message=self.message,
            leg=self.leg,
        )


def classify(http_status: int, body: bytes, *, repeated: bool = False) -> Answer:
    """Tolerates any body. `repeated`: the command was sent before with the same control_id, so
    that 409 says that its operation is live already, which is what was wanted."""
    if 200 <= http_status < 300:
        return _accepted(http_status, body)
    code, message = _first_error(body)
    kind = _kind(http_status)
    if http_status == 409 and repeated:
        kind = "accepted"
    return Answer(kind=kind, http_status=http_status, code=code, message=message)


def is_retryable(http_status: int) -> bool:
    """Was the request certainly not carried out, and may the next one fare better?"""
    return http_status >= 500 or http_status in _TURNED_AWAY


def _kind(http_status: int) -> AnswerKind:
    if http_status == 404:
        return "gone"
    if is_retryable(http_status):
        return "unavailable"
    return "rejected" if http_status >= 300 else "unknown"


def _accepted(http_status: int, body: bytes) -> Answer:
    if not body or body.isspace():
        return Answer(kind="accepted", http_status=http_status)
    if len(body) > MAX_ANSWER_BYTES:
        return _strange(http_status, "too-large", f"the answer is over {MAX_ANSWER_BYTES} bytes")
    try:
        leg = parsing.parse(body, "the answer")
    except WireError as error:
        return _strange(http_status, "not-json", error.message)
    return Answer(kind="accepted", http_status=http_status, leg=leg if isinstance(leg, dict) else {})


def _strange(http_status: int, code: str, message: str) -> Answer:
    return Answer(kind="unknown", http_status=http_status, code=code, message=message)


def _first_error(body: bytes) -> tuple[str, str]:
    """Code and message of the first error with a code, else of the first, else the body."""
    try:
        found = parsing.parse_object(body, "the answer")
    except WireError:
        return "", body[:MAX_TEXT].decode(errors="replace").strip()
    errors = found.get("errors")
    listed = [e for e in errors if isinstance(e, dict)] if isinstance(errors, list) else [found]
    entry = next((e for e in listed if _text(e, "code")), listed[0] if listed else found)
    return _text(entry, "code"), _text(entry, "message") or _text(entry, "error")


def _text(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    return value[:MAX_TEXT] if isinstance(value, str) else ""
