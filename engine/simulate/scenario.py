"""What is given to a simulated call: who calls whom and when, what the person does, what goes wrong."""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from engine.exchange.caller import Detected, Line, Sign
from engine.exchange.faults import Fault
from engine.exchange.inputs import Outcome as Answers
from engine.exchange.options import ExchangeOptions

AT_MS = 1_798_819_200_000
"""Friday, January 1, 2027, at four in the afternoon, UTC."""
PERSON, LINE = "+15550177", "+15550100"
"""Who calls, and is called by outbound flows; the number of ours."""
MAX_MS = 24 * 3_600_000
MAX_EVENTS = 10_000


class Reply(Struct, frozen=True, kw_only=True):
    """What comes of one request of a `fetch`, `after_ms` later; `timeout`: nothing ever comes.
    `body` is sent as JSON, or `text` as it stands."""

    kind: Literal["reply", "timeout", "unreachable"] = "reply"
    status: int = 200
    body: Any = None
    text: str | None = None
    after_ms: int = 0


class Replies(Struct, frozen=True, kw_only=True):
    """To the requests of one step, in their order; `again`: the last one to all further requests as well."""

    each: tuple[Reply, ...]
    again: bool = False


class Signal(Struct, frozen=True, kw_only=True):
    name: str
    payload: Mapping[str, Any] = {}


class Sooner(Struct, frozen=True, kw_only=True):
    """Limits of the flow that are reached sooner: the time of the call, and visits of steps (`menu`, in a subflow `pin/menu`)."""

    call_ms: int | None = None
    visits: Mapping[str, int] = {}


class Scenario(Struct, frozen=True, kw_only=True):
    """One call. `person` is who calls, or is called by an outbound flow, `line` the number of ours.

    answers   what an outbound call meets: `after_ms` counts from the first ring
    detected  what a detector takes the person for, or its `signs` one by one
    replies   to fetches, by the step (`lookup`, in a subflow `pin/lookup`, `finally.1`) or by the whole URL
    signals   by the name of the mark (`Marks`) in the script at which they come
    faults    in place of those of the `options`
    limits    of the flow that are reached sooner than it says
    seed      of what is left to chance
    max_ms    and `max_events` bound the call, whatever the flow does
    """

    at_ms: int = AT_MS
    person: str = PERSON
    line: str = LINE
    uses: Mapping[str, Any] = {}
    inputs: Mapping[str, Any] = {}
    script: tuple[Line, ...] = ()
    answers: Answers = "answers"
    after_ms: int | None = None
    detected: Detected = "human"
    signs: tuple[Sign, ...] = ()
    replies: Mapping[str, Replies] = {}
    signals: Mapping[str, Signal] = {}
    faults: tuple[Fault, ...] = ()
    limits: Sooner = Sooner()
    seed: str = "exchange"
    options: ExchangeOptions = ExchangeOptions()
    max_ms: int = MAX_MS
    max_events: int = MAX_EVENTS
