"""What the platform knows: an immutable value that encodes to the same bytes whenever it is equal.

Dicts in it are never changed, only replaced.
"""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from engine.exchange.caller import Caller, Detected, Line, Sign
from engine.exchange.faults import Fault
from engine.exchange.inputs import AnyInput, CalleeSet
from engine.exchange.live import AnyOperation
from engine.exchange.operation import earliest
from engine.exchange.options import ExchangeOptions

CallState = Literal["created", "ringing", "answered", "ending", "ended"]
EndReason = Literal[
    "hangup", "cancel", "busy", "noAnswer", "decline", "error", "abandoned", "max_duration", "not_found"
]
CallType = Literal["phone", "sip", "webrtc"]


class Step(Struct, frozen=True):
    """What a call will do by itself at `due_ms`."""

    due_ms: int
    what: Literal[
        "ring", "answer", "busy", "no_answer", "decline", "not_found", "script", "hangup", "max_duration", "over"
    ]


class Frame(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From where a section of SWML was called (`execute`): what is to run there, its section, its params."""

    script: tuple[Any, ...]
    section: tuple[Any, ...]
    params: dict[str, Any] = {}


class LogEntry(Struct, frozen=True):
    """One event of the voice log. `details` is untyped on the platform too."""

    at_ms: int
    name: str
    details: dict[str, Any] = {}
    level: str = "info"


class Call(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One leg.

    `steps` are its own timers. `script` is SWML that is still to run, of `section`, called from `frames`; `hops` and
    `jumps` count its jumps, all of them and by label. `left` says that it runs SWML which is not interpreted here
    (`document`), from its method `away` on; what follows it waits in `script`. `vars` and `params` are SWML's. `fetch`
    is the number of the awaited SWML answer. `fault_counts` count the call's own faults."""

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
    section: tuple[Any, ...] = ()
    frames: tuple[Frame, ...] = ()
    hops: int = 0
    jumps: dict[str, int] = {}
    vars: dict[str, Any] = {}
    params: dict[str, Any] = {}
    document: dict[str, Any] | None = None
    left: bool = False
    away: str = ""
    fetch: int | None = None
    caller: Caller | None = None
    ring_timeout_ms: int | None = None
    callee_script: tuple[Line, ...] = ()
    detected: Detected = "human"
    signs: tuple[Sign, ...] = ()
    faults: tuple[Fault, ...] = ()
    fault_counts: tuple[int, ...] = ()
    log: tuple[LogEntry, ...] = ()

    @property
    def is_over(self) -> bool:
        """Nothing can be done with it any more."""
        return self.state in ("ending", "ended")

    @property
    def type(self) -> CallType:
        """By the address of whoever it is with: a SIP URI, an address of the fabric (`/private/kim`), a number."""
        address = self.from_ if self.direction == "inbound" else self.to
        if address.startswith("sip"):
            return "sip"
        return "webrtc" if address.startswith("/") else "phone"

    @property
    def asks(self) -> str:
        """What somebody might decide about the call now (`Decides.about`); "" for nothing."""
        if self.left:
            return "left"
        return next((operation.asks for operation in self.operations if operation.asks), "")

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
    """A webhook that is to leave at `due_ms`, or when it is `held`, right after its call's next one."""

    due_ms: int
    n: int
    call_id: str
    kind: str
    url: str
    body: dict[str, Any]
    control_id: str = ""
    method: str = "POST"
    held: bool = False


class ExchangeState(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`drawn` and `sent` count ids and webhooks; `dues` is when each call next does something by itself.

    `counts` are how many of its kind each of the options' faults has seen, `rolled` how often chance was
    asked. `window_ms` and `window_posts`: the rate limit's window and the requests in it. `dial_free_ms`:
    when the next dialled call may begin. `ended` are ended calls, oldest first.
    """

    seed: str = "exchange"
    options: ExchangeOptions = ExchangeOptions()
    now_ms: int = 0
    drawn: int = 0
    sent: int = 0
    calls: dict[str, Call] = {}
    dues: dict[str, int] = {}
    outbox: tuple[Posted, ...] = ()
    counts: tuple[int, ...] = ()
    rolled: int = 0
    window_ms: int = 0
    window_posts: int = 0
    dial_free_ms: int = 0
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
