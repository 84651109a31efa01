"""The sandbox's own paths: place calls, be the person on the line, see what happened."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine.exchange.caller import Act, Detected, Sign
from engine.exchange.fault_text import FaultTextError, check_faults
from engine.exchange.faults import Fault
from engine.exchange.inputs import CalleeSet, CallerActed, CallPlaced, Outcome
from engine.sandbox import views
from engine.sandbox.answering import as_json
from engine.sandbox.script import ScriptError, read_line, read_script
from engine.sandbox.switch import Switch

Endpoint = Callable[[Request], Awaitable[Response]]
MAX_WAIT_S = 60.0
DEFAULT_WAIT_S = 20.0

INDEX = {
    "POST /api/calling/calls": "the calling API (HTTP Basic: project id, API token)",
    "GET /api/voice/logs/{segment_id}": "how a leg stands or ended",
    "GET /api/voice/logs/{segment_id}/events": "what happened on it",
    "POST /sandbox/calls": "ring a number: {to, from, swml_url?, status_url?, caller?: [script], detected?, signs?, faults?}",
    "POST /sandbox/callees": (
        "who answers a dialled number, or one referred or connected to: "
        "{number, outcome?, after_ms?, talk_ms?, caller?: [script], detected?, signs?, faults?}"
    ),
    "POST /sandbox/calls/{id}/caller": (
        "act on the line: {presses} or {says} or {hangs_up}, or decide: {bridge}, {queue}, {pay}, {peer}, {left}"
    ),
    "GET /sandbox/calls": "all calls, newest last",
    "GET /sandbox/calls/{id}": "one call: state, heard, audible, commands, webhooks",
    "GET /sandbox/calls/{id}/heard?after=N&wait_s=S": "lines after the N-th; waits for one (long poll)",
}


class _Person(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who is on the line: `caller` is what they do, the others what detectors and the platform make of it."""

    caller: list[Any] | None = None
    detected: Detected = "human"
    signs: list[Sign] = []
    faults: list[Fault] = []


class _Placed(_Person, rename={"from_": "from"}):
    to: str
    from_: str = "+15550177"
    swml_url: str = ""
    status_url: str = ""


class _Callee(_Person):
    number: str
    outcome: Outcome = "answers"
    after_ms: int | None = None
    talk_ms: int | None = None


def routes(switch: Switch) -> list[Route]:
    api = _ControlApi(switch)
    return [
        Route("/sandbox", api.index, methods=["GET"]),
        Route("/sandbox/calls", _told(api.place), methods=["POST"]),
        Route("/sandbox/calls", api.list_calls, methods=["GET"]),
        Route("/sandbox/callees", _told(api.set_callee), methods=["POST"]),
        Route("/sandbox/calls/{call_id}", api.get_call, methods=["GET"]),
        Route("/sandbox/calls/{call_id}/caller", _told(api.act), methods=["POST"]),
        Route("/sandbox/calls/{call_id}/heard", api.get_heard, methods=["GET"]),
    ]


class _ControlApi:
    def __init__(self, switch: Switch) -> None:
        self._switch = switch

    async def index(self, request: Request) -> Response:
        numbers, speed = self._switch.state.options.numbers, self._switch.clock.speed
        return as_json({"sandbox": INDEX, "numbers": numbers, "speed": speed})

    async def place(self, request: Request) -> Response:
        asked = msgspec.json.decode(await request.body(), type=_Placed)
        on_the_line = _on_the_line(asked)
        if not asked.swml_url and asked.to not in self._switch.state.options.numbers:
            return _wrong(f"no such number: {asked.to} (give swml_url, or one of the sandbox's numbers)")
        call_id = str(uuid.uuid4())
        self._switch.feed(
            lambda at_ms: CallPlaced(
                at_ms=at_ms,
                call_id=call_id,
                to=asked.to,
                from_=asked.from_,
                swml_url=asked.swml_url,
                status_url=asked.status_url,
                **on_the_line,
            )
        )
        return as_json(views.summary(self._switch.state.calls[call_id]), 201)

    async def set_callee(self, request: Request) -> Response:
        asked = msgspec.json.decode(await request.body(), type=_Callee)
        on_the_line = _on_the_line(asked)
        self._switch.feed(
            lambda at_ms: CalleeSet(
                at_ms=at_ms,
                number=asked.number,
                outcome=asked.outcome,
                after_ms=asked.after_ms,
                talk_ms=asked.talk_ms,
                **on_the_line,
            )
        )
        return as_json({"number": asked.number, "outcome": asked.outcome})

    async def act(self, request: Request) -> Response:
        call_id = request.path_params["call_id"]
        call = self._switch.state.calls.get(call_id)
        if call is None:
            return _unknown(call_id)
        action = read_line(msgspec.json.decode(await request.body()))
        if not isinstance(action, Act):
            return _wrong("hears and silent_ms are no acts")
        if call.state == "ended":
            return as_json({"error": "the call is over"}, 409)
        self._switch.feed(lambda at_ms: CallerActed(at_ms=at_ms, call_id=call_id, action=action))
        return as_json(views.summary(self._switch.state.calls[call_id]))

    async def list_calls(self, request: Request) -> Response:
        return as_json({"calls": [views.summary(call) for call in self._switch.state.calls.values()]})

    async def get_call(self, request: Request) -> Response:
        call_id = request.path_params["call_id"]
        call = self._switch.state.calls.get(call_id)
        if call is None:
            return _unknown(call_id)
        return as_json(views.details(call, self._switch.records[call_id]))

    async def get_heard(self, request: Request) -> Response:
        call_id = request.path_params["call_id"]
        record = self._switch.records.get(call_id)
        if record is None:
            return _unknown(call_id)
        try:
            after = int(request.query_params.get("after", "0"))
            wait_s = min(MAX_WAIT_S, float(request.query_params.get("wait_s", DEFAULT_WAIT_S)))
        except ValueError:
            return _wrong("after and wait_s must be numbers")
        if len(record.lines) <= after and views.state(self._switch.state, call_id) != "ended":
            with anyio.move_on_after(wait_s):
                await record.changed()
        state = views.state(self._switch.state, call_id)
        return as_json({"lines": record.lines[after:], "last": len(record.lines), "state": state})


def _on_the_line(asked: _Person) -> dict[str, Any]:
    """As the exchange takes it. `ScriptError` or `FaultTextError` where it cannot be read."""
    check_faults(asked.faults)
    return {
        "script": read_script(asked.caller),
        "detected": asked.detected,
        "signs": tuple(asked.signs),
        "faults": tuple(asked.faults),
    }


def _told(endpoint: Endpoint) -> Endpoint:
    """What cannot be read is answered with why."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (msgspec.DecodeError, ScriptError, FaultTextError) as error:
            return _wrong(str(error))

    return answered


def _wrong(message: str) -> Response:
    return as_json({"error": message}, 400)


def _unknown(call_id: str) -> Response:
    return as_json({"error": f"no such call: {call_id}"}, 404)
