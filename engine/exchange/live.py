"""Operations as values: what is live on a call."""

from typing import Any, Literal

from msgspec import Struct

from engine.exchange.caller import Sign
from engine.exchange.live_swml import Bridge, Payment, Prompt, Queue
from engine.exchange.operation import Operation, earliest


class Item(Struct, frozen=True):
    """One item of a playback: what is heard and for how long (ms; 0 until it is stopped)."""

    sound: Literal["speech", "audio", "silence", "ringtone"]
    text: str
    duration_ms: int


class Playback(Operation, frozen=True, kw_only=True, tag="play"):
    """`item` is the one being heard, None while the playback waits for another to end.
    `loops` are those still to come (None: for ever). `item_ends_ms` None: until it is stopped.
    While it is `paused`, `left_ms` is what remains of the item (0: until it is stopped); so it does while it `resumes`, and
    another one is heard. `then_waits`: it is SWML's, and something else holds the script when it is over.
    """

    items: tuple[Item, ...]
    loops: int | None = 0
    item: int | None = None
    item_ends_ms: int | None = None
    volume_db: float = 0.0
    paused: bool = False
    resumes: bool = False
    left_ms: int = 0
    then_waits: bool = False

    @property
    def due_ms(self) -> int | None:
        return self.item_ends_ms


class Recording(Operation, frozen=True, kw_only=True, tag="record"):
    """`no_input_ms`, `silent_ms`, `full_ms`: when it ends for that reason, None where it will not.

    `silence_ms` is the end_silence_timeout, None for never. While it is paused (`paused_ms` says since
    when) none of these times passes, but for `full_ms` in a pause that is kept as silence (`pause_kept`). `skipped_ms` is
    what pauses have cut out of the recording.
    """

    began_ms: int
    direction: str
    format: str
    terminators: str
    silence_ms: int | None
    no_input_ms: int | None = None
    silent_ms: int | None = None
    full_ms: int | None = None
    paused_ms: int | None = None
    pause_kept: bool = False
    skipped_ms: int = 0

    @property
    def due_ms(self) -> int | None:
        if self.paused_ms is not None:
            return self.full_ms if self.pause_kept else None
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


class Detection(Operation, frozen=True, kw_only=True, tag="detect"):
    """A detector of `what`. `signs` are those still to come, counted from `began_ms`.

    `digits` are the keys that count (of type digit), `until` the events that end it early.
    """

    what: Literal["machine", "fax", "digit"]
    began_ms: int
    ends_ms: int
    signs: tuple[Sign, ...] = ()
    digits: str = ""
    until: tuple[str, ...] = ()

    @property
    def due_ms(self) -> int | None:
        return earliest(self.ends_ms, *(self.began_ms + sign.after_ms for sign in self.signs))


class Referral(Operation, frozen=True, kw_only=True, tag="refer"):
    """A SIP REFER under way; `sip_codes` are those of the REFER and of its NOTIFY, "" for none."""

    to: str
    ends_ms: int
    state: str
    sip_codes: tuple[str, str]

    @property
    def due_ms(self) -> int | None:
        return self.ends_ms


class Service(Operation, frozen=True, kw_only=True, tag="service"):
    """Something that goes on beside the call until it is stopped: a tap, a stream, a sidecar, ...

    `name` is its row in the table of lives. `told` are fields that its webhooks repeat. `words` are
    what it heard, `counts` how often it was asked for what. `timer_ms` is its own timer, None for none.
    """

    name: str
    began_ms: int
    told: dict[str, Any] = {}
    words: tuple[str, ...] = ()
    counts: dict[str, int] = {}
    timer_ms: int | None = None

    @property
    def kind(self) -> str:
        return self.name

    @property
    def due_ms(self) -> int | None:
        return self.timer_ms


AnyOperation = Playback | Recording | Collect | Detection | Referral | Service | Bridge | Queue | Payment | Prompt
