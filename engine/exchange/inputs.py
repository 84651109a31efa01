"""What happens to the platform. `at_ms` never runs backwards; an earlier time counts as now."""

from typing import Any, Literal

from msgspec import Struct

from engine.exchange.caller import Act, Detected, Line, Sign
from engine.exchange.faults import Fault

Outcome = Literal["answers", "busy", "no_answer", "declines", "not_found"]


class Input(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="input"):
    at_ms: int


class ApiRequest(Input, frozen=True, kw_only=True, tag="api_request"):
    """A POST to /api/calling/calls, already authenticated; `body` is its decoded JSON."""

    body: Any


class CallPlaced(Input, frozen=True, kw_only=True, tag="call_placed"):
    """Somebody rings one of our numbers.

    Ids that are not given are computed. `swml_url` "" takes the number's own. `script` is what the
    caller will do. `status_url` gets the call's states where inbound calls report them. What a detector
    makes of the caller is `detected`, or `signs` one by one. `faults` are this call's own.
    """

    to: str
    from_: str
    call_id: str = ""
    node_id: str = ""
    segment_id: str = ""
    swml_url: str = ""
    status_url: str = ""
    script: tuple[Line, ...] = ()
    detected: Detected = "human"
    signs: tuple[Sign, ...] = ()
    faults: tuple[Fault, ...] = ()


class CallerActed(Input, frozen=True, kw_only=True, tag="caller_acted"):
    """The person on the line did something (for a dialled call, whoever answered it)."""

    call_id: str
    action: Act


class CalleeSet(Input, frozen=True, kw_only=True, tag="callee_set"):
    """From now on this is what happens when `number` is dialled, or a call is referred or connected to it.

    `after_ms` counts from the first ring; None takes the option `answer_after_ms` (or `bridge_after_ms`).
    `talk_ms` is how long whoever answers talks to a call that is connected, None takes the option of that
    name. `no_answer` ends with the dial's own timeout, `not_found` says at once that there is no such number.
    `detected`, `signs` and `faults` as in `CallPlaced`; the faults are those of the dialled call.
    """

    number: str
    outcome: Outcome = "answers"
    after_ms: int | None = None
    talk_ms: int | None = None
    script: tuple[Line, ...] = ()
    detected: Detected = "human"
    signs: tuple[Sign, ...] = ()
    faults: tuple[Fault, ...] = ()


class SwmlAnswered(Input, frozen=True, kw_only=True, tag="swml_answered"):
    """The answer to a `FetchSwml` of the same `fetch` number: a document, or why there is none."""

    call_id: str
    fetch: int
    document: dict[str, Any] | None = None
    failure: str = ""


class TimePassed(Input, frozen=True, kw_only=True, tag="time_passed"):
    """`at_ms` has come; `next_due_ms` says when that is worth telling."""


AnyInput = ApiRequest | CallPlaced | CallerActed | CalleeSet | SwmlAnswered | TimePassed
