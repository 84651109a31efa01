"""The transcript of a run: what came in, what the flow did, what went out. Made by replaying the events."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from engine.interpret import guarded, start
from engine.model import marks
from engine.model.advance import Advance, Traced
from engine.model.commands import Command, Fetch, SendCommand
from engine.model.events import (
    AnyEvent,
    CallArrived,
    CallLookedUp,
    CallReturned,
    CallStateReported,
    CommandAnswered,
    Fetched,
    OperationReported,
    RunRequested,
    SignalReceived,
    UnknownReported,
)
from engine.model.graph import FlowGraph
from engine.model.state import RunState
from engine.simulate import hidden


class Line(Struct, frozen=True, kw_only=True):
    """`at_ms` counts from the run's start. `way`: `in` an event, `out` a command, `step` what the flow did.

    `what` is the event, the command or the deed, `control_id` the operation concerned, `outcome` of a
    step or of an answer, `detail` the rest in words.
    """

    at_ms: int
    way: str
    what: str
    step: str = ""
    control_id: str = ""
    outcome: str = ""
    detail: str = ""


def replay(
    graph: FlowGraph, events: Iterable[AnyEvent], *, uses: Mapping[str, Any], presence_ms: int
) -> Iterator[tuple[AnyEvent, Advance]]:
    """Runs the events through the interpreter again; the first one starts the run."""
    state: RunState | None = None
    for event in events:
        if state is None:
            assert isinstance(event, CallArrived | RunRequested), event
            done = start(graph, event, uses=uses, presence_ms=presence_ms)
        else:
            done, _ = guarded(graph, state, event)
        state = done.state
        yield event, done


def lines(graph: FlowGraph, replayed: Iterable[tuple[AnyEvent, Advance]]) -> Iterator[Line]:
    """What is secret or private is not among them."""
    for event, done in replayed:
        at_ms = done.state.at_ms - done.state.started_ms
        came = _event(graph, at_ms, event)
        yield came
        sent = iter(done.commands)
        for traced in done.trace:
            if traced.what in ("sent", "looking_up", "fetching", "repeated"):
                yield _command(at_ms, traced, next(sent, None))
            else:
                yield _deed(at_ms, traced, came if traced.subject == type(event).__name__ else None)


def _event(graph: FlowGraph, at_ms: int, event: AnyEvent) -> Line:
    what = _NAMES.get(type(event).__name__, type(event).__name__)
    match event:
        case CallArrived():
            return Line(at_ms=at_ms, way="in", what=what, detail=f"{event.from_} -> {event.to}, call {event.call_id}")
        case RunRequested():
            return Line(at_ms=at_ms, way="in", what=what, detail=f"{event.from_} -> {event.to}")
        case OperationReported():
            return Line(
                at_ms=at_ms,
                way="in",
                what=f"{event.verb} {event.mark}",
                control_id=event.control_id,
                detail=_fields(hidden.fields(graph, event.control_id, event.fields)),
            )
        case CallStateReported():
            return Line(at_ms=at_ms, way="in", what=f"call {event.call_state}", detail=event.end_reason)
        case CommandAnswered():
            words = [str(event.http_status or ""), event.code, hidden.message(graph, event.message)]
            return Line(
                at_ms=at_ms,
                way="in",
                what=f"answer {event.seq}",
                outcome=event.kind,
                detail=" ".join(word for word in words if word),
            )
        case CallLookedUp():
            return Line(at_ms=at_ms, way="in", what=what, outcome=event.found, detail=event.end_reason)
        case Fetched():
            words = [str(event.status or ""), event.code, event.message]
            return Line(
                at_ms=at_ms,
                way="in",
                what=f"reply {event.seq}",
                outcome=event.kind,
                detail=" ".join(word for word in words if word),
            )
        case CallReturned():
            return Line(at_ms=at_ms, way="in", what=what, control_id=event.control_id, outcome=event.outcome)
        case SignalReceived():
            return Line(at_ms=at_ms, way="in", what=f"signal {event.name}", detail=_fields(event.payload))
        case UnknownReported():
            return Line(at_ms=at_ms, way="in", what=event.event_type or "unknown", detail=event.reason)
        case _:
            return Line(at_ms=at_ms, way="in", what=what)


_NAMES = {
    "CallArrived": "call arrived",
    "RunRequested": "run requested",
    "CancelRequested": "cancel requested",
    "DialSent": "dial sent",
    "CallLookedUp": "looked up",
    "CallReturned": "call returned",
    "TimePassed": "time passed",
    "Resumed": "resumed",
}


def _command(at_ms: int, traced: Traced, command: Command | None) -> Line:
    if isinstance(command, SendCommand):
        return Line(
            at_ms=at_ms,
            way="out",
            what=command.command,
            step=traced.step,
            control_id=command.control_id or "",
            outcome="again" if traced.what == "repeated" else "",
            detail=_params(command.params),
        )
    if isinstance(command, Fetch):
        # What is sent along is not shown: it may be private.
        return Line(at_ms=at_ms, way="out", what="fetch", step=traced.step, detail=f"{command.method} {command.url}")
    return Line(at_ms=at_ms, way="out", what="look up the call", step=traced.step, detail=traced.subject)


def _deed(at_ms: int, traced: Traced, came: Line | None) -> Line:
    """`came`: the line of the event, where that is what it is about."""
    step = f"{traced.step}#{traced.visit}" if traced.visit > 1 else traced.step
    what = traced.what.replace("_", " ")
    if traced.what == "outcome":
        return Line(at_ms=at_ms, way="step", what=what, step=step, outcome=traced.subject, detail=traced.detail)
    subject = traced.subject if came is None else came.what
    detail = " ".join(word for word in (subject, traced.detail) if word)
    return Line(at_ms=at_ms, way="step", what=what, step=step, detail=detail)


def _params(params: Mapping[str, Any]) -> str:
    """What a reader wants of the params: the texts to be heard, else the params, shortened."""
    if "play" in params:
        return " | ".join(_item(item) for item in params["play"])
    return _fields({key: value for key, value in params.items() if key != "swml"})


def _item(item: Mapping[str, Any]) -> str:
    params = item.get("params", {})
    if item.get("type") == "tts":
        return f"“{marks.shown(str(params.get('text', '')))}”"
    return f"{item.get('type')} {_fields(params)}".strip()


def _fields(fields: Mapping[str, Any]) -> str:
    return " ".join(f"{key}={_value(value)}" for key, value in fields.items() if value not in ("", None))


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + _fields(value) + "}"
    return str(value)
