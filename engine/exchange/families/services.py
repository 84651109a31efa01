"""What goes on beside a call until it is stopped, row by row: taps, streams, transcriptions, AI and fax.

A row says how such a service begins, ends and reports; only what a row cannot say has code of its
own, in `ai.py`, `sidecar.py` and `live_speech.py`.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from engine.exchange import script
from engine.exchange.answers import conflict, invalid, not_found
from engine.exchange.caller import Act, Says
from engine.exchange.command import (
    CONTROL,
    Command,
    Family,
    Params,
    Run,
    accepted,
    control_id_in_use,
)
from engine.exchange.effects import HttpAnswer
from engine.exchange.families.service_params import STREAM, TAP, TRANSCRIBE
from engine.exchange.live import Service
from engine.exchange.params import Spec
from engine.exchange.state import Call
from engine.exchange.turn import Turn
from engine.exchange.webhooks import report, report_operation


class Life(Struct, frozen=True, kw_only=True):
    """The life of a service.

    `begins` and `ends` are the states that it reports, "" for none. `single`: a call has one at most.
    `told` are params that every webhook repeats. `writes`: a transcript comes of it. `of_swml`: SWML
    starts it, waits for its end, and SWML that takes the call over ends it.
    """

    begins: str = ""
    ends: str = ""
    single: bool = False
    told: tuple[str, ...] = ()
    writes: bool = False
    of_swml: bool = False


LIVES: Mapping[str, Life] = {
    "tap": Life(begins="tapping", ends="finished", told=("tap", "device")),
    "stream": Life(begins="streaming", ends="finished", told=("url", "name")),
    "transcribe": Life(begins="transcribing", ends="finished", single=True, writes=True),
    "denoise": Life(single=True),
    "live_transcribe": Life(single=True),
    "live_translate": Life(single=True),
    "ai_sidecar": Life(single=True),
    "ai": Life(single=True, of_swml=True),
    "send_fax": Life(of_swml=True),
    "receive_fax": Life(of_swml=True),
}
SPECS: Mapping[str, Spec] = {"tap": TAP, "stream": STREAM, "transcribe": TRANSCRIBE, "denoise": {}}


def find(call: Call, name: str, control_id: str | None = None) -> Service | None:
    """The live service of that name (and control_id, if one is given)."""
    for operation in call.operations:
        if isinstance(operation, Service) and operation.name == name and control_id in (None, operation.control_id):
            return operation
    return None


def start(name: str) -> Run:
    """The command that starts a service."""

    def run(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
        return refusal(turn, call_id, name, params.get("control_id")) or begin(turn, call_id, name, params)

    return run


def stop_command(name: str) -> Run:
    """The command that stops it: 404 when there is none."""

    def run(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
        service = find(turn.calls[call_id], name, params.get("control_id"))
        if service is None:
            return missing(name, params)
        stop(turn, call_id, service)
        return accepted(turn, call_id)

    return run


def missing(name: str, params: Params) -> HttpAnswer:
    return not_found("params.control_id" if "control_id" in params else "id", name)


def refusal(turn: Turn, call_id: str, name: str, control_id: str | None = None) -> HttpAnswer | None:
    """Why no such service can begin now; None: it can."""
    call = turn.calls[call_id]
    if control_id is not None and find(call, name, control_id) is not None:
        return control_id_in_use(turn, call_id, control_id)
    if not LIVES[name].single or find(call, name) is None:
        return None
    code, message = "operation_in_progress", f"The call has a {name} already."
    if name == "transcribe" or turn.options.second == "conflict":
        return conflict(code, "id", message)
    return accepted(turn, call_id) if turn.options.second == "accept" else invalid(code, "id", message)


def begin(turn: Turn, call_id: str, name: str, params: Params) -> HttpAnswer:
    life = LIVES[name]
    service = Service(
        name=name,
        control_id=params.get("control_id", ""),
        status_url=params.get("status_url", ""),
        by_get=params.get("status_url_method") == "GET",
        began_ms=turn.now_ms,
        told={key: params[key] for key in life.told if key in params},
    )
    put(turn, call_id, service)
    return accepted(turn, call_id)


def begin_swml(turn: Turn, call_id: str, name: str, value: Any) -> None:
    """SWML starts it. Where it gives no control_id, one is made up, which the voice log tells."""
    given = value.get("control_id") if isinstance(value, dict) else None
    put(turn, call_id, Service(name=name, control_id=str(given or turn.draw_id()), began_ms=turn.now_ms))


def put(turn: Turn, call_id: str, service: Service) -> None:
    turn.put_operation(call_id, service)
    _report(turn, call_id, service, LIVES[service.name].begins, "started", {})


def stop(turn: Turn, call_id: str, service: Service) -> None:
    """It is over; SWML that waited for it goes on."""
    _finish(turn, call_id, service)
    call = turn.calls[call_id]
    if LIVES[service.name].of_swml and call.away == service.name:
        turn.change(call_id, left=False, away="")
        script.go_on(turn, call_id)


def make_way(turn: Turn, call_id: str, service: Service) -> None:
    if LIVES[service.name].of_swml:
        _finish(turn, call_id, service)


def hang_up(turn: Turn, call_id: str, service: Service) -> None:
    if not turn.options.report_on_hangup:
        service = replace(service, status_url="") if not LIVES[service.name].writes else service
    _finish(turn, call_id, service)


def tick(turn: Turn, call_id: str, service: Service) -> None:
    """Its timer has run out: a caller on hold is with the AI again."""
    turn.put_operation(call_id, replace(service, timer_ms=None))
    turn.log(call_id, f"{service.name}.unheld", control_id=service.control_id)


def act(turn: Turn, call_id: str, service: Service, did: Act) -> None:
    """A transcription writes down what is said."""
    if isinstance(did, Says) and LIVES[service.name].writes:
        turn.put_operation(call_id, replace(service, words=(*service.words, did.text)))


def _finish(turn: Turn, call_id: str, service: Service) -> None:
    life = LIVES[service.name]
    turn.drop_operation(call_id, service)
    lasted = {"duration": (turn.now_ms - service.began_ms) / 1_000} if life.writes else {}
    _report(turn, call_id, service, life.ends, "stopped", lasted)
    if life.writes:
        _transcript(turn, call_id, service)


def _report(turn: Turn, call_id: str, service: Service, state: str, word: str, fields: Params) -> None:
    """Its state, or where it has none a `word` in the voice log."""
    if not state:
        turn.log(call_id, f"{service.name}.{word}", control_id=service.control_id)
        return
    if LIVES[service.name].writes and not turn.options.transcribe_states:
        service = replace(service, status_url="")
    fields = {"state": state, **service.told, **fields}
    report_operation(turn, call_id, service, mark=state, fields=fields)


def _transcript(turn: Turn, call_id: str, service: Service) -> None:
    word = turn.options.transcript
    text = {"text": " ".join(service.words)} if word == "completed" else {}
    report(
        turn,
        call_id,
        kind=f"transcript.{word}",
        event=f"transcript.{word}",
        fields={"id": turn.draw_id(), **text},
        url=service.status_url,
        later_ms=turn.options.transcript_ready_ms,
    )


COMMANDS = (
    *(Command(name=f"calling.{name}", spec=spec, run=start(name)) for name, spec in SPECS.items()),
    *(
        Command(name=f"calling.{name}.stop", spec=CONTROL, run=stop_command(name))
        for name in ("tap", "stream", "transcribe", "send_fax", "receive_fax")
    ),
    Command(name="calling.denoise.stop", spec={}, run=stop_command("denoise")),
)
FAMILY = Family(tick=tick, act=act, stop=stop, hang_up=hang_up, make_way=make_way)
