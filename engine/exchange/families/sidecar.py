"""calling.ai_sidecar and its orders: an AI that listens, one per call, without a control_id.

`ask` is answered with an `ask_id`; what the sidecar says to it comes to its `url`, later. `status`
is answered with one line, `+OK key=value ...`.
"""

from msgspec.structs import replace

from engine.exchange.command import Command, Params, accepted
from engine.exchange.effects import HttpAnswer
from engine.exchange.families.live_speech import summarize
from engine.exchange.families.services import begin, find, missing, refusal, stop_command
from engine.exchange.families.sidecar_params import SIDECAR
from engine.exchange.live import Service
from engine.exchange.params import Field, Spec
from engine.exchange.turn import Turn
from engine.exchange.webhooks import report

NAME = "ai_sidecar"
WORDS: Spec = {"text": Field(type="string", required=True)}


def start(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    """With an `action` it only sums up, and nothing is attached to the call."""
    if "action" in params:
        asked = params["action"]["summarize"]
        summarize(turn, call_id, NAME, asked.get("webhook", params.get("url", "")), asked.get("prompt", ""))
        return accepted(turn, call_id)
    return refusal(turn, call_id, NAME) or begin(turn, call_id, NAME, {"status_url": params.get("url", "")})


def poke(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    """Something the sidecar is to know."""
    service = find(turn.calls[call_id], NAME)
    if service is None:
        return missing(NAME, {})
    _count(turn, call_id, service, "pokes")
    turn.log(call_id, f"{NAME}.poked", text=params["text"])
    return accepted(turn, call_id)


def ask(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    service = find(turn.calls[call_id], NAME)
    if service is None:
        return missing(NAME, {})
    _count(turn, call_id, service, "asks")
    ask_id = turn.draw_id()
    fields = {"ask_id": ask_id, "question": params["text"], "answer": "There is nothing to say to that."}
    report(
        turn,
        call_id,
        kind=f"{NAME}.answered",
        event=f"{NAME}.answered",
        fields=fields,
        url=service.status_url,
        later_ms=turn.options.ask_ms,
    )
    leg = accepted(turn, call_id)
    return replace(leg, body={**leg.body, "ask_id": ask_id})


def status(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    service = find(turn.calls[call_id], NAME)
    if service is None:
        return missing(NAME, {})
    facts = {
        "state": "listening",
        "uptime_ms": turn.now_ms - service.began_ms,
        "asks": service.counts.get("asks", 0),
        "pokes": service.counts.get("pokes", 0),
    }
    line = " ".join(["+OK", *(f"{name}={value}" for name, value in facts.items())])
    if turn.options.sidecar_answers == "text":
        return HttpAnswer(status=200, text=line, content_type="text/plain")
    leg = accepted(turn, call_id)
    return replace(leg, body={**leg.body, "status_line": line})


def _count(turn: Turn, call_id: str, service: Service, what: str) -> None:
    counts = {**service.counts, what: service.counts.get(what, 0) + 1}
    turn.put_operation(call_id, replace(service, counts=counts))


COMMANDS = (
    Command(name=f"calling.{NAME}", spec=SIDECAR, run=start),
    Command(name=f"calling.{NAME}.poke", spec=WORDS, run=poke),
    Command(name=f"calling.{NAME}.ask", spec=WORDS, run=ask),
    Command(name=f"calling.{NAME}.status", spec={}, run=status),
    Command(name=f"calling.{NAME}.stop", spec={}, run=stop_command(NAME)),
)
