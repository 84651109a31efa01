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
