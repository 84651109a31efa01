"""What the webhook of each verb says: its mark, and its fields under the names of expressions.

verb        marks                                                       fields
play        playing paused finished error                               -
record      recording paused finished no_input error                    url duration size format
collect     digit speech no_input no_match start_of_input error         value digits terminator
            finished, `partial`; collecting where there is no result    text confidence
detect      human machine unknown ready not_ready, `fax`, `digit`,      type event value,
            finished error                                              beep tone digit
tap         tapping finished                                            -
stream      streaming finished                                          -
transcribe  transcribing finished completed failed                      text url duration size
refer       inprogress, success, and whatever else it fails with        sip_refer_to and two codes
denoise     on off                                                      denoised
connect     connecting connected failed disconnected                    failed_reason
(any)       error, for a calling.error                                  code message

Marks are the platform's words in lower case; those that nobody documented pass as they are.
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.model.verbs import VERB
from engine.wire import parsing
from engine.wire.results import collect_result, detection, recording, referral, transcript

Found = tuple[str, dict[str, Any]] | str
"""Mark and fields; or why the webhook means nothing here."""
Reader = Callable[[dict[str, Any], str, str], Found]
"""Takes the message (and out of it what it maps), the verb and the event type."""

ERROR = "calling.error"
_TELLING = frozenset(("state", "result", "detect", "call_state", "connect_state", "denoised", "text"))
"""What tells another webhook from a flat calling.error, which may bear a code as well."""


def belongs(event_type: str, verb: str) -> bool:
    """May a webhook of this type come to the URL of this verb? `""`, as in the flat shape, may."""
    if not event_type or event_type == ERROR:
        return True
    return event_type in _EVENT_TYPES.get(verb, (f"calling.{verb}", f"calling.call.{verb}"))


def is_error(message: Mapping[str, Any], event_type: str) -> bool:
    if event_type:
        return event_type == ERROR
    return "code" in message and message.keys().isdisjoint(_TELLING)


def read(message: dict[str, Any], verb: str, event_type: str) -> Found:
    if is_error(message, event_type):
        return _error(message, verb)
    reader = READERS.get(verb)
    if reader is None and verb not in VERB:
        return f"nothing here knows the verb {verb!r}"
    return (reader or _state)(message, verb, event_type)


def _state(message: dict[str, Any], verb: str, event_type: str) -> Found:
    mark = parsing.text(message, "state", f"the {verb} webhook")
    return (mark, {}) if mark else "it has no `state`"


def _error(message: dict[str, Any], verb: str) -> Found:
    code = parsing.word(message, "code", "the error webhook")
    return "error", {"code": code, "message": parsing.text(message, "message", "the error webhook")}


def _record(message: dict[str, Any], verb: str, event_type: str) -> Found:
    mark = parsing.text(message, "state", "the record webhook")
    return (mark, recording(message)) if mark else "it has no `state`"


def _collect(message: dict[str, Any], verb: str, event_type: str) -> Found:
    """A continuous collect's results come with its `state`, which stays in the rest."""
    result = parsing.mapping(message, "result", "the collect webhook")
    if result is None:
        return _state(message, verb, event_type)
    mark, fields = collect_result(result, message)
    return (mark, fields) if mark else "its `result` has no `type`"


def _detect(message: dict[str, Any], verb: str, event_type: str) -> Found:
    detect = parsing.mapping(message, "detect", "the detect webhook")
    if detect is None:
        return _state(message, verb, event_type)
    mark, fields = detection(detect, message)
    return (mark, fields) if mark else "its `detect` has no `event`"


def _transcribe(message: dict[str, Any], verb: str, event_type: str) -> Found:
    """The states of the transcribing, or (by another event type) the transcript itself."""
    mark = parsing.text(message, "state", "the transcribe webhook") or _TRANSCRIPTS.get(event_type, "")
    # Where nothing tells the two apart it is a transcript: its text is absent when nobody spoke.
    return mark or "completed", transcript(message)


def _refer(message: dict[str, Any], verb: str, event_type: str) -> Found:
    mark = parsing.text(message, "state", "the refer webhook")
    return (mark, referral(message)) if mark else "it has no `state`"


def _denoise(message: dict[str, Any], verb: str, event_type: str) -> Found:
    on = message.get("denoised")
    if on is None:
        return "it has no `denoised`"
    on = parsing.flag(message, "denoised", "the denoise webhook")
    return "on" if on else "off", {"denoised": on}


def _connect(message: dict[str, Any], verb: str, event_type: str) -> Found:
    mark = parsing.text(message, "connect_state", "the connect webhook")
    if not mark:
        return "it has no `connect_state`"
    reason = parsing.text(message, "failed_reason", "the connect webhook")
    return mark, {"failed_reason": reason} if reason else {}


READERS: Mapping[str, Reader] = {
    "record": _record,
    "collect": _collect,
    "detect": _detect,
    "transcribe": _transcribe,
    "refer": _refer,
    "denoise": _denoise,
    "connect": _connect,
}
"""The rest says a `state` and nothing more."""
_TRANSCRIPTS: Mapping[str, str] = {
    "calling.transcript.completed": "completed",
    "calling.transcript.failed": "failed",
}
_EVENT_TYPES: Mapping[str, tuple[str, ...]] = {
    "call": ("calling.call.state",),
    "transcribe": ("calling.call.transcribe", "calling.transcribe", *_TRANSCRIPTS),
}
"""Where the event type is not `calling.<verb>` or, as other pages spell it, `calling.call.<verb>`."""
