"""The voice log's events: what happened on a call, for webhooks that never came.

A list of `{event_at, level, name, details, ...}`, bare or under `data`. `details` are documented as
untyped, so nothing is relied on: what bears an operation's control_id is read as that operation's
webhook would be; a recording without one is known by its name and its time.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from engine.model.errors import WireError
from engine.model.events import OperationReported
from engine.model.ids import ControlId, op_of, verb_of
from engine.wire import logs, parsing, webhooks
from engine.wire.logs import LookedUp

MAX_EVENTS = 5_000
_SLACK_MS = 1_000
"""The log's clock and ours: a recording may seem to have ended this much before it began."""
_LISTS = ("data", "events")
_MAX_TEXT = 100_000


class Logged(Struct, frozen=True, kw_only=True):
    """One event; `at_ms` is Unix time, 0 where it cannot be read."""

    at_ms: int
    name: str
    details: dict[str, Any]


def read_events(http_status: int, body: bytes) -> tuple[Logged, ...]:
    """The events that an answer lists, oldest first; none for an answer that says nothing."""
    if not 200 <= http_status < 300:
        return ()
    try:
        found = parsing.parse(body, "the voice log's events")
    except WireError:
        return ()
    if isinstance(found, dict):
        found = next((found[key] for key in _LISTS if isinstance(found.get(key), list)), [])
    entries = found[:MAX_EVENTS] if isinstance(found, list) else []
    read = [_logged(entry) for entry in entries if isinstance(entry, dict)]
    return tuple(sorted(read, key=lambda logged: logged.at_ms))


def reports(events: Sequence[Logged], operations: Mapping[ControlId, int], at_ms: int) -> tuple[OperationReported, ...]:
    """What the events say of the operations (each with the Unix time of its start), as their webhooks
    would have: each mark once, as it was said last, in the order of the log."""
    found: dict[tuple[ControlId, str], OperationReported] = {}
    for event in events:
        for report in _reports(event, operations, at_ms):
            found.pop((report.control_id, report.mark), None)
            found[report.control_id, report.mark] = report
    heard = {control for control, _ in found}
    for control, began_ms in operations.items():
        if control not in heard and verb_of(op_of(control)) == "record":
            recording = _recording(events, control, began_ms, at_ms)
            if recording is not None:
                found[control, recording.mark] = recording
    return tuple(found.values())


def leg(events: Sequence[Logged]) -> LookedUp:
    """How the leg stands by its events: the last that tells a call state, and the reason of an end."""
    last = logs.NOTHING
    for event in events:
        said = _call_state(event)
        if said.found != "unknown" and last.found != "ended":
            last = said
    return last


def _logged(entry: dict[str, Any]) -> Logged:
    name, details = entry.get("name"), entry.get("details")
    return Logged(
        at_ms=_time(entry.get("event_at")),
        name=name.lower() if isinstance(name, str) else "",
        details=_details(details),
    )


def _details(details: Any) -> dict[str, Any]:
    """An object, or one written as text; anything else says nothing."""
    if isinstance(details, str) and details.startswith("{") and len(details) <= _MAX_TEXT:
        try:
            details = parsing.parse(details.encode(errors="replace"), "details")
        except WireError:
            return {}
    return details if isinstance(details, dict) else {}


def _time(value: Any) -> int:
    """Unix milliseconds of an ISO text (without a zone: UTC) or of a number of seconds."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e11:
        return round(value * 1000)
    if not isinstance(value, str):
        return 0
    try:
        read = msgspec.convert(value, datetime)
        return max(0, round((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp() * 1000))
    except (ValueError, OverflowError):
        return 0


def _reports(event: Logged, operations: Mapping[ControlId, int], at_ms: int) -> Iterator[OperationReported]:
    for message in _messages(event.details):
        control = message.get("control_id")
        if not isinstance(control, str) or control not in operations:
            continue
        try:
            read = webhooks.event_of(_copy(message), ControlId(control), at_ms)
        except WireError:
            continue
        # A continuous collect goes on after such a result; only its end is for us to tell.
        if isinstance(read, OperationReported) and read.extra.get("state") != "collecting":
            yield read


def _messages(details: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The objects among the details that may be a webhook: itself, and whatever lies in it."""
    level = [details]
    while level:
        yield from level
        level = [inner for outer in level for inner in outer.values() if isinstance(inner, dict)]


def _copy(message: dict[str, Any]) -> dict[str, Any]:
    return {key: dict(value) if isinstance(value, dict) else value for key, value in message.items()}


def _recording(events: Sequence[Logged], control: ControlId, began_ms: int, at_ms: int) -> OperationReported | None:
    """The first event with a recording's URL after the operation's start, if no other names it.

    Two recordings of one call cannot be told apart like this, so the URL of an earlier one may be
    taken for a later one's only when the log says neither's name nor a time after its start.
    """
    for event in events:
        if "record" not in event.name or event.at_ms < began_ms - _SLACK_MS:
            continue
        messages = list(_messages(event.details))
        if any(isinstance(message.get("control_id"), str) for message in messages):
            continue
        for message in messages:
            report = _ended(message, control, at_ms)
            if report is not None:
                return report
    return None


def _ended(message: dict[str, Any], control: ControlId, at_ms: int) -> OperationReported | None:
    url = message.get("url")
    if not isinstance(url, str) or not url:
        return None
    try:
        read = webhooks.event_of({**message, "state": "finished"}, control, at_ms)
    except WireError:
        return None
    return read if isinstance(read, OperationReported) else None


def _call_state(event: Logged) -> LookedUp:
    """By a `call_state` anywhere, or by an event that is about the call and named after a state."""
    for message in _messages(event.details):
        if "call_state" in message:
            return logs.of_status(message["call_state"], message.get("end_reason"))
    family, dot, word = event.name.removeprefix("calling.").partition(".")
    if family != "call" or not dot:
        return logs.NOTHING
    if word == "state":
        word = str(event.details.get("state") or event.details.get("status") or "")
    return logs.of_status(word, event.details.get("end_reason"))
