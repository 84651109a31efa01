"""What the platform knows: an immutable value that encodes to the same bytes whenever it is equal.

Dicts in it are never changed, only replaced.
"""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from engine.exchange.caller import Caller, Line
from engine.exchange.inputs import AnyInput, CalleeSet
from engine.exchange.options import ExchangeOptions

CallState = Literal["created", "ringing", "answered", "ended"]
EndReason = Literal["hangup", "cancel", "busy", "noAnswer", "decline", "error", "abandoned", "not_found"]


def earliest(*times_ms: int | None) -> int | None:
    """The least of those that are set."""
    return min((time_ms for time_ms in times_ms if time_ms is not None), default=None)


class Item(Struct, frozen=True):
    """One item of a playback: what is heard and for how long (ms; 0 until it is stopped)."""

    sound: Literal["speech", "audio", "silence", "ringtone"]
    text: str
    duration_ms: int


class Operation(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="is"):
    """A started play, record or collect. It lives as long as it stands in its call."""

    control_id: str
    status_url: str = ""


class Playback(Operation, frozen=True, kw_only=True, tag="play"):
    """`item` is the one being heard, None while the playback waits for another to end.
    `loops` are those still to come (None: for ever). `item_ends_ms` None: until it is stopped.
    """

    items: tuple[Item, ...]
    loops: int | None = 0
    item: int | None = None
    item_ends_ms: int | None = None

    @property
    def due_ms(self) -> int | None:
        return self.item_ends_ms


class Recording(Operation, frozen=True, kw_only=True, tag="record"):
    """`no_input_ms`, `silent_ms`, `full_ms`: when it ends for that reason, None where it will not.

    `silence_ms` is the end_silence_timeout, None for never.
    """

    began_ms: int
    direction: str
    format: str
    terminators: str
    silence_ms: int | None
    no_input_ms: int | None = None
    silent_ms: int | None = None
    full_ms: int | None = None

    @property
    def due_ms(self) -> int | None:
        return earliest(self.no_input_ms, self.silent_ms, self.full_ms)


class Collect(Operation, frozen=True, kw_only=True, tag="collect"):
    """What is asked for, and what has come so far.

    `max_digits` 0: no digits wanted. `*_timeout_ms` are the settings, `*_due_ms` the running timers.
    `text` None: nothing said yet; "" is a noise. `talk_ends_ms` is set while the caller speaks.
    """

    max_digits: int = 0
    terminators: str = ""
    digit_timeout_ms: int = 0
    speech: bool = False
    end_silence_ms: int | None = 0
    speech_timeout_ms: int = 0
    initial_timeout_ms: int = 0
    continuous: bool = False
    partial_results: bool = False
    send_start_of_input: bool = False
    timers_started: bool = False

    started: bool = False
    digits: str = ""
    text: str | None = None
    confidence: float = 0.0
    initial_due_ms: int | None = None
    digit_due_ms: int | None = None
    talk_ends_ms: int | None = None
    result_due_ms: int | None = None
    speech_due_ms: int | None = None

    @property
    def due_ms(self) -> int | None:
        return earliest(
            self.initial_due_ms,
            self.digit_due_ms,
            self.talk_ends_ms,
            self.result_due_ms,
            self.speech_due_ms,
        )


AnyOperation = Playback | Recording | Collect


class Step(Struct, frozen=True):
    """What a call will do by itself at `due_ms`."""

    due_ms: int
    what: Literal["ring", "answer", "busy", "no_answer", "decline", "script"]


class LogEntry(Struct, frozen=True):
    """One event of the voice log. `details` is untyped on the platform too."""

    at_ms: int
    name: str
    details: dict[str, Any] = {}
    level: str = "info"


class Call(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One leg.

    `steps` are its own timers. `script` is SWML that is still to run. `left` says that it runs SWML
    which is not interpreted here (`document`). `fetch` is the number of the awaited SWML answer.
    """

    call_id: str
    node_id: str
    segment_id: str
    to: str
    from_: str
    direction: Literal["inbound", "outbound"]
    created_ms: int
    state: CallState = "created"
    answered_ms: int | None = None
    ended_ms: int | None = None
    end_reason: EndReason | None = None
    url: str | None = None
    url_method: str = "POST"
    fallback_url: str = ""
    status_url: str = ""
    status_events: tuple[str, ...] = ()
    operations: tuple[AnyOperation, ...] = ()
    steps: tuple[Step, ...] = ()
    script: tuple[Any, ...] = ()
    document: dict[str, Any] | None = None
    left: bool = False
    fetch: int | None = None
    caller: Caller | None = None
    ring_timeout_ms: int | None = None
    callee_script: tuple[Line, ...] = ()
    log: tuple[LogEntry, ...] = ()

    @property
    def due_ms(self) -> int | None:
        """When the call next does something by itself."""
        if self.state == "ended":
            return None
        return earliest(
            *(step.due_ms for step in self.steps),
            *(operation.due_ms for operation in self.operations),
            None if self.caller is None else self.caller.until_ms,
        )


class Posted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A webhook that is to leave at `due_ms`."""

    due_ms: int
    n: int
    call_id: str
    kind: str
    url: str
    body: dict[str, Any]
    control_id: str = ""


class ExchangeState(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`drawn` and `sent` count ids and webhooks; `dues` is when each call next does something by itself.

    `counts` counts the webhooks of the kinds that have faults. `ended` are ended calls, oldest first.
    """

    seed: str = "exchange"
    options: ExchangeOptions = ExchangeOptions()
    now_ms: int = 0
    drawn: int = 0
    sent: int = 0
    calls: dict[str, Call] = {}
    dues: dict[str, int] = {}
    outbox: tuple[Posted, ...] = ()
    counts: dict[str, int] = {}
    callees: dict[str, CalleeSet] = {}
    ended: tuple[str, ...] = ()


_encoder = msgspec.msgpack.Encoder(order="deterministic")
_state = msgspec.msgpack.Decoder(ExchangeState)
_input: msgspec.msgpack.Decoder[AnyInput] = msgspec.msgpack.Decoder(AnyInput)


def encode(value: ExchangeState | AnyInput) -> bytes:
    """msgpack; equal values are equal bytes."""
    return _encoder.encode(value)


def decode_state(data: bytes) -> ExchangeState:
    return _state.decode(data)


def decode_input(data: bytes) -> AnyInput:
    return _input.decode(data)
