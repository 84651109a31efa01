"""The API's HTTP answers: what they mean for the command that they answer.

Decided by the status line, for a 4xx by the error's code before that (`codes.py`), and never by the
call leg's own `status`: a Fabric subscriber's is always null, and others' may be.

2xx            accepted, if the body is JSON or empty; else unknown: a page of HTML with a 200 comes
               from something between us and the platform, and says nothing about the command
3xx            rejected: a redirect is not followed, so nothing was carried out
404            gone
408, 425, 429  unavailable: the request was turned away before anything was done
other 4xx      what the code says, else rejected
5xx            unavailable: the platform documents that it may be sent again
"""

from typing import Any

from msgspec import Struct

from engine.model.errors import WireError
from engine.model.events import AnswerKind, CommandAnswered
from engine.wire import parsing
from engine.wire.codes import CODES, LIVE, Meaning, meaning

MAX_ANSWER_BYTES = 256_000
"""An answer is a call leg or a few errors, about 1 kB; what is longer is not the platform's."""
MAX_TEXT = 500
"""Characters kept of a message or a code."""

_TURNED_AWAY = (408, 425, 429)
_LINE = "+OK"


class Answer(Struct, frozen=True, kw_only=True):
    """`CommandAnswered` without its place in a run; the fields are the same."""

    kind: AnswerKind
    http_status: int = 0
    code: str = ""
    message: str = ""
    leg: dict[str, Any] = {}

    @property
    def meaning(self) -> Meaning:
        """In words, for the log."""
        return meaning(self.code, self.http_status)

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
    that a 409, or a 422 about that id, says that its operation is live already, which is what was wanted."""
    if 200 <= http_status < 300:
        return _accepted(http_status, body)
    code, message, about = _errors(body)
    kind = _kind(http_status)
    if kind == "rejected" and http_status >= 400 and code in CODES:
        kind = CODES[code].kind
    if repeated and (http_status == 409 or (http_status == 422 and _is_live(code, about))):
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


def _is_live(code: str, about: str) -> bool:
    """Its form cannot be what is wrong with a control_id: the engine makes them, and the first was of the same form."""
    return code in LIVE or about.rpartition(".")[2] == "control_id"


def _accepted(http_status: int, body: bytes) -> Answer:
    if not body or body.isspace():
        return Answer(kind="accepted", http_status=http_status)
    if len(body) > MAX_ANSWER_BYTES:
        return _strange(http_status, "too-large", f"the answer is over {MAX_ANSWER_BYTES} bytes")
    if body.startswith(_LINE.encode()):
        return Answer(kind="accepted", http_status=http_status, leg=_leg(body.decode(errors="replace")))
    try:
        leg = parsing.parse(body, "the answer")
    except WireError as error:
        return _strange(http_status, "not-json", error.message)
    return Answer(kind="accepted", http_status=http_status, leg=_leg(leg))


def _leg(answer: Any) -> dict[str, Any]:
    """The call leg, or what some commands are answered with instead: an `ask_id` (ai_sidecar.ask), or
    a line `+OK key=value ...` (ai_sidecar.status), here `status` in whichever form it came."""
    if isinstance(answer, str):
        return {"status": answer.strip()} if answer.startswith(_LINE) else {}
    if not isinstance(answer, dict):
        return {}
    if "id" in answer:
        return answer
    if isinstance(answer.get("call_id"), str):
        return {**answer, "id": answer["call_id"]}
    line = next((value for value in answer.values() if isinstance(value, str) and value.startswith(_LINE)), None)
    return answer if line is None else {**answer, "status": line.strip()}


def _strange(http_status: int, code: str, message: str) -> Answer:
    return Answer(kind="unknown", http_status=http_status, code=code, message=message)


def _errors(body: bytes) -> tuple[str, str, str]:
    """The code of the first error that has one, all of their messages, else what the body says, and what the
    first error is about."""
    try:
        found = parsing.parse_object(body, "the answer")
    except WireError:
        return "", body[:MAX_TEXT].decode(errors="replace").strip(), ""
    errors = found.get("errors")
    listed = [e for e in errors if isinstance(e, dict)] if isinstance(errors, list) else [found]
    code = next((code for entry in listed if (code := _text(entry, "code"))), "")
    said = dict.fromkeys(message for entry in listed if (message := _said(entry, code)))
    return code, "; ".join(said)[:MAX_TEXT], _text(listed[0], "attribute") if listed else ""


def _said(entry: dict[str, Any], first: str) -> str:
    """An error's message, with what it is about and with its own code, where that is another."""
    code, about = _text(entry, "code"), _text(entry, "attribute")
    message = _text(entry, "message") or _text(entry, "error")
    words = [f"{code}:" if code not in ("", first) else "", message, f"({about})" if about else ""]
    return " ".join(word for word in words if word)


def _text(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    return value[:MAX_TEXT] if isinstance(value, str) else ""
