"""The platform's voice log: how a call stands, for a run that has not heard of it.

The log speaks of resource statuses, another vocabulary than the call states of webhooks. What happened
on the call, event by event, is in `log_events.py`.
"""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from engine.model.commands import LookUpCall
from engine.model.errors import WireError
from engine.model.events import CallLookedUp, OperationReported
from engine.wire import parsing, reasons

Found = Literal["ringing", "answered", "ended", "unknown"]

FOUND: Mapping[str, Found] = {
    "queued": "ringing",
    "initiated": "ringing",
    "created": "ringing",
    "ringing": "ringing",
    "answered": "answered",
    "inprogress": "answered",
    "ending": "ended",
    "ended": "ended",
    "completed": "ended",
    "failed": "ended",
    "canceled": "ended",
    "cancelled": "ended",
    "busy": "ended",
    "noanswer": "ended",
}
"""By the status in lower case without `_`, `-` and blanks.
A leg that is ending takes no command any more."""

_STRIP = str.maketrans("", "", "_- ")


class LookedUp(Struct, frozen=True, kw_only=True):
    """`CallLookedUp` without its place in a run."""

    found: Found
    end_reason: str = ""

    def event(self, *, seq: int, at_ms: int, reports: tuple[OperationReported, ...] = ()) -> CallLookedUp:
        return CallLookedUp(at_ms=at_ms, seq=seq, found=self.found, end_reason=self.end_reason, reports=reports)


NOTHING = LookedUp(found="unknown")


PROBE_PATH = "/api/voice/logs?page_size=1"
"""What is asked when all that matters is whether somebody answers."""


def path(command: LookUpCall) -> str:
    """Where to GET: the log of the segment, or of the call where the segment is not known."""
    return f"/api/voice/logs/{_segment(command.segment_id or command.call_id)}"


def events_path(command: LookUpCall) -> str:
    """Where to GET what happened on it."""
    return f"{path(command)}/events"


def read(http_status: int, body: bytes) -> LookedUp:
    """What an answer of the voice log says; `unknown` for anything that says nothing.

    404 is unknown too: a log may be written later than its call.
    """
    if not 200 <= http_status < 300:
        return NOTHING
    try:
        log = parsing.parse_object(body, "the voice log")
    except WireError:
        return NOTHING
    return of_status(log.get("status"), log.get("end_reason"))


def of_status(status: Any, end_reason: Any) -> LookedUp:
    """What a status or a call state means, in whichever spelling; the reason goes before it."""
    if not isinstance(status, str):
        return NOTHING
    found = FOUND.get(status.lower().translate(_STRIP), "unknown")
    if found != "ended":
        return LookedUp(found=found)
    word = end_reason if isinstance(end_reason, str) and end_reason else status
    return LookedUp(found=found, end_reason=_end_reason(word))


def _end_reason(word: str) -> str:
    return "hangup" if word == "ending" else reasons.end_reason(word)


def _segment(value: str) -> str:
    """Ids are UUIDs; anything else must not become another path."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in value)
