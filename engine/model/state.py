"""A run's state: plain frozen values, encoded to bytes between any two events.

Equal states are equal bytes (`engine.model.codec`), so tests compare them and exploration hashes them.
Dictionaries in here are never changed in place: `interpret.turn` makes new ones.
"""

from typing import Any, Literal

from msgspec import Struct

from engine.model.commands import Command
from engine.model.events import CallState
from engine.model.ids import CallId, ControlId, Digest, RunId, StepName
from engine.model.limits import PRESENCE_MS


class Call(Struct, frozen=True, kw_only=True):
    """The call leg that the run drives. `state` is what the run knows, which may be behind the truth."""

    call_id: CallId
    from_: str
    to: str
    direction: Literal["inbound", "outbound"]
    type: str = "phone"
    node_id: str = ""
    segment_id: str = ""
    state: CallState = "created"
    end_reason: str = ""
    headers: dict[str, str] = {}


class Result(Struct, frozen=True):
    """One result of an operation that goes on (a continuous collect): an outcome and its fields."""

    outcome: str
    fields: dict[str, Any]


class Operation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A started play, collect, record.

    phase   requested -> live -> over; `seen` are the marks that came (for telling doubles)
    outcome of the step it belongs to, when over; `fields` its results
    mode    which of its verb's life cycles it has; `unread` are results that no `wait` has taken yet
    began_ms is the Unix time of its command;
    ends_ms what the engine waits for at the most once its clock runs (0: until the call's end)
    due_ms  the Unix time at which it is looked up (0: never)
    flow    the subflow that its step stands in (empty: the run's own flow); `frame` the activation
    paused  a recording that its flow has paused
    stopped a recording or transcription whose stop was accepted, or found nothing
    params  of what may have to be begun anew: a transcription
    """

    control_id: ControlId
    verb: str
    frame: int
    step: StepName
    visit: int
    seq: int
    phase: Literal["requested", "live", "over"] = "requested"
    seen: tuple[str, ...] = ()
    input: bool = False
    stopping: bool = False
    armed: bool = True
    outcome: str = ""
    fields: dict[str, Any] = {}
    mode: str = ""
    unread: tuple[Result, ...] = ()
    began_ms: int = 0
    ends_ms: int = 0
    due_ms: int = 0
    background: bool = False
    flow: str = ""
    paused: bool = False
    stopped: bool = False
    params: dict[str, Any] = {}


class Operating(Struct, frozen=True, kw_only=True, tag="operating"):
    """The step is over when its operation is."""

    control_id: ControlId


class Ordering(Struct, frozen=True, kw_only=True, tag="ordering"):
    """The step is over when the command `seq` is answered. `control_id`: in the background, when the
    operation that it starts is accepted."""

    seq: int
    control_id: ControlId | None = None


class Waiting(Struct, frozen=True, kw_only=True, tag="waiting"):
    """The step is over when any (or all) of the operations are, when the signal comes, or at its timer."""

    handles: tuple[ControlId, ...]
    all: bool = False
    signal: str = ""


class Silencing(Struct, frozen=True, kw_only=True, tag="silencing"):
    """A secret is asked for when all `orders` (the seq of what silences each) are confirmed. `silenced` as in `Asking`."""

    orders: dict[ControlId, int]
    silenced: tuple[ControlId, ...]


class Asking(Struct, frozen=True, kw_only=True, tag="asking"):
    """One attempt of an ask: its collect and its playback. `play` is None when nothing was to be played. `silenced` are
    recordings and transcriptions that go on when the step is over."""

    attempt: int
    collect: ControlId
    play: ControlId | None = None
    no_input: int = 0
    no_match: int = 0
    silenced: tuple[ControlId, ...] = ()


class Fetching(Struct, frozen=True, kw_only=True, tag="fetching"):
    """The `attempt`-th request is under way as the command `seq`, or pauses before the next one (0).
    `filler` is the playback that passes the time, once it has begun. `visit` is the step's first that asks for this:
    resumed, it asks again with the same key."""

    seq: int
    attempt: int = 1
    filler: ControlId | None = None
    visit: int = 0


class Away(Struct, frozen=True, kw_only=True, tag="away"):
    """The call runs SWML and is to come back. `left_ms` is what was left of the limit `call`, which does not run meanwhile."""

    control_id: ControlId
    left_ms: int


class Calling(Struct, frozen=True, kw_only=True, tag="calling"):
    """A subflow runs, in the frame above this one."""


class HangingUp(Struct, frozen=True, kw_only=True, tag="hanging_up"):
    """`calling.end` is on its way (for the `tries`-th time); `reason` is the run's end_reason when it is accepted.
    `seq` 0: it is to be sent as soon as the leg is known."""

    seq: int
    reason: str
    api_reason: str = "hangup"
    tries: int = 1


class Settling(Struct, frozen=True, kw_only=True, tag="settling"):
    """The call is over; last reports of recordings are waited for, then the hangup handler (`handler`) or `next` is
    entered, or the run ends. `visit` is of the request that the call's end has interrupted, 0 for none."""

    reason: str
    next: StepName | None = None
    handler: bool = False
    visit: int = 0


Doing = Operating | Ordering | Waiting | Silencing | Asking | Fetching | Away | Calling | HangingUp | Settling
"""What the current step waits for."""


class Leaving(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a frame is being left while its `finally` runs: `return` with an outcome and fields to the step that called it,
    `event` for an outer frame's handler (`outcome` names the event), `end` with the run."""

    why: Literal["return", "event", "end"]
    outcome: str = ""
    fields: dict[str, Any] = {}


class Interrupted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a handler has interrupted: `next: resume` goes back to the step, of the latest first. `visit` is that whose
    request the step repeats then, 0 when it had none under way."""

    event: str
    step: StepName
    visit: int = 0


class Frame(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One activation of a flow. `results` are `steps.<step>.<field>` of expressions; `handled` the events whose
    handlers were entered; `leaving` is set while `finally` runs."""

    number: int
    flow: str
    step: StepName
    visits: dict[str, int]
    vars: dict[str, Any]
    inputs: dict[str, Any]
    results: dict[str, dict[str, Any]] = {}
    handled: tuple[str, ...] = ()
    doing: Doing | None = None
    interrupted: tuple[Interrupted, ...] = ()
    leaving: Leaving | None = None

    @property
    def subflow(self) -> str:
        """The name of the subflow that it activates; empty for the run's own flow."""
        return self.flow if self.number else ""


class LookingUp(Struct, frozen=True, kw_only=True):
    """A look-up is under way; `asking` are the operations whose deadline passed, which end as `lost` if the call lives."""

    seq: int
    asking: tuple[ControlId, ...] = ()


class RunState(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that a run is. `timers` are Unix milliseconds by name; `pending` are commands without answer, in the
    order of their seq.

    status  dialing (outbound, not answered yet) -> running -> ended
    callers are the frames below the current one, outermost first; `frames` numbers the latest
    signals are the latest of each name that nobody has taken; `signal` is the one taken last
    put_off are the signals with a handler, and the limit, that have come and wait until the run may be interrupted
    returned is the latest return from an excursion: its control_id, outcome and digest
    dial_waits: the dial that the run began with has certainly not gone out yet
    """

    run_id: RunId
    digest: Digest
    at_ms: int
    started_ms: int
    status: Literal["dialing", "running", "ended"]
    call: Call
    frame: Frame
    callers: tuple[Frame, ...] = ()
    frames: int = 0
    signals: dict[str, dict[str, Any]] = {}
    signal: dict[str, Any] = {}
    put_off: tuple[str, ...] = ()
    returned: tuple[str, str, str] = ("", "", "")
    uses: dict[str, Any] = {}
    presence_ms: int = PRESENCE_MS
    operations: dict[str, Operation] = {}
    pending: tuple[Command, ...] = ()
    timers: dict[str, int] = {}
    seq: int = 0
    steps: int = 0
    landing: bool = False
    dial_waits: bool = False
    looking_up: LookingUp | None = None
    end_reason: str = ""

    @property
    def next_due_ms(self) -> int | None:
        """When the run wants to hear `TimePassed`, or None."""
        return min(self.timers.values()) if self.timers else None


END_REASONS = (
    "done",
    "hangup",
    "redirected",
    "completed",
    "cancel",
    "busy",
    "no_answer",
    "decline",
    "abandoned",
    "max_duration",
    "not_found",
    "error",
    "rejected",
    "lost",
    "limit",
)
"""The closed list of a run's end reasons: the first four are the flow's or the caller's doing, then why an
outbound call never came about, then failures."""
