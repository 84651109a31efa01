"""What came in, in the past tense. Everything that happens to a run is one of these.

`at_ms` is the journal's time of the event: Unix milliseconds, never running backwards
within a run. `now` in expressions is the current event's `at_ms`.
"""

from typing import Any, Literal

from msgspec import Struct

from engine.model.ids import CallId, ControlId, RunId

CallState = Literal["created", "ringing", "answered", "ending", "ended"]
"""The call states of webhooks (the resource `status` of HTTP answers is another vocabulary)."""

AnswerKind = Literal["accepted", "rejected", "gone", "unavailable", "unknown"]
"""What an HTTP answer means for the command that it answers.

accepted     2xx
rejected     4xx: the platform refused, a repeat would be refused again
gone         404: the call or the operation named is not there
unavailable  certainly not carried out, and retries are used up (refused connection, 429, 5xx)
unknown      it may have been carried out (timeout, reset); a webhook or a look-up decides
"""

FetchKind = Literal["replied", "invalid", "timeout", "failed", "refused"]
"""How an attempt of a fetch went (`Fetched`)."""


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event"):
    at_ms: int


class CallArrived(Event, frozen=True, kw_only=True, tag="call_arrived"):
    """An inbound call asked for its SWML: the start of an inbound run. `inputs` are only those of a flow of `lib` that is
    tested or explored by itself."""

    call_id: CallId
    to: str
    from_: str
    node_id: str = ""
    segment_id: str = ""
    type: str = "phone"
    call_state: CallState = "answered"
    headers: dict[str, str] = {}
    inputs: dict[str, Any] = {}


class RunRequested(Event, frozen=True, kw_only=True, tag="run_requested"):
    """Somebody asked for an outbound call: the start of an outbound run."""

    run_id: RunId
    to: str
    from_: str
    inputs: dict[str, Any] = {}
    ring_timeout_s: int = 60
    max_price_per_minute: float | None = None


class CancelRequested(Event, frozen=True, kw_only=True, tag="cancel_requested"):
    """Somebody does not want the outbound call any more that is still being dialled."""


class DialSent(Event, frozen=True, kw_only=True, tag="dial_sent"):
    """The dial that the run began with goes out now. Until then it has certainly not been carried out; from then on it may
    have been."""


class OperationReported(Event, frozen=True, kw_only=True, tag="operation_reported"):
    """A webhook about an operation, in one shape whichever of the platform's two it had.

    `mark` is the platform's word: play/record `state`; collect's `result.type` (`partial` when the
    result is not final, `collecting` for the state without a result). `fields` are the operation's
    results under the names of expressions (`digits`, `terminator`, `text`, `confidence`, `url`, ...);
    what the platform sent beyond that is kept under `extra`.
    """

    control_id: ControlId
    verb: str
    mark: str
    fields: dict[str, Any] = {}
    extra: dict[str, Any] = {}


class CallStateReported(Event, frozen=True, kw_only=True, tag="call_state_reported"):
    """A webhook about the call itself."""

    call_state: CallState
    call_id: CallId = CallId("")
    node_id: str = ""
    segment_id: str = ""
    end_reason: str = ""
    extra: dict[str, Any] = {}


class UnknownReported(Event, frozen=True, kw_only=True, tag="unknown_reported"):
    """An authentic webhook that nothing here understands: recorded, without effect."""

    event_type: str
    reason: str
    extra: dict[str, Any] = {}


class CommandAnswered(Event, frozen=True, kw_only=True, tag="command_answered"):
    """The HTTP answer to the command `seq` of this run, retries included.

    `code` is the first error's code (never its message), `leg` the call leg of a 2xx answer
    (`id`, `node_id`, ...), `http_status` 0 where there was no answer at all.
    """

    seq: int
    kind: AnswerKind
    http_status: int = 0
    code: str = ""
    message: str = ""
    leg: dict[str, Any] = {}


class CallLookedUp(Event, frozen=True, kw_only=True, tag="call_looked_up"):
    """What the platform's voice log says of the call, and of the operations that were asked about.
    `seq` 0: nobody in the run asked (recovery)."""

    seq: int
    found: Literal["ringing", "answered", "ended", "unknown"]
    end_reason: str = ""
    reports: tuple[OperationReported, ...] = ()


class Fetched(Event, frozen=True, kw_only=True, tag="fetched"):
    """How one attempt of the `Fetch` command `seq` went. `status` is 0 where there was no reply.

    replied  a reply; `body` is what `Fetch.returns` keeps of it, of a 2xx alone
    invalid  a 2xx whose body does not fit `returns`, or is too large; `code` says which
    timeout  no reply in time
    failed   no connection, no such host, or it broke off; `code` says which
    refused  the environment does not allow that host; another attempt would be refused as well
    """

    seq: int
    kind: FetchKind
    status: int = 0
    body: Any = None
    code: str = ""
    message: str = ""


class CallReturned(Event, frozen=True, kw_only=True, tag="call_returned"):
    """The call asked for its way back from an excursion: `control_id` and `outcome` are its token's,
    `vars` and `params` what SWML gave it on the way. `digest` (of the request's body) tells the same request,
    sent again, from another one."""

    control_id: ControlId
    outcome: str
    call_id: CallId = CallId("")
    vars: dict[str, Any] = {}
    params: dict[str, Any] = {}
    digest: str = ""


class SignalReceived(Event, frozen=True, kw_only=True, tag="signal_received"):
    """A signal from outside, declared by the flow, with a payload of the declared types."""

    name: str
    payload: dict[str, Any] = {}


class TimePassed(Event, frozen=True, kw_only=True, tag="time_passed"):
    """`at_ms` has reached the earliest timer of the run."""


class Resumed(Event, frozen=True, kw_only=True, tag="resumed"):
    """A new process took the run over; what was learnt meanwhile has been fed before this. `seq` is the last
    command that the process before it had decided: what has been decided since is on its way already."""

    seq: int


AnyEvent = (
    CallArrived
    | RunRequested
    | CancelRequested
    | DialSent
    | OperationReported
    | CallStateReported
    | UnknownReported
    | CommandAnswered
    | CallLookedUp
    | Fetched
    | CallReturned
    | SignalReceived
    | TimePassed
    | Resumed
)
StartEvent = CallArrived | RunRequested
