"""A recording without what is personal: what people entered, said and are called, and what services told of them.

Every such value is replaced by a plain one of its kind, and the run is gone through again: where it takes another course
then, another one is tried: of those with which the flow compares, and just beside them, and a round one near by. So what stays
of an amount is on which side of a bound it was. Only what no other value can stand in for stays (a key of a menu), and what is
secret or private never does.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from engine.interpret.steps.fetch import unread_on_the_way
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
from engine.model.graph import AskValue, Declared, FlowGraph
from engine.model.ids import op_of
from engine.simulate import hidden
from engine.simulate.cases.given import stand_in
from engine.simulate.explore import literals
from engine.simulate.recorded.course import deeds
from engine.simulate.recorded.recording import Recording, RecordingError, history
from engine.simulate.scenario import PERSON

_ENTRIES = ("7391", "2846", "5028", "1", "0")
_DATES = ("0101", "010180", "01011980", "19800101")
_SPOKEN = ("(speech)", "some words", "12 Main Street")
_TEXTS = ("(text)", "12.5", "2027-01-04", "")
_URL = "https://files.example.com/recording"
_ADDRESS, _IPV4 = "8.8.8.8", re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")
_LEG = ("id", "call_id", "node_id", "segment_id")
_Path = tuple[str | int, ...]


class _Tried(Struct, frozen=True):
    """What the flow compares with, and so may stand in for a value: texts, and numbers with those just beside them."""

    texts: tuple[str, ...]
    numbers: tuple[float, ...]


class _Slot(Struct, frozen=True):
    """A value of an event: where it is, and what may stand in its place. `hidden`: it must not stay."""

    n: int
    path: _Path
    instead: tuple[Any, ...]
    hidden: bool = False
    step: str = ""


def redacted(recording: Recording) -> Recording:
    """`RecordingError` where a secret or private value decides about the call's course."""
    graph = recording.graph()
    plain = replace(recording, uses=_uses(graph, recording.uses), redacted=True)
    plain = replace(plain, events=tuple(map(_bare, plain.events)))
    wanted = _course(recording, graph)
    slots = list(_slots(graph, plain))
    whole = plain
    for slot in slots:
        whole = _put(whole, slot, slot.instead[0])
    if _course(whole, graph) == wanted:
        return whole
    for slot in slots:
        plain = _replaced(plain, slot, graph, wanted)
    return plain


def _replaced(recording: Recording, slot: _Slot, graph: FlowGraph, wanted: object) -> Recording:
    for value in slot.instead:
        found = _put(recording, slot, value)
        if _course(found, graph) == wanted:
            return found
    if slot.hidden:
        raise RecordingError(
            f"Run {recording.run_id} cannot be exported without what was entered at `{slot.step}`, which is not to be seen:"
            " with any other value that was tried the call takes another course.",
            help="With --no-redact everything is exported as it is in the journal; keep the file where the journal may be.",
        )
    return recording


def _course(recording: Recording, graph: FlowGraph) -> object:
    """Steps and commands, and not what is in them."""
    return [[one.key for one in deeds(done)] for _, done in history(recording, graph)]


def _uses(graph: FlowGraph, uses: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers and addresses of the company's are nobody else's business."""
    declared = graph.uses
    return {
        name: _standing_in(name, declared[name], value)
        if name in declared and declared[name].type == "string" and not declared[name].calendar
        else value
        for name, value in uses.items()
    }


def _standing_in(name: str, one: Declared, value: Any) -> str:
    """Of the same kind, so that the platform takes it as well: an address of the web by its scheme, one of the internet. What is
    secret may go to this machine without encryption, and nowhere else: so that becomes https."""
    scheme, found, _ = str(value).partition("://")
    if unread_on_the_way(str(value)):
        scheme = "https"
    if found and scheme.isalpha():
        return f"{scheme}://{name.replace('_', '-')}.example.com"
    return _ADDRESS if _IPV4.fullmatch(str(value)) else str(stand_in(name, one))


def _bare(event: AnyEvent) -> AnyEvent:
    """Without what is only for the record, and without the person's number."""
    match event:
        case CallArrived():
            return replace(event, from_=PERSON, headers={})
        case RunRequested():
            return replace(event, to=PERSON)
        case OperationReported():
            return replace(event, extra={name: value for name, value in event.extra.items() if name == "call_id"})
        case CallStateReported() | UnknownReported():
            return replace(event, extra={})
        case CommandAnswered():
            leg = {name: value for name, value in event.leg.items() if name in _LEG}
            return replace(event, message="", leg=leg)
        case CallLookedUp():
            reports = tuple(one for each in event.reports if isinstance(one := _bare(each), OperationReported))
            return replace(event, reports=reports)
        case Fetched():
            return replace(event, message="")
        case _:
            return event


def _slots(graph: FlowGraph, recording: Recording) -> Iterator[_Slot]:
    texts = tuple(dict.fromkeys(one.strip() for one in literals.texts(graph)))
    tried = _Tried(texts, literals.numbers(graph))
    for n, event in enumerate(recording.events):
        match event:
            case OperationReported():
                yield from _reported(graph, n, event, (), tried)
            case CallLookedUp():
                for place, one in enumerate(event.reports):
                    yield from _reported(graph, n, one, ("reports", place), tried)
            case Fetched(body=body) if body is not None:
                yield from _values(n, ("body",), body, tried)
            case CallReturned():
                yield from _values(n, ("vars",), event.vars, tried)
                yield from _values(n, ("params",), event.params, tried)
            case SignalReceived():
                yield from _values(n, ("payload",), event.payload, tried)
            case CallArrived() | RunRequested():
                yield from _values(n, ("inputs",), event.inputs, tried)
            case _:
                pass


def _reported(graph: FlowGraph, n: int, event: OperationReported, path: _Path, tried: _Tried) -> Iterator[_Slot]:
    is_hidden = hidden.is_hidden(graph, event.control_id)
    step = op_of(event.control_id).rsplit(".", 3)[0].partition(".")[2]
    for name, value in event.fields.items():
        where = (*path, "fields", name)
        if name in ("digits", "text", "value") and isinstance(value, str) and value:
            # `value` says the same as the other one, and is replaced with it.
            if name != "value" or not {"digits", "text"} & set(event.fields):
                instead = _entered(graph, value, step, tried)
                yield _Slot(n, where, tuple(one for one in instead if one != value or not is_hidden), is_hidden, step)
        elif name == "url" and value:
            yield _Slot(n, where, (_URL,))


def _entered(graph: FlowGraph, value: str, step: str, tried: _Tried) -> tuple[str, ...]:
    """What might have been entered as well."""
    length = len(value)
    if value.strip("0123456789*#"):
        said = [phrase for one in _choices(graph, step) for phrase in one]
        return (*_SPOKEN, *said, *tried.texts)
    numbers = (f"{one:0{length}.0f}" for one in tried.numbers)
    same = [one for one in (*_DATES, *tried.texts, *numbers) if len(one) == length and one.isdigit()]
    return tuple(dict.fromkeys([*((one * length)[:length] for one in _ENTRIES), *same]))


def _choices(graph: FlowGraph, step: str) -> Iterator[tuple[str, ...]]:
    for flow in (graph, *graph.subflows.values()):
        value = flow.steps[step].value if step in flow.steps else None
        if isinstance(value, AskValue):
            yield from (one.phrases for one in value.choices)


def _values(n: int, path: _Path, value: Any, tried: _Tried) -> Iterator[_Slot]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _values(n, (*path, name), one, tried)
    elif isinstance(value, list | tuple):
        for place, one in enumerate(value):
            yield from _values(n, (*path, place), one, tried)
    elif isinstance(value, str) and value:
        numbers = (f"{one:g}" for one in tried.numbers) if _is_number(value) else ()
        yield _Slot(n, path, (*_TEXTS, *tried.texts, *numbers))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        plain = (12.5, 1.0, 0.0, *tried.numbers, *_round(value))
        yield _Slot(n, path, tuple(dict.fromkeys(type(value)(one) for one in plain)))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def _round(value: float) -> Iterator[float]:
    """Of one digit that is not 0, then of two: down, and up."""
    for digits in (1, 2):
        unit = 10.0 ** (len(f"{abs(value):.0f}") - digits)
        yield from (math.floor(value / unit) * unit, math.ceil(value / unit) * unit)


def _put(recording: Recording, slot: _Slot, value: Any) -> Recording:
    events = list(recording.events)
    events[slot.n] = _with(events[slot.n], slot.path, value)
    return replace(recording, events=tuple(events))


def _with(tree: Any, path: _Path, value: Any) -> Any:
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(tree, Struct):
        return replace(tree, **{str(first): _with(getattr(tree, str(first)), rest, value)})
    if isinstance(tree, Mapping):
        changed = {**tree, first: _with(tree[first], rest, value)}
        return {**changed, "value": value} if first in ("digits", "text") and "value" in tree else changed
    return type(tree)(_with(one, rest, value) if place == first else one for place, one in enumerate(tree))
